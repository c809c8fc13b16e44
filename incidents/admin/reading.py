"""The reading of an incident: who strikes, with whom, when, how it spreads, and whether it will pass."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.roles import Can, can
from incidents.admin.guard import incident_or_404
from incidents.admin.views import shown
from incidents.choices import IncidentRole
from incidents.selectors import reading
from incidents.services import roles
from incidents.services.refusals import Refused


@require_GET
def incident_reading(request: HttpRequest, number: int) -> HttpResponse:
    """Every section that the machine has worked out, each with its ground, and what a person may change."""
    subject = incident_or_404(number)
    read = reading.reading_of(subject)
    may_run = can(request.user, client_of(request), Can.RUN_INCIDENT)
    title = _("Reading of %(reference)s") % {"reference": subject.reference}
    return shown(request, "reading", title, incident=subject, reading=read, may_run=may_run, roles=IncidentRole.choices)


@require_POST
@needs(Can.RUN_INCIDENT)
def incident_role(request: HttpRequest, number: int, author: int) -> HttpResponse:
    """A person confirms, changes or removes what an account presumably does."""
    subject = incident_or_404(number)
    try:
        roles.decide(
            incident=subject,
            author_id=author,
            role=request.POST.get("role", ""),
            by=person_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, _("Noted: your word counts, whatever is read later."))
    return redirect(reverse("client_admin:incident_reading", args=[number]) + "#people")
