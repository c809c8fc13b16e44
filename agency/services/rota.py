"""The rota written: shifts added, changed, cut, given to somebody else, taken off; each act can be taken back.

Every refusal is a ValidationError in words. What has been held stays as it was: only what is ahead is changed.
"""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agency.access import staff_of
from agency.choices import AGENCY_ROLES, Rank
from agency.models import Absence, AuditEvent, Client, Shift, User
from agency.rota_words import span, whose
from agency.services import audit
from agency.wall_clock import weekly

LONGEST = timedelta(days=31)
MOST_WEEKS = 26
TAKEN_BACK_WITHIN = timedelta(hours=1)
SUBJECT = "agency.shift"
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the event to take it back by, the shifts as they are now, and what is worth knowing of them."""

    event: AuditEvent
    shifts: tuple[Shift, ...]
    warnings: tuple[str, ...] = ()


def seen(shift: Shift) -> str:
    """What a page saw of the shift: handed back with a change, so that nobody overwrites somebody else in silence."""
    return hashlib.sha256(repr(_state(shift)).encode()).hexdigest()[:16]


@transaction.atomic
def add(
    *,
    person: User,
    client: Client | None,
    starts_at: datetime,
    ends_at: datetime,
    rank: str = Rank.PRIMARY,
    note: str = "",
    weeks: int = 1,
    by: User,
    now: datetime,
) -> Done:
    """A shift, or the same hours of Paris in each of so many weeks. One week refused refuses them all, and is named.

    Warns of absences, and of weeks in which a change of the clock moves an hour.
    """
    one_at_a_time()
    if not 1 <= weeks <= MOST_WEEKS:
        raise ValidationError(_("From one to %(most)d weeks.") % {"most": MOST_WEEKS}, code="weeks")
    series, warnings, rows = (uuid.uuid4() if weeks > 1 else None), [], []
    for from_, to, is_moved in weekly(starts_at, ends_at, weeks):
        row = Shift(person=person, client=client, starts_at=from_, ends_at=to, rank=rank, note=note, series=series)
        row.made_by, row.made_at = by, now
        rows.append(_added(row, now))
        if is_moved:
            warnings.append(_("The clock changes: %(span)s lasts an hour more or less.") % {"span": span(from_, to)})
    return _noted("rota.added", by, now, {}, rows, warnings)


@transaction.atomic
def change(
    *,
    shift: Shift,
    starts_at: datetime,
    ends_at: datetime,
    rank: str,
    note: str,
    by: User,
    now: datetime,
    saw: str = "",
) -> Done:
    """Other hours, another rank or note. A shift under way keeps the moment at which it began."""
    row = hold(shift, now, saw)
    before = _states([row])
    if row.starts_at <= now and starts_at != row.starts_at:
        raise ValidationError(_("It has begun: only its end can still change."), code="begun")
    row.starts_at, row.ends_at, row.rank, row.note = starts_at, ends_at, rank, note
    row.offered_to = row.offered_at = None
    return _noted("rota.changed", by, now, before, [_saved(row, now)])


@transaction.atomic
def cut(*, shift: Shift, at: datetime, by: User, now: datetime, saw: str = "") -> Done:
    """Two shifts of the same person, one until `at` and one from it: each can then be given away or taken off."""
    row = hold(shift, now, saw)
    if not max(row.starts_at, now) < at < row.ends_at:
        raise ValidationError(_("Cut it within its own hours, and not in the past."), code="outside")
    before = _states([row])
    rest = _part_of(row, at, row.ends_at, by, now)
    row.ends_at = at
    return _noted("rota.cut", by, now, before, [_saved(row, now), _saved(rest, now)])


@transaction.atomic
def replace(
    *,
    shift: Shift,
    person: User,
    by: User,
    now: datetime,
    from_: datetime | None = None,
    to: datetime | None = None,
    saw: str = "",
    action: str = "rota.replaced",
) -> Done:
    """Somebody else holds the shift, or a part of it; of one under way at most what is left of it."""
    row = hold(shift, now, saw)
    begins = max(from_ or row.starts_at, row.starts_at, min(now, row.ends_at))
    ends = min(to or row.ends_at, row.ends_at)
    if begins >= ends:
        raise ValidationError(_("That is not within the shift, or is already over."), code="outside")
    if person.pk == row.person_id:
        raise ValidationError(_("%(person)s holds it already.") % {"person": person}, code="same")
    before = _states([row])
    rows = _given(row, person, begins, ends, by, now)
    return _noted(action, by, now, before, [_saved(one, now) for one in rows])


def _given(row: Shift, person: User, begins: datetime, ends: datetime, by: User, now: datetime) -> list[Shift]:
    """The row and its parts, not yet saved: what stays before and after, and the middle, which is the other's."""
    pieces = [(row.starts_at, begins, row.person), (begins, ends, person), (ends, row.ends_at, row.person)]
    kept = [piece for piece in pieces if piece[0] < piece[1]]
    rows = [row, *(_part_of(row, from_, to, by, now) for from_, to, _whose in kept[1:])]
    row.offered_to = row.offered_at = None
    for one, (from_, to, holder) in zip(rows, kept, strict=True):
        one.starts_at, one.ends_at, one.person = from_, to, holder
    return rows


