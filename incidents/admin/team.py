"""Who does what in an incident, on its page: each part with its holder, given and given back in one gesture."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.guard import needs, person_of, team_of
from agency.admin.sites import client_site
from agency.models import User
from agency.roles import Can
from clients.choices import Duty
from incidents.admin.guard import done, errors_as_message, incident_or_404, page_of, refused
from incidents.admin.people_fields import PersonChoice
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.selectors import duties as read
from incidents.selectors import incidents
from incidents.services import duties
from incidents.services.refusals import Refused

GIVEN = [choice for choice in Duty.choices if choice[0] != Duty.LEAD]  # the lead is handed over beside


class PartForm(forms.Form):
    """A part, and who has it from now on; nobody: it is the lead's again."""

    prefix = "part"

    duty = forms.ChoiceField(label=gettext_lazy("Part"), choices=GIVEN)
    person = PersonChoice(
        label=gettext_lazy("Given to"),
        required=False,
        empty_label=gettext_lazy("the lead, as before"),
    )

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].offer(team)  # type: ignore[attr-defined]


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of its team: before a person has confirmed it, there is none."""
    if incident.state == IncidentState.PROPOSED:
        return {"team": ()}
    is_open = incident.state == IncidentState.OPEN
    return {
        "team": parts_on(request, incident),
        "first_contact": incidents.contacts().first(),
        "part_form": PartForm(team=team_of(request)) if is_open else None,
    }


def parts_on(request: HttpRequest, incident: Incident) -> tuple[read.Held, ...]:
    """Who has which part, read once for all the cards of the incident's page."""
    if not hasattr(request, "_parts"):
        request._parts = read.duties(incident)  # type: ignore[attr-defined]
    return request._parts  # type: ignore[attr-defined,no-any-return]


@require_POST
@needs(Can.RUN_INCIDENT)
def give(request: HttpRequest, number: int) -> HttpResponse:
    """Gives a part, hands it over, or with nobody chosen gives it back to the lead."""
    subject = incident_or_404(request, number)
    form = PartForm(request.POST, team=team_of(request))
    if not form.is_valid():
        errors_as_message(request, form)
        return redirect(page_of(subject) + "#who")
    duty, person = form.cleaned_data["duty"], form.cleaned_data["person"]
    by, now = person_of(request), clock.now()
    try:
        if person is None:
            duties.take_back(incident=subject, duty=duty, by=by, now=now)
        else:
            duties.give(incident=subject, duty=duty, person=person, by=by, now=now)
    except Refused as refusal:
        return refused(request, subject, refusal)
    answer = done(request, subject, _("Said, and written in the log. Given again, it changes hands."))
    return redirect(f"{answer['Location']}#who")


client_site.mount("incidents/<int:number>/equipe/", give, "duty_give")
