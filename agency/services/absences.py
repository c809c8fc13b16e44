"""Who is away, noted by themselves or by whoever plans the rota: no shift is freed, but nobody away is called."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agency.access import clients_of
from agency.choices import AbsenceKind
from agency.models import Absence, Shift, User
from agency.rota_words import span, whose
from agency.services import audit, rota

LONGEST = timedelta(days=366)


@transaction.atomic
def add(
    *,
    person: User,
    starts_at: datetime,
    ends_at: datetime,
    kind: str = AbsenceKind.LEAVE,
    by: User,
    now: datetime,
) -> tuple[Absence, list[str]]:
    """(the absence, the shifts it leaves without their person, in words).

    ValidationError when it ends before it begins, is over, longer than a year, or noted already.
    """
    rota.one_at_a_time()
    _check(person, starts_at, ends_at, now)
    row = Absence.objects.create(
        person=person, starts_at=starts_at, ends_at=ends_at, kind=kind, made_by=by, made_at=now
    )
    _note("rota.away", row, by, now)
    return row, _left(row, by)


@transaction.atomic
def take_off(*, absence: Absence, by: User, now: datetime) -> Absence:
    """The person is not away after all."""
    rota.one_at_a_time()
    row = Absence.objects.get(pk=absence.pk)
    if row.taken_off_at is None:
        row.taken_off_at = now
        row.save(update_fields=["taken_off_at"])
        _note("rota.not_away", row, by, now)
    return row


@transaction.atomic
def put_back(*, absence: Absence, by: User, now: datetime) -> Absence:
    """The undo of taking off; ValidationError when another absence took its place."""
    rota.one_at_a_time()
    row = Absence.objects.select_related("person").get(pk=absence.pk)
    if row.taken_off_at is not None:
        _check(row.person, row.starts_at, row.ends_at, now)
        row.taken_off_at = None
        row.save(update_fields=["taken_off_at"])
        _note("rota.away_again", row, by, now)
    return row


def _check(person: User, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise ValidationError(_("An absence ends after it begins."), code="ends_before")
    if ends_at <= now:
        raise ValidationError(_("It is already over."), code="over")
    if ends_at - starts_at > LONGEST:
        raise ValidationError(_("An absence lasts a year at most."), code="long")
    other = Absence.objects.filter(person=person, taken_off_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if (found := other.order_by("starts_at", "id").first()) is not None:
        words = _("%(person)s is already noted as away: %(span)s.")
        raise ValidationError(words % {"person": person, "span": span(found.starts_at, found.ends_at)}, code="overlap")


def _left(absence: Absence, reader: User) -> list[str]:
    """Of the clients the reader may see, and no other's name."""
    shifts = Shift.objects.filter(
        Q(client=None) | Q(client__in=clients_of(reader)),
        person=absence.person,
        taken_off_at=None,
        starts_at__lt=absence.ends_at,
        ends_at__gt=absence.starts_at,
    )
    words = _("Somebody else must hold this shift for %(client)s: %(span)s.")
    return [
        words % {"client": whose(one.client), "span": span(one.starts_at, one.ends_at)}
        for one in shifts.select_related("client").order_by("starts_at", "id")
    ]


def _note(action: str, row: Absence, by: User, now: datetime) -> None:
    audit.note(action=action, by=by, now=now, subject="agency.absence", subject_id=row.pk)