@transaction.atomic
def swap(*, shift: Shift, other: Shift, by: User, now: datetime) -> Done:
    """Two shifts that have not begun change people."""
    rows = [hold(shift, now), hold(other, now)]
    if min(row.starts_at for row in rows) <= now:
        raise ValidationError(_("One of them has begun: replace the person instead."), code="begun")
    if rows[0].person_id == rows[1].person_id:
        raise ValidationError(_("%(person)s holds both already.") % {"person": rows[0].person}, code="same")
    before = _states(rows)
    rows[0].person, rows[1].person = rows[1].person, rows[0].person
    for row in rows:
        row.offered_to = row.offered_at = None
        row.save()
    for row in rows:
        _check(row, now)
    return _noted("rota.swapped", by, now, before, rows)


@transaction.atomic
def take_off(*, shift: Shift, by: User, now: datetime, and_later: bool = False) -> Done:
    """Off the rota; with `and_later` the later weeks made together with it too. One under way ends now."""
    row = hold(shift, now)
    rows = [row]
    if and_later and row.series:
        rows += Shift.objects.filter(series=row.series, taken_off_at=None, starts_at__gt=row.starts_at)
    before = _states(rows)
    for one in rows:
        if one.starts_at < now:
            one.ends_at = now
        else:
            one.taken_off_at = now
        one.offered_to = one.offered_at = None
        one.save()
    return _noted("rota.taken_off", by, now, before, rows)


@transaction.atomic
def take_back(*, event: AuditEvent, by: User, now: datetime) -> Done:
    """The rota as it was before that act, when nothing it touched has changed since and it was within the hour."""
    one_at_a_time()
    if event.subject != SUBJECT or "after" not in event.detail or now - event.happened_at > TAKEN_BACK_WITHIN:
        raise ValidationError(_("It is too late to undo that; change the rota instead."), code="late")
    rows = list(Shift.objects.filter(pk__in=event.detail["after"]).select_related("person", "client"))
    if _states(rows) != event.detail["after"]:
        raise ValidationError(_("The rota has changed since: nothing was undone."), code="changed")
    before = _states(rows)
    for row in rows:
        _restore(row, event.detail["before"].get(str(row.pk)), now)
    for row in rows:
        if row.taken_off_at is None and row.ends_at > now:
            _check(row, now)
    return _noted("rota.taken_back", by, now, before, rows)


def touched_by(event: AuditEvent) -> list[Shift]:
    """The shifts that an act touched, taken off or not: who undoes it must be allowed to plan them all."""
    numbers = event.detail.get("after", {}) if event.subject == SUBJECT else {}
    return list(Shift.objects.filter(pk__in=numbers).select_related("client"))


# -- what every act does -----------------------------------------------------------------------------------------------


