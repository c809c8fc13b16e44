"""The reading of an incident: who strikes, with whom, when, how it spreads, and whether it will pass."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency.admin.guard import client_of
from agency.roles import Can, can
from incidents.admin.guard import incident_or_404
from incidents.admin.views import shown
from incidents.selectors import reading


@require_GET
def incident_reading(request: HttpRequest, number: int) -> HttpResponse:
    """Every section that the machine has worked out, each with its ground, and what a person may change."""
    subject = incident_or_404(number)
    read = reading.reading_of(subject)
    may_run = can(request.user, client_of(request), Can.RUN_INCIDENT)
    title = _("Reading of %(reference)s") % {"reference": subject.reference}
    return shown(request, "reading", title, incident=subject, reading=read, may_run=may_run)
