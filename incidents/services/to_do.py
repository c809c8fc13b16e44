"""Tasks of an incident: added by hand, done and undone, put away, entrusted. Each act is a line of the log."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from clients.choices import Duty
from incidents.choices import EntryKind, IncidentState, TaskState
from incidents.models import Incident, Task
from incidents.services import restriction, timeline
from incidents.services.playbooks import next_number
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST = 200


@transaction.atomic
def add(
    *,
    incident: Incident,
    words: str,
    due_at: datetime,
    by: User,
    now: datetime,
    duty: str = Duty.LEAD,
    owner: User | None = None,
) -> Task:
    """A task written by hand: who, what, before when. Without an owner it is whoever has the duty, the lead at last.

    Raises Refused (not_open, no_words, too_long, in_the_past, wrong_duty, not_this_person, outside).
    """
    locked = _open(incident)
    words = " ".join(words.split())
    if not words:
        raise Refused("no_words", _("Say what is to be done."))
    if len(words) > LONGEST:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST})
    if due_at < now:
        raise Refused("in_the_past", _("This hour has passed: choose one that comes."))
    if duty not in Duty.values:
        raise Refused("wrong_duty", _("Choose a part of the list."))
    _check_owner(locked, owner, by, now)
    task = Task.objects.create(
        incident=locked,
        number=next_number(locked),
        words=words,
        duty=duty,
        owner=owner,
        due_at=due_at,
        remind_at=due_at,
        created_at=now,
    )
    _note(task, gettext_noop("Task added: %(task)s"), EntryKind.DECISION, by, now)
    return task


@transaction.atomic
def finish(*, task: Task, by: User, now: datetime) -> Task:
    """Done, by whom and when. Raises Refused (not_open, done_already with who did it, put_away)."""
    found = _locked(task)
    if found.state == TaskState.DONE:
        raise Refused("done_already", _("%(name)s has done it already.") % {"name": found.done_by})
    if found.state == TaskState.DROPPED:
        raise Refused("put_away", _("This task was put away: take it back first."))
    found.state, found.done_at, found.done_by = TaskState.DONE, now, by
    found.save(update_fields=["state", "done_at", "done_by"])
    _note(found, gettext_noop("Done: %(task)s"), EntryKind.ACTION, by, now)
    return found


@transaction.atomic
def take_back(*, task: Task, by: User, now: datetime) -> Task:
    """Undo: a task done or put away is to be done again. Raises Refused (not_open, to_do_already)."""
    found = _locked(task)
    if found.state == TaskState.OPEN:
        raise Refused("to_do_already", _("This task is to be done already."))
    found.state, found.done_at, found.done_by = TaskState.OPEN, None, None
    found.remind_at = max(found.due_at, now + timedelta(minutes=10))
    found.save(update_fields=["state", "done_at", "done_by", "remind_at"])
    _note(found, gettext_noop("To be done after all: %(task)s"), EntryKind.DECISION, by, now)
    return found


@transaction.atomic
def put_away(*, task: Task, reason: str, by: User, now: datetime) -> Task:
    """A person says that it is no longer needed, and why. Raises Refused (not_open, no_reason, not_to_do)."""
    found = _locked(task)
    if not reason.strip():
        raise Refused("no_reason", _("Say why it is no longer needed."))
    if found.state != TaskState.OPEN:
        raise Refused("not_to_do", _("Only a task still to be done is put away."))
    found.state = TaskState.DROPPED
    found.save(update_fields=["state"])
    text = in_the_clients_words(
        gettext_noop("Put away: %(task)s (%(reason)s)"), task=found.words, reason=reason.strip()[:500]
    )
    timeline.log(incident=found.incident, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
    return found


@transaction.atomic
def entrust(*, task: Task, owner: User | None, by: User, now: datetime) -> Task:
    """Gives a task to somebody, or back to the duty with None; logged. Raises Refused (not_open, not_to_do, …)."""
    _open(task.incident)
    found = _locked(task)
    if found.state != TaskState.OPEN:
        raise Refused("not_to_do", _("Only a task still to be done is entrusted."))
    _check_owner(found.incident, owner, by, now)
    if found.owner_id == (owner.pk if owner else None):
        return found
    found.owner = owner
    found.save(update_fields=["owner"])
    whose = owner or Duty(found.duty).label  # said in the client's language, not in that of who entrusts it
    text = in_the_clients_words(gettext_noop("Task of %(name)s from now on: %(task)s"), name=whose, task=found.words)
    timeline.log(incident=found.incident, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
    return found


def _open(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident has tasks to do."))
    return locked


def _locked(task: Task) -> Task:
    """The task as it is stored, its incident locked first: two people at once act one after the other.

    What was left open by a closing is still done, put away and taken back.
    """
    incident = Incident.objects.select_for_update().get(pk=task.incident_id)
    if incident.state not in {IncidentState.OPEN, IncidentState.CLOSED}:
        raise Refused("not_open", _("Only an open incident has tasks to do."))
    found = Task.objects.select_for_update(of=("self",)).select_related("done_by").get(pk=task.pk)
    found.incident = incident
    return found


def _check_owner(incident: Incident, owner: User | None, by: User, now: datetime) -> None:
    """Of a restricted incident, who is given a task is named with it, when `by` may decide that."""
    if owner is None:
        return
    if not can(owner, here(), Can.RUN_INCIDENT):
        raise Refused("not_this_person", _("%(name)s may not run this client’s incidents.") % {"name": owner})
    restriction.let_in(incident=incident, person=owner, by=by, now=now)


def _note(task: Task, words: str, kind: str, by: User, now: datetime) -> None:
    text = in_the_clients_words(words, task=task.words)
    timeline.log(incident=task.incident, kind=kind, text=text, happened_at=now, by=by, now=now)
