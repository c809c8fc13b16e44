"""Who was told, on the incident's page and on a report's: read by whom, noted by the team, taken back; the posture."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.guard import needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can
from incidents.admin.guard import done, incident_or_404, refused
from incidents.choices import IncidentState
from incidents.models import Briefing, Incident
from incidents.selectors import composing, told
from incidents.services import acknowledgements
from incidents.services.refusals import Refused


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of who was told; of an open one the cadence, the posture, who is writing."""
    now = clock.now()
    people = told.who_was_told(incident, now)
    shown: dict[str, Any] = {"people_told": people, "unread": sum(bool(one.last.unread_for) for one in people)}
    if incident.state == IncidentState.OPEN:
        shown |= {
            "pace": composing.pace_of(incident, now),
            "posture": composing.posture_words(incident, now),
            "composing": composing.others_writing(incident, person_of(request).pk, now),
        }
    return shown


@require_POST
@needs(Can.RUN_INCIDENT)
def read(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The contact said elsewhere that they have read it: noted under the name of whoever notes it."""
    subject = incident_or_404(request, number)
    row = _message(subject, pk)
    try:
        acknowledgements.acknowledge(briefing=row, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return _back(request, subject, _("Noted as read, under your name. It can be taken back below."))


@require_POST
@needs(Can.RUN_INCIDENT)
def unread(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """Undo of `read`."""
    subject = incident_or_404(request, number)
    try:
        acknowledgements.take_back(briefing=_message(subject, pk), by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return _back(request, subject, _("Taken back."))


@require_POST
@needs(Can.RUN_INCIDENT)
def withdraw_link(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    """The message went astray: its link answers nothing any more."""
    subject = incident_or_404(request, number)
    try:
        acknowledgements.withdraw_link(briefing=_message(subject, pk), by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return _back(request, subject, _("Its link is worth nothing any more. The next message carries another."))


def _message(subject: Incident, pk: int) -> Briefing:
    found = Briefing.objects.select_related("contact", "incident", "situation_report")
    return get_object_or_404(found, incident=subject, pk=pk)


def _back(request: HttpRequest, subject: Incident, words: str) -> HttpResponse:
    return redirect(f"{done(request, subject, words)['Location']}#briefings")


for route, view, name in (
    ("incidents/<int:number>/prevenir/<int:pk>/lu/", read, "incident_read"),
    ("incidents/<int:number>/prevenir/<int:pk>/non-lu/", unread, "incident_unread"),
    ("incidents/<int:number>/prevenir/<int:pk>/lien/", withdraw_link, "incident_withdraw_link"),
):
    client_site.mount(route, view, name)
