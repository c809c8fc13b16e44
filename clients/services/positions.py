"""What may be said, and who answers for it."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.models import Position


@transaction.atomic
def approve(*, position: Position, by: User, today: date, now: datetime) -> Position:
    """The position may be used from now on. Raises ValidationError when its last day is past."""
    if position.valid_until and position.valid_until < today:
        raise ValidationError(
            _("%(position)s has expired: give it a new last day first.") % {"position": position}, code="expired"
        )
    position.approved_by, position.approved_at = by, now
    position.save(update_fields=["approved_by", "approved_at", "updated_at"])
    audit.note(
        action="position.approved", by=by, now=now, client=here(), subject="clients.position", subject_id=position.pk
    )
    return position


def withdraw_approval(*, position: Position) -> None:
    """Its text changed: what was approved is no longer what it says."""
    Position.objects.filter(pk=position.pk).update(approved_by=None, approved_at=None)
    position.approved_by, position.approved_at = None, None
