"""Hand-overs: a note offered to whoever comes next; accepting it changes the lead and the parts in one act."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from incidents import two_writers
from incidents.choices import EntryKind, IncidentState, ReliefState
from incidents.models import DutyHolder, Incident, Relief
from incidents.relief_note import LONGEST, Note
from incidents.services import duties, incidents, restriction, timeline
from incidents.services.refusals import Crossed, Refused
from incidents.services.wording import in_the_clients_words


@transaction.atomic
def offer(
    *, incident: Incident, note: Note, to: User | None, by: User, now: datetime, seen: str | None = None
) -> Relief:
    """Offers the hand-over to somebody, or to whoever of the team accepts first; offered again, the note is replaced.

    Whoever takes part in it hands over: the lead, or who has a part. `seen`: the marks of the note that the page showed
    as offered (`two_writers.marks`); None replaces whatever is offered. Raises Refused (not_open, not_yours, no_words,
    too_long, not_this_person, to_yourself, outside) and Crossed: nobody's note is replaced unread.
    """
    locked = _open(incident)
    _check_giver(locked, by)
    said = {name: text.replace("\0", "").strip() for name, text in asdict(note).items()}
    if not said["situation"]:
        raise Refused("no_words", _("Say where we are: whoever comes reads it first."))
    for name, text in said.items():
        if len(text) > LONGEST[name]:
            raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST[name]})
    _check_taker(locked, to, by, now)
    known = Relief.objects.filter(incident=locked, state=ReliefState.OFFERED).first()
    if known and seen is not None:
        _check_read(known, said, seen)
    row = known or Relief(incident=locked)
    row.by, row.to, row.offered_at, row.next_update_at = by, to, now, locked.next_update_at
    row.read_at = row.read_by = None
    for name, text in said.items():
        setattr(row, name, text)
    row.save()
    words = gettext_noop("Hand-over offered to %(name)s.") if to else gettext_noop("Hand-over offered to the team.")
    _log(locked, words, EntryKind.ACTION, by, now, name=to)
    return row


@transaction.atomic
def note_reading(*, relief: Relief, by: User, now: datetime) -> None:
    """The first of those it is for who opens it has read it; its author never counts."""
    if by.pk == relief.by_id or (relief.to_id and relief.to_id != by.pk):
        return
    waiting = Relief.objects.filter(pk=relief.pk, state=ReliefState.OFFERED, read_at__isnull=True)
    if waiting.update(read_at=now, read_by=by):
        timeline.touch(relief.incident)


@transaction.atomic
def accept(*, relief: Relief, by: User, now: datetime) -> Incident:
    """Whoever accepts has the lead, and the parts, of who hands over from now on; of two at once, one has it.

    Raises Refused (not_open, not_offered, to_yourself, not_for_you, not_this_person).
    """
    locked = _open(relief.incident)
    row = Relief.objects.select_for_update(of=("self",)).select_related("by", "to").get(pk=relief.pk)
    if row.state != ReliefState.OFFERED:
        raise Refused("not_offered", _("This hand-over is no longer offered."))
    if row.by_id == by.pk:
        raise Refused("to_yourself", _("Somebody else accepts it."))
    if row.to_id and row.to_id != by.pk:
        raise Refused("not_for_you", _("It is offered to %(name)s.") % {"name": row.to})
    row.state, row.ended_at, row.accepted_by = ReliefState.ACCEPTED, now, by
    row.read_at, row.read_by = row.read_at or now, row.read_by or by
    row.save(update_fields=["state", "ended_at", "accepted_by", "read_at", "read_by"])
    words = gettext_noop("Hand-over accepted: %(name)s takes over from %(before)s.")
    _log(locked, words, EntryKind.DECISION, by, now, name=by, before=row.by)
    for held in DutyHolder.objects.filter(incident=locked, person_id=row.by_id):
        duties.give(incident=locked, duty=held.duty, person=by, by=by, now=now)
    if locked.lead_id == row.by_id:
        locked = incidents.hand_lead(incident=locked, lead=by, by=by, now=now)
    return locked


@transaction.atomic
def withdraw(*, relief: Relief, by: User, now: datetime) -> Relief:
    """Undo of an offer: nobody takes over. Raises Refused (not_open, not_offered)."""
    locked = _open(relief.incident)
    if not Relief.objects.filter(pk=relief.pk, state=ReliefState.OFFERED).update(
        state=ReliefState.WITHDRAWN, ended_at=now
    ):
        raise Refused("not_offered", _("This hand-over is no longer offered."))
    _log(locked, gettext_noop("Hand-over withdrawn."), EntryKind.DECISION, by, now)
    return Relief.objects.get(pk=relief.pk)


def _open(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident is handed over."))
    return locked


def _check_giver(incident: Incident, by: User) -> None:
    has_a_part = DutyHolder.objects.filter(incident=incident, person=by).exists()
    if incident.lead_id != by.pk and not has_a_part:
        raise Refused("not_yours", _("Whoever leads, or has a part in it, hands over."))


def _check_read(known: Relief, said: dict[str, str], seen: str) -> None:
    """A note is signed by who hands over: two are never mixed, one replaces the other once its author has read it."""
    names = two_writers.differ(words_of(known), said, seen)
    if names:
        words = _("%(name)s has offered a hand-over meanwhile: nothing of either is lost.")
        raise Crossed(said, names, words % {"name": known.by})


def words_of(relief: Relief | None) -> dict[str, str]:
    """The note that is offered, by the name of its parts; empty ones when none is."""
    return {name: getattr(relief, name, "") for name in LONGEST}


def _check_taker(incident: Incident, to: User | None, by: User, now: datetime) -> None:
    if to is None:
        return
    if to.pk == by.pk:
        raise Refused("to_yourself", _("Choose somebody else."))
    if not can(to, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_person", _("%(name)s may not run this client’s incidents.") % {"name": to})
    restriction.let_in(incident=incident, person=to, by=by, now=now)


def _log(incident: Incident, words: str, kind: str, by: User, now: datetime, **values: object) -> None:
    text = in_the_clients_words(words, **values)
    timeline.log(incident=incident, kind=kind, text=text, happened_at=now, by=by, now=now)
