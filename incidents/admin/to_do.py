"""The tasks of an incident on its page: done, taken back, put away, entrusted; a playbook taken by hand."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.guard import needs, person_of, team_of
from agency.admin.sites import client_site
from agency.models import User
from agency.numbers import whole_number
from agency.roles import Can
from clients.choices import Duty
from clients.models import Playbook
from incidents.admin.forms import HourField
from incidents.admin.guard import done, incident_or_404, refused
from incidents.admin.people_fields import PersonChoice
from incidents.admin.team import parts_on
from incidents.choices import IncidentState
from incidents.models import Incident, Task
from incidents.selectors import duties, tasks
from incidents.services import playbooks, to_do
from incidents.services.refusals import Refused


class TaskForm(forms.Form):
    """Who, what, before when: without an hour it cannot be saved."""

    prefix = "task"

    words = forms.CharField(
        label=gettext_lazy("What is to be done"),
        max_length=to_do.LONGEST,
        error_messages={"required": gettext_lazy("Say what is to be done.")},
    )
    due = HourField(
        label=gettext_lazy("Before"),
        ahead=True,
        help_text=gettext_lazy("An hour such as 22:30, or “in 10 min”."),
        error_messages={"required": gettext_lazy("Say before what hour.")},
    )
    duty = forms.ChoiceField(label=gettext_lazy("Who"), choices=Duty.choices)
    owner = PersonChoice(
        label=gettext_lazy("Entrusted to"),
        required=False,
        empty_label=gettext_lazy("whoever has that part; the lead otherwise"),
    )

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(team)  # type: ignore[attr-defined]


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of its tasks and playbooks."""
    if incident.state == IncidentState.PROPOSED:  # nothing is followed before a person has said yes
        return {"to_do": tasks.NOTHING, "followed": []}
    is_open = incident.state == IncidentState.OPEN
    return {
        "to_do": tasks.to_do(incident, clock.now(), duties.held_by(parts_on(request, incident))),
        "followed": tasks.followed(incident),
        "other_playbooks": tasks.others(incident) if is_open else [],
        "task_form": TaskForm(team=team_of(request)) if is_open else None,
    }


def _acted(request: HttpRequest, incident: Incident, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        return refused(request, incident, refusal)
    answer = done(request, incident, words)
    return redirect(f"{answer['Location']}#tasks")


@require_POST
@needs(Can.RUN_INCIDENT)
def finish(request: HttpRequest, number: int, task: int) -> HttpResponse:
    subject, row = _task(request, number, task)
    by, now = person_of(request), clock.now()
    words = _("Done, and written in the log. It can be taken back below.")
    return _acted(request, subject, lambda: to_do.finish(task=row, by=by, now=now), words)


@require_POST
@needs(Can.RUN_INCIDENT)
def take_back(request: HttpRequest, number: int, task: int) -> HttpResponse:
    subject, row = _task(request, number, task)
    by, now = person_of(request), clock.now()
    return _acted(request, subject, lambda: to_do.take_back(task=row, by=by, now=now), _("The task is to be done."))


@require_POST
@needs(Can.RUN_INCIDENT)
def put_away(request: HttpRequest, number: int, task: int) -> HttpResponse:
    subject, row = _task(request, number, task)
    by, now, reason = person_of(request), clock.now(), request.POST.get("reason", "")
    words = _("Put away. It can be taken back below.")
    return _acted(request, subject, lambda: to_do.put_away(task=row, reason=reason, by=by, now=now), words)


@require_POST
@needs(Can.RUN_INCIDENT)
def entrust(request: HttpRequest, number: int, task: int) -> HttpResponse:
    """To the person chosen; with nobody chosen, back to whoever has the part."""
    subject, row = _task(request, number, task)
    by, now, chosen = person_of(request), clock.now(), request.POST.get("owner", "")
    owner = get_object_or_404(User, pk=whole_number(chosen) or 0) if chosen else None
    return _acted(request, subject, lambda: to_do.entrust(task=row, owner=owner, by=by, now=now), _("Entrusted."))


@require_POST
@needs(Can.RUN_INCIDENT)
def take_playbook(request: HttpRequest, number: int) -> HttpResponse:
    """A playbook that nothing called for, taken by a person."""
    subject = incident_or_404(request, number)
    playbook = get_object_or_404(Playbook, pk=whole_number(request.POST.get("playbook", "")) or 0)
    by, now = person_of(request), clock.now()
    words = _("The playbook is followed; its steps are tasks.")
    return _acted(request, subject, lambda: playbooks.take(incident=subject, playbook=playbook, by=by, now=now), words)


def _task(request: HttpRequest, number: int, task: int) -> tuple[Incident, Task]:
    subject = incident_or_404(request, number)
    row = get_object_or_404(Task, incident=subject, number=task)
    row.incident = subject
    return subject, row


for route, view, name in (
    ("incidents/<int:number>/taches/<int:task>/faite/", finish, "task_finish"),
    ("incidents/<int:number>/taches/<int:task>/reprendre/", take_back, "task_take_back"),
    ("incidents/<int:number>/taches/<int:task>/ranger/", put_away, "task_put_away"),
    ("incidents/<int:number>/taches/<int:task>/confier/", entrust, "task_entrust"),
    ("incidents/<int:number>/fiche/", take_playbook, "playbook_take"),
):
    client_site.mount(route, view, name)
