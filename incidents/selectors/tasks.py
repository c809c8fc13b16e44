"""Tasks as pages and reminders see them: who has each now, which are late, which playbook they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from agency.models import User
from clients.models import Playbook
from clients.selectors import playbooks
from incidents.choices import CrisisFamily, IncidentType, TaskState
from incidents.models import FollowedPlaybook, Incident, Task
from incidents.selectors import duties


@dataclass(frozen=True, slots=True)
class Entrusted:
    """A task with whoever has it now: the person named, else whoever has its duty, else the lead."""

    task: Task
    owner: User | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class ToDo:
    """The tasks of an incident: those to do, the first due first, then what was done or put away, the last first."""

    open: tuple[Entrusted, ...]
    past: tuple[Entrusted, ...]

    @property
    def late(self) -> int:
        return sum(one.is_late for one in self.open)


NOTHING = ToDo((), ())


@dataclass(frozen=True, slots=True)
class Followed:
    """A playbook that the incident follows and why, in the language that is active."""

    row: FollowedPlaybook
    why: str
    has_newer: bool


def to_do(incident: Incident, now: datetime, held: Mapping[str, User] | None = None) -> ToDo:
    """The tasks of an incident. `held`: who has which part, as `duties.holders` says; None asks for it."""
    rows = Task.objects.filter(incident=incident).select_related(
        "owner", "done_by", "followed__playbook", "followed__version"
    )
    parts = duties.holders(incident) if held is None else held
    told = [_entrusted(row, incident, parts, now) for row in rows.order_by("due_at", "number")]
    past = [one for one in told if one.task.state != TaskState.OPEN]
    past.sort(key=lambda one: (one.task.done_at or one.task.due_at, one.task.number), reverse=True)
    return ToDo(tuple(one for one in told if one.task.state == TaskState.OPEN), tuple(past))


def _entrusted(task: Task, incident: Incident, held: Mapping[str, User], now: datetime) -> Entrusted:
    task.incident = incident
    late = task.state == TaskState.OPEN and task.due_at < now
    return Entrusted(task, holder(task, incident, held), late)


def holder(task: Task, incident: Incident, held: Mapping[str, User]) -> User | None:
    """Who has the task now: whoever it was entrusted to, else who has its duty among `held`, else the lead.

    `held` is what `duties.holders` says of the incident: a duty handed over hands over its tasks.
    """
    return task.owner or held.get(task.duty) or incident.lead


def followed(incident: Incident) -> list[Followed]:
    """The playbooks followed, oldest first, those left included."""
    rows = FollowedPlaybook.objects.filter(incident=incident).select_related("playbook", "version")
    return [Followed(row, why(row), row.playbook.version > row.version.number) for row in rows]


def why(row: FollowedPlaybook) -> str:
    """ "Type: Outage; Severity: 2", or that a person took it."""
    if row.by_hand:
        return _("taken by hand")
    return ", ".join(criterion_words(name, value) for name, value in row.reasons)


def criterion_words(name: str, value: object) -> str:
    """One thing that a playbook asks of an incident, in words; a code that has left the lists stands as it is."""
    if name == "severity":
        return _("severity %(level)s") % {"level": value}
    labels = dict(IncidentType.choices if name == "type" else CrisisFamily.choices)
    return str(labels.get(value, value))  # type: ignore[call-overload]


def others(incident: Incident) -> Sequence[Playbook]:
    """Playbooks in force that the incident does not follow now: a person may take one."""
    held = FollowedPlaybook.objects.filter(incident=incident, left_at__isnull=True).values("playbook_id")
    return list(playbooks.in_force().exclude(pk__in=held)[:100])
