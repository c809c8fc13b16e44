"""The alert of an incident on its page: who was called when by what, who answered; answer it, silence it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.guard import needs, person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can
from incidents.admin.guard import done, incident_or_404, refused
from incidents.models import Alert, Incident
from incidents.selectors import alerts
from incidents.services import answers, escalation
from incidents.services.refusals import Refused


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of its alerts."""
    told = alerts.of_incident(incident)
    under_way = told[0] if told and told[0].is_calling else None
    language = "en" if get_language() == "en" else "fr"
    return {
        "alerts": told,
        "alert": under_way,
        "alert_why": told[0].alert.reasons.get(language, "") if told else "",
    }


@require_POST
@needs(Can.RUN_INCIDENT)
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    """“I take it into account”: every call still to come stops. Whoever is second is told who was first."""
    subject = incident_or_404(request, number)
    seen = Alert.objects.filter(incident=subject, pk=whole_number(request.POST.get("alert", "")) or 0).first()
    answered = escalation.acknowledge(incident=subject, by=person_of(request), how="page", now=clock.now(), seen=seen)
    if answered is None:
        return _to_the_card(refused(request, subject, Refused("answered_already", _already(subject, seen))))
    return _to_the_card(done(request, subject, _("You have answered: nobody else is called.")))


def _already(incident: Incident, seen: Alert | None) -> str:
    """Who had answered the alert that the page showed, else the last one."""
    if seen is not None:
        seen.refresh_from_db()
    last = seen or answers.last_of(incident)
    who = last and (last.answered_by or last.answered_contact)
    return _("%(name)s had answered already.") % {"name": who} if who else _("No alert is under way.")


@require_POST
@needs(Can.RUN_INCIDENT)
def silence(request: HttpRequest, number: int) -> HttpResponse:
    reason, by, now = request.POST.get("reason", ""), person_of(request), clock.now()
    words = _("Silenced, and written in the log. It can be taken back below.")
    return _acted(request, number, lambda alert: escalation.silence(alert=alert, reason=reason, by=by, now=now), words)


@require_POST
@needs(Can.RUN_INCIDENT)
def speak_again(request: HttpRequest, number: int) -> HttpResponse:
    by, now = person_of(request), clock.now()
    words = _("The reminders go on.")
    return _acted(request, number, lambda alert: escalation.speak_again(alert=alert, by=by, now=now), words)


@require_POST
@needs(Can.RUN_INCIDENT)
def withdraw_links(request: HttpRequest, number: int) -> HttpResponse:
    by, now = person_of(request), clock.now()
    words = _("The links that left are worth nothing any more.")
    return _acted(request, number, lambda alert: answers.withdraw_links(alert=alert, by=by, now=now), words)


def _acted(request: HttpRequest, number: int, act: Callable[[Alert], object], words: str) -> HttpResponse:
    subject = incident_or_404(request, number)
    alert = get_object_or_404(Alert, pk=getattr(answers.last_of(subject), "pk", 0))
    try:
        act(alert)
    except Refused as refusal:
        return _to_the_card(refused(request, subject, refusal))
    return _to_the_card(done(request, subject, words))


def _to_the_card(answer: HttpResponse) -> HttpResponse:
    return redirect(f"{answer['Location']}#alert")


for route, view, name in (
    ("incidents/<int:number>/alerte/", acknowledge, "alert_acknowledge"),
    ("incidents/<int:number>/alerte/taire/", silence, "alert_silence"),
    ("incidents/<int:number>/alerte/reprendre/", speak_again, "alert_speak_again"),
    ("incidents/<int:number>/alerte/liens/", withdraw_links, "alert_withdraw_links"),
):
    client_site.mount(route, view, name)
