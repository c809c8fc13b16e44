"""What a shift hands over, as facts: what is open, who leads it, what was promised, what is due before long."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from agency.models import User
from agency.templatetags.rempart import at
from incidents.choices import IncidentState, TaskState
from incidents.models import Incident, Task
from incidents.selectors.duties import holders
from incidents.selectors.incidents import going_on
from incidents.selectors.tasks import holder

DUE_WITHIN = timedelta(hours=24)
MOST_INCIDENTS = 12
MOST_TASKS = 8


@dataclass(frozen=True, slots=True)
class Due:
    """A task to do before long, with whoever has it now."""

    task: Task
    owner: User | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class OpenStill:
    """An incident that the shift leaves open, with its next update and what is due."""

    incident: Incident
    due: tuple[Due, ...]
    is_late: bool


def open_still(person: User | None, now: datetime) -> tuple[OpenStill, ...]:
    """The incidents under way or to confirm that the person may know of, the worst first; twelve at most."""
    return tuple(
        OpenStill(one, _due(one, now), bool(one.next_update_at and one.next_update_at < now))
        for one in going_on(person)[:MOST_INCIDENTS]
    )


def _due(incident: Incident, now: datetime) -> tuple[Due, ...]:
    rows = Task.objects.filter(incident=incident, state=TaskState.OPEN, due_at__lt=now + DUE_WITHIN)
    tasks = list(rows.select_related("owner").order_by("due_at", "number")[:MOST_TASKS])
    held = holders(incident) if tasks else {}
    return tuple(Due(task, holder(task, incident, held), task.due_at < now) for task in tasks)


def in_words(found: tuple[OpenStill, ...]) -> str:
    """The same as the beginning of a note, a line a fact, in the language that is active."""
    return "\n\n".join(_incident(one) for one in found)


def _incident(one: OpenStill) -> str:
    incident = one.incident
    lines = [f"{incident.reference} · {incident.title}"]
    if incident.state == IncidentState.PROPOSED:
        lines.append(_("To confirm or set aside."))
    if incident.lead:
        lines.append(_("Led by %(person)s.") % {"person": incident.lead})
    if incident.next_update_at:
        lines.append(_("Update promised %(moment)s.") % {"moment": at(incident.next_update_at)})
    return "\n".join((*lines, *(_task(due) for due in one.due)))


def _task(due: Due) -> str:
    who = str(due.owner) if due.owner else _("nobody yet")
    words = _("– %(task)s, before %(moment)s (%(person)s)")
    return words % {"task": due.task.words, "moment": at(due.task.due_at), "person": who}
