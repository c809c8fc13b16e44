"""Reminders of late tasks: repeated until done, one message a person and an incident, claimed before they leave."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here, leads_of
from agency.choices import Role
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import User
from incidents.choices import EntryKind, IncidentKind, IncidentState, TaskState
from incidents.models import Incident, Task
from incidents.selectors import duties
from incidents.selectors.gate import insiders
from incidents.selectors.tasks import holder
from incidents.services import timeline
from incidents.services.wording import in_the_clients_words

# The worse it is, the sooner one is asked again; without a severity as in the least.
EVERY = {1: timedelta(minutes=10), 2: timedelta(minutes=15), 3: timedelta(minutes=30), 4: timedelta(hours=1)}
TRY_AGAIN = timedelta(minutes=2)


def due(*, now: datetime) -> list[int]:
    """Open incidents with a task to remind of now."""
    waiting = Task.objects.filter(state=TaskState.OPEN, remind_at__lte=now, incident__state=IncidentState.OPEN)
    return sorted(set(waiting.values_list("incident_id", flat=True)[:500]))


def remind(*, incident_id: int, post: Post, now: datetime) -> int:
    """Reminds each person of their late tasks of that incident; returns how many messages left.

    The rows are claimed by moving their next reminder on before anything leaves: two workers send one message, and a
    worker that dies in between costs one round, never the task. A busy server is tried again in two minutes; one
    that refuses an address is written in the log, and the lead is told in its place.
    """
    asked = _by_person(claim(incident_id, now)).items()
    return sum(_tell(person, tasks, post, now) for person, tasks in asked)


@transaction.atomic
def claim(incident_id: int, now: datetime) -> list[Task]:
    """The tasks to remind of now, their next reminder moved on; those that another worker holds are left to it."""
    waiting = Task.objects.filter(
        incident_id=incident_id, state=TaskState.OPEN, remind_at__lte=now, incident__state=IncidentState.OPEN
    )
    rows = list(
        waiting.select_for_update(of=("self",), skip_locked=True)
        .select_related("incident__lead", "owner")
        .order_by("due_at", "number")
    )
    for row in rows:
        row.remind_at = now + EVERY[row.incident.severity or 4]
        row.reminders += 1
        row.save(update_fields=["remind_at", "reminders"])
    return rows


def _by_person(tasks: list[Task]) -> dict[User, list[Task]]:
    """Whoever has each task and is still there; else the lead; else whoever leads the client's team.

    Of a restricted incident only those who may know of it; of the team's leads, or of the directors.
    """
    found: dict[User, list[Task]] = defaultdict(list)
    if not tasks:
        return found
    incident = tasks[0].incident
    there = set(insiders(incident).values_list("pk", flat=True))
    held = duties.holders(incident)
    for task in tasks:
        wanted = (None if task.reminder_error else holder(task, incident, held), incident.lead)
        person = next((one for one in wanted if one and one.pk in there), None) or last_resort(incident, there)
        if person is not None:
            found[person].append(task)
    return found


def last_resort(incident: Incident, there: Collection[int]) -> User | None:
    """Whoever leads the client's team, of those who may know of the incident (`there`); else a director."""
    leads = (one for one in leads_of(here()) if one.pk in there)
    return next(leads, None) or insiders(incident).filter(memberships__role=Role.DIRECTOR).first()


def _tell(person: User, tasks: list[Task], post: Post, now: datetime) -> int:
    incident = tasks[0].incident
    subject, body = _words(person, incident, tasks)
    try:
        post.send(to=person.email, subject=subject, body=body, key=_message_key(tasks))
    except NotAccepted as refusal:
        if refusal.is_passing:
            Task.objects.filter(pk__in=[one.pk for one in tasks]).update(remind_at=now + TRY_AGAIN)
        else:
            _not_reminded(person, tasks, refusal, now)
        return 0
    return 1


@transaction.atomic
def _not_reminded(person: User, tasks: list[Task], refusal: NotAccepted, now: datetime) -> None:
    """Said once in the log for each task; the next round goes to the lead."""
    fresh = [one for one in tasks if not one.reminder_error]
    if not fresh:
        return
    Task.objects.filter(pk__in=[one.pk for one in fresh]).update(
        reminder_error=refusal.words, remind_at=now + TRY_AGAIN
    )
    text = in_the_clients_words(
        gettext_noop("%(name)s could not be reminded of “%(task)s”: %(error)s"),
        name=person, task=fresh[0].words, error=refusal.words,
    )  # fmt: skip
    timeline.log(incident=fresh[0].incident, kind=EntryKind.FACT, text=text, happened_at=now, by=None, now=now)


def _words(person: User, incident: Incident, tasks: list[Task]) -> tuple[str, str]:
    """Subject and text in the language of whoever is reminded; a drill says so first.

    Of a restricted incident the reference alone: a mail is read on a screen that others see.
    """
    with translation.override(person.language):
        told = {"title": incident.title, "reference": incident.reference}
        words = [_("a task") if incident.is_restricted else task.words for task in tasks]
        subject = _("%(reference)s: %(task)s") % {**told, "task": words[0]}
        still = _("Still to be done:") if incident.is_restricted else _("Still to be done on “%(title)s”:") % told
        lines = [still, ""]
        for task, said in zip(tasks, words, strict=True):
            hour = timezone.localtime(task.due_at)
            lines.append(_("– %(task)s (before %(hour)s)") % {"task": said, "hour": f"{hour:%d/%m %H:%M}"})
        lines += ["", _("You are reminded until it is done or put away:"), address_of(incident)]
        return in_a_drill(incident, subject), "\n".join(lines)


def address_of(incident: Incident, place: str = "#tasks") -> str:
    """Where a part of the incident's page is, its tasks or another `place`, on the client's host."""
    host = here().domains.filter(is_primary=True).values_list("domain", flat=True).get()
    return standing_url(host, f"/agence/incidents/{incident.number}/{place}")


def in_a_drill(incident: Incident, subject: str) -> str:
    """The subject of a message, which says first that it is a drill, in the language that is active."""
    drill = f"[{_('DRILL')}] " if incident.kind == IncidentKind.DRILL else ""
    return f"{drill}{subject}"[:200]


def _message_key(tasks: list[Task]) -> str:
    first = tasks[0]
    return f"{connection.schema_name}.task.{first.pk}.{first.reminders}"  # type: ignore[attr-defined]
