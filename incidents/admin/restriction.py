"""Who knows of an incident, on its page: restricted, opened up again, somebody named or taken out."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agency import clock
from agency.access import staff_of
from agency.admin.guard import client_of, needs, person_of, team_of
from agency.admin.sites import client_site
from agency.models import User
from agency.numbers import whole_number
from agency.roles import Can
from incidents.admin.guard import done, errors_as_message, incident_or_404, page_of, refused
from incidents.admin.people_fields import PeopleChoice
from incidents.choices import IncidentState
from incidents.models import Incident, Insider
from incidents.selectors.gate import insiders, is_inside
from incidents.services import restriction
from incidents.services.refusals import Refused


class RestrictForm(forms.Form):
    """Why, and who knows of it besides those at work on it."""

    prefix = "restrict"

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=restriction.LONGEST_REASON,
        error_messages={"required": gettext_lazy("Say why: it is written in the log.")},
    )
    people = PeopleChoice(
        label=gettext_lazy("Who knows of it too"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Its lead, the directors, yourself and whoever has a part or a task in it know of it in any case."
        ),
    )

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].offer(team)  # type: ignore[attr-defined]


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of who knows of it."""
    may = restriction.may_restrict(incident, person_of(request)) and incident.state != IncidentState.DISMISSED
    if not incident.is_restricted:
        return {"may_restrict": may, "restrict_form": RestrictForm(team=team_of(request)) if may else None}
    inside = list(insiders(incident))
    known = {one.pk for one in inside}
    return {
        "may_restrict": may,
        "insiders": inside,
        "named": set(Insider.objects.filter(incident=incident).values_list("person_id", flat=True)),
        "outsiders": [one for one in team_of(request) if one.pk not in known] if may else [],
    }


@require_POST
@needs(Can.RUN_INCIDENT)
def restrict(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = RestrictForm(request.POST, team=team_of(request))
    if not form.is_valid():
        errors_as_message(request, form)
        return redirect(page_of(subject) + "#known")
    given = form.cleaned_data
    words = _("Restricted: only those listed know of it. It can be opened up again below.")
    return _acted(
        request, subject, lambda by, now: restriction.restrict(
            incident=subject, people=list(given["people"]), reason=given["reason"], by=by, now=now
        ), words,
    )  # fmt: skip


@require_POST
@needs(Can.RUN_INCIDENT)
def open_up(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    reason = request.POST.get("reason", "")
    words = _("The whole team knows of it again.")
    return _acted(
        request, subject, lambda by, now: restriction.open_up(incident=subject, reason=reason, by=by, now=now), words
    )


@require_POST
@needs(Can.RUN_INCIDENT)
def name(request: HttpRequest, number: int) -> HttpResponse:
    subject, person = incident_or_404(request, number), _person(request)
    words = _("%(name)s knows of it from now on.") % {"name": person}
    return _acted(
        request, subject, lambda by, now: restriction.name(incident=subject, person=person, by=by, now=now), words
    )


@require_POST
@needs(Can.RUN_INCIDENT)
def unname(request: HttpRequest, number: int) -> HttpResponse:
    subject, person = incident_or_404(request, number), _person(request)
    words = _("%(name)s no longer knows of it. Named again, they would.") % {"name": person}
    return _acted(
        request, subject, lambda by, now: restriction.unname(incident=subject, person=person, by=by, now=now), words
    )


def _person(request: HttpRequest) -> User:
    people = staff_of(client_of(request))
    return get_object_or_404(people, pk=whole_number(request.POST.get("person", "")) or 0)


def _acted(request: HttpRequest, incident: Incident, act: Callable[..., object], words: str) -> HttpResponse:
    try:
        act(by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, incident, refusal)
    if not is_inside(incident, person_of(request)):  # who took themselves out no longer finds its page
        messages.success(request, words)
        return redirect("client_admin:incidents")
    answer = done(request, incident, words)
    return redirect(f"{answer['Location']}#known")


for route, view, name_of_view in (
    ("incidents/<int:number>/restreindre/", restrict, "incident_restrict"),
    ("incidents/<int:number>/restreindre/ouvrir/", open_up, "incident_open_up"),
    ("incidents/<int:number>/restreindre/nommer/", name, "insider_name"),
    ("incidents/<int:number>/restreindre/retirer/", unname, "insider_unname"),
):
    client_site.mount(route, view, name_of_view)
