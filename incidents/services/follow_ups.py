"""What we change, who, by when: added, done, dropped with a reason, taken back, moved. Each act is in the log."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from incidents.asking_again import ask_at
from incidents.choices import EntryKind, FollowUpState, IncidentState
from incidents.models import Debrief, FollowUp, Incident
from incidents.services import restriction, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST, LONGEST_NAME, LONGEST_NOTE = 300, 120, 500


@transaction.atomic
def add(
    *,
    incident: Incident,
    words: str,
    due_on: date,
    by: User,
    now: datetime,
    owner: User | None = None,
    owner_name: str = "",
    debrief: Debrief | None = None,
) -> FollowUp:
    """What we change, who (somebody of the agency, or a name), by which day. Written in the log.

    Whoever has one of a restricted incident is named, when `by` may decide who knows of it.
    Raises Refused (not_confirmed, no_words, too_long, no_owner, two_owners, not_this_person, outside, in_the_past,
    not_its_debrief).
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state not in {IncidentState.OPEN, IncidentState.CLOSED}:
        raise Refused("not_confirmed", _("Only an incident that a person confirmed is followed up."))
    if debrief is not None and debrief.incident_id != locked.pk:
        raise Refused("not_its_debrief", _("This debrief is another incident’s."))
    words, owner_name = _one_line(words), _one_line(owner_name)
    _check_words(words, owner_name)
    _check_owner(owner, owner_name)
    _check_day(due_on, now)
    if owner is not None:
        restriction.let_in(incident=locked, person=owner, by=by, now=now)
    row = FollowUp.objects.create(
        incident=locked, debrief=debrief, words=words, owner=owner, owner_name=owner_name, due_on=due_on,
        remind_at=ask_at(due_on, now, _zone()), by_id=by.pk, created_at=now,
    )  # fmt: skip
    _log(row, gettext_noop("To change: %(words)s (%(name)s, before %(day)s)."), EntryKind.DECISION, by, now)
    return row


@transaction.atomic
def finish(*, follow_up: FollowUp, by: User, now: datetime, note: str = "") -> FollowUp:
    """Done, by whom and when, with a word if there is one. Raises Refused (ended_already, too_long)."""
    row = _to_do(follow_up)
    _end(row, FollowUpState.DONE, note, by, now)
    _log(row, gettext_noop("Changed: %(words)s"), EntryKind.ACTION, by, now)
    return row


@transaction.atomic
def drop(*, follow_up: FollowUp, reason: str, by: User, now: datetime) -> FollowUp:
    """It will not be done, and why. Raises Refused (no_reason, ended_already, too_long)."""
    if not reason.strip():
        raise Refused("no_reason", _("Say why it is dropped."))
    row = _to_do(follow_up)
    _end(row, FollowUpState.DROPPED, reason, by, now)
    _log(row, gettext_noop("Dropped: %(words)s (%(note)s)"), EntryKind.DECISION, by, now)
    return row


@transaction.atomic
def take_back(*, follow_up: FollowUp, by: User, now: datetime) -> FollowUp:
    """Undo: it is to be done again. Raises Refused (to_do_already)."""
    row = _locked(follow_up)
    if row.state == FollowUpState.OPEN:
        raise Refused("to_do_already", _("This is to be done already."))
    row.state, row.ended_at, row.ended_by, row.note = FollowUpState.OPEN, None, None, ""
    row.remind_at = ask_at(row.due_on, now, _zone())
    row.save(update_fields=["state", "ended_at", "ended_by", "note", "remind_at"])
    _log(row, gettext_noop("To change after all: %(words)s"), EntryKind.DECISION, by, now)
    return row


@transaction.atomic
def move(
    *, follow_up: FollowUp, due_on: date, owner: User | None, owner_name: str, by: User, now: datetime
) -> FollowUp:
    """Another day, or somebody else. Raises Refused as `add` does, and ended_already."""
    row, owner_name = _to_do(follow_up), _one_line(owner_name)
    _check_words(row.words, owner_name)
    _check_owner(owner, owner_name)
    if (row.due_on, row.owner_id, row.owner_name) == (due_on, owner.pk if owner else None, owner_name):
        return row
    if due_on != row.due_on:
        _check_day(due_on, now)
    if owner is not None:
        restriction.let_in(incident=row.incident, person=owner, by=by, now=now)
    row.due_on, row.owner, row.owner_name = due_on, owner, owner_name
    row.remind_at = ask_at(due_on, now, _zone())
    row.save(update_fields=["due_on", "owner", "owner_name", "remind_at"])
    _log(row, gettext_noop("Moved: %(words)s (%(name)s, before %(day)s)."), EntryKind.DECISION, by, now)
    return row


def _end(row: FollowUp, state: str, note: str, by: User, now: datetime) -> None:
    note = _one_line(note)
    if len(note) > LONGEST_NOTE:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST_NOTE})
    row.state, row.note, row.ended_at, row.ended_by = state, note, now, by
    row.save(update_fields=["state", "note", "ended_at", "ended_by"])


def _locked(follow_up: FollowUp) -> FollowUp:
    incident = Incident.objects.select_for_update().get(pk=follow_up.incident_id)
    row = FollowUp.objects.select_for_update(of=("self",)).select_related("owner", "ended_by").get(pk=follow_up.pk)
    row.incident = incident
    return row


def _to_do(follow_up: FollowUp) -> FollowUp:
    row = _locked(follow_up)
    if row.state != FollowUpState.OPEN:
        told = {"name": row.ended_by, "state": row.get_state_display().lower()}
        raise Refused("ended_already", _("%(name)s has ended it already (%(state)s).") % told)
    return row


def _check_words(words: str, owner_name: str) -> None:
    if not words:
        raise Refused("no_words", _("Say what we change."))
    if len(words) > LONGEST:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST})
    if len(owner_name) > LONGEST_NAME:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST_NAME})


def _check_owner(owner: User | None, owner_name: str) -> None:
    if owner is None and not owner_name:
        raise Refused("no_owner", _("Say who does it."))
    if owner is not None and owner_name:
        raise Refused("two_owners", _("One person does it: choose somebody, or write a name."))
    if owner is not None and not can(owner, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_person", _("%(name)s may not run this client’s incidents.") % {"name": owner})


def _check_day(due_on: date, now: datetime) -> None:
    if due_on < now.astimezone(_zone()).date():
        raise Refused("in_the_past", _("This day has passed: choose one that comes."))


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())


def _zone() -> ZoneInfo:
    return ZoneInfo(here().timezone)


def _log(row: FollowUp, words: str, kind: str, by: User, now: datetime) -> None:
    day = date_format(row.due_on, "d/m/Y", use_l10n=False)
    text = in_the_clients_words(words, words=row.words, name=row.owner or row.owner_name, day=day, note=row.note)
    timeline.log(incident=row.incident, kind=kind, text=text, happened_at=now, by=by, now=now)
