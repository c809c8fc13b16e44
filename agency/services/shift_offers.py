"""A shift offered to a colleague, who takes it or not; until then it stays whoever held it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.models import Shift, User
from agency.rota_words import whose
from agency.services import audit, rota
from agency.services.rota import Done


@transaction.atomic
def offer(*, shift: Shift, to: User, by: User, now: datetime) -> Shift:
    """The holder asks a colleague to take the shift. ValidationError for oneself, and for who may not hold it."""
    row = rota.hold(shift, now)
    if by.pk != row.person_id:
        raise ValidationError(_("Only whoever holds a shift offers it."), code="not_yours")
    if to.pk == row.person_id:
        raise ValidationError(_("Ask a colleague, not yourself."), code="same")
    if not rota.may_hold(to, row.client):
        words = _("%(person)s has no role for %(client)s.") % {"person": to, "client": whose(row.client)}
        raise ValidationError(words, code="no_role")
    row.offered_to, row.offered_at = to, now
    row.save(update_fields=["offered_to", "offered_at"])
    _note("rota.offered", row, by, now, {"to": to.pk})
    return row


@transaction.atomic
def accept(*, shift: Shift, by: User, now: datetime) -> Done:
    """The colleague asked holds the shift, or what is left of it. ValidationError when it was not offered to them."""
    row = rota.hold(shift, now)
    _check_asked(row, by)
    return rota.replace(shift=row, person=by, by=by, now=now, action="rota.accepted")


@transaction.atomic
def decline(*, shift: Shift, by: User, now: datetime) -> Shift:
    """The offer is closed: by the colleague who cannot, or by the holder who takes it back."""
    row = rota.hold(shift, now)
    if by.pk != row.person_id:
        _check_asked(row, by)
    asked, row.offered_to, row.offered_at = row.offered_to_id, None, None
    row.save(update_fields=["offered_to", "offered_at"])
    if asked:
        _note("rota.declined", row, by, now, {"to": asked})
    return row


def _check_asked(row: Shift, by: User) -> None:
    if row.offered_to_id != by.pk:
        raise ValidationError(_("It is not, or no longer, offered to you."), code="not_offered")


def _note(action: str, row: Shift, by: User, now: datetime, detail: dict[str, object]) -> None:
    audit.note(action=action, by=by, now=now, client=row.client, subject=rota.SUBJECT, subject_id=row.pk, detail=detail)