def one_at_a_time() -> None:
    """Waits for the other people who write the rota: two of them never put the same hours on it twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rempart.rota'))")


def hold(shift: Shift, now: datetime, saw: str = "") -> Shift:
    """The shift as it stands now, while nobody else writes. Refused when it is over, gone, or not what the page saw."""
    one_at_a_time()
    row = Shift.objects.select_related("person", "client").get(pk=shift.pk)
    if row.taken_off_at:
        raise ValidationError(_("It was taken off the rota meanwhile."), code="gone")
    if row.ends_at <= now:
        raise ValidationError(_("It is over: what was held stays as it was."), code="over")
    if saw and saw != seen(row):
        raise ValidationError(_("Somebody changed it meanwhile: look at it again, then decide."), code="changed")
    return row


def _part_of(row: Shift, begins: datetime, ends: datetime, by: User, now: datetime) -> Shift:
    part = Shift(person=row.person, client=row.client, rank=row.rank, note=row.note, series=row.series)
    part.starts_at, part.ends_at, part.made_by, part.made_at = begins, ends, by, now
    return part


def _added(row: Shift, now: datetime) -> Shift:
    if row.ends_at <= now:
        raise ValidationError(_("%(span)s is already over.") % {"span": span(row.starts_at, row.ends_at)}, code="over")
    return _saved(row, now)


def _saved(row: Shift, now: datetime) -> Shift:
    """Saved once it stands; a refusal undoes the whole act."""
    _check_hours(row)
    row.save()
    _check(row, now)
    return row


def _check_hours(row: Shift) -> None:
    if row.ends_at <= row.starts_at:
        raise ValidationError(_("A shift ends after it begins."), code="ends_before")
    if row.ends_at - row.starts_at > LONGEST:
        raise ValidationError(_("A shift lasts a month at most: repeat it instead."), code="long")


def _check(row: Shift, now: datetime) -> None:
    """Who holds it may see the client, holds nothing else of it then, and is the only one called first."""
    if row.ends_at <= now:  # what is over is what was
        return
    if not may_hold(row.person, row.client):
        words = _("%(person)s has no role for %(client)s.")
        raise ValidationError(words % {"person": row.person, "client": whose(row.client)}, code="no_role")
    for other in _beside(row):
        _check_beside(row, other)


def may_hold(person: User, client: Client | None) -> bool:
    """True for active staff of the client; for every client, those whose role is for the whole agency."""
    if client is not None:
        return staff_of(client).filter(pk=person.pk).exists()
    return person.is_active and person.memberships.filter(client=None, role__in=AGENCY_ROLES).exists()


def _beside(row: Shift) -> Iterable[Shift]:
    """Shifts that share hours with it, of the same person or of the same clients."""
    others = Shift.objects.filter(taken_off_at=None, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    mine = Q(person=row.person)
    if row.client_id is not None:
        mine &= Q(client=row.client) | Q(client=None)
    called_first = Q(client=row.client, rank=Rank.PRIMARY, person__is_active=True)
    return (
        others.filter(mine | called_first).exclude(pk=row.pk).select_related("person", "client").order_by("starts_at")
    )


def _check_beside(row: Shift, other: Shift) -> None:
    told = {"person": other.person, "client": whose(other.client), "span": span(other.starts_at, other.ends_at)}
    if other.person_id == row.person_id:
        words = _("%(person)s is already on the rota for %(client)s: %(span)s.")
        raise ValidationError(words % told, code="overlap")
    if row.rank == Rank.PRIMARY:
        words = _("%(person)s is already called first for %(client)s: %(span)s. Replace them, or plan a backup.")
        raise ValidationError(words % told, code="two_primaries")


def _absences(rows: Sequence[Shift]) -> list[str]:
    """What to know of the absences that meet the shifts: nobody away is called, whatever the rota says."""
    standing = [row for row in rows if row.taken_off_at is None]
    wanted = Q(pk=None)
    for row in standing:
        wanted |= Q(person=row.person, starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    found = Absence.objects.filter(wanted, taken_off_at=None).select_related("person").order_by("starts_at", "id")
    words = _("%(person)s is away (%(span)s): nobody is called in those hours.")
    return [words % {"person": one.person, "span": span(one.starts_at, one.ends_at)} for one in found]


def _noted(
    action: str, by: User, now: datetime, before: dict[str, State], rows: Sequence[Shift], warnings: Sequence[str] = ()
) -> Done:
    detail = {"before": before, "after": _states(rows)}
    event = audit.note(
        action=action, by=by, now=now, client=rows[0].client, subject=SUBJECT, subject_id=rows[0].pk, detail=detail
    )
    return Done(event, tuple(rows), (*warnings, *_absences(rows)))


def _states(rows: Iterable[Shift]) -> dict[str, State]:
    return {str(row.pk): _state(row) for row in rows}


def _state(row: Shift) -> State:
    """What an undo needs to know of a shift, as JSON keeps it."""
    return {
        "person": row.person_id,
        "client": row.client_id,
        "starts_at": row.starts_at.astimezone(UTC).isoformat(),
        "ends_at": row.ends_at.astimezone(UTC).isoformat(),
        "rank": str(row.rank),
        "note": row.note,
        "offered_to": row.offered_to_id,
        "is_off": row.taken_off_at is not None,
    }


def _restore(row: Shift, state: State | None, now: datetime) -> None:
    """As it was; one that the act had made is taken off."""
    if state is None:
        row.taken_off_at = now
    else:
        row.person = User.objects.get(pk=state["person"])
        row.starts_at, row.ends_at = (datetime.fromisoformat(state[name]) for name in ("starts_at", "ends_at"))
        row.rank, row.note = state["rank"], state["note"]
        row.taken_off_at = now if state["is_off"] else None
    row.offered_to = row.offered_at = None  # an offer is asked again by a person
    row.save()
