"""The page of the link in a call: one button, no account, nothing decided by opening it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agency import clock, links
from incidents.choices import AlertState, Matter
from incidents.models import AlertCall
from incidents.services import answers

GONE = 410


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what calls, whoever reads the mail (its scanners too); only the button answers."""
    now = clock.now()
    try:
        call = answers.called_by(token, now=now)
        if request.method == "POST":
            answers.answer(token=token, now=now)
            return redirect("alert_answer", token)
    except links.NotUsable as refusal:
        state = "withdrawn" if isinstance(refusal, links.Withdrawn) else "expired" if refusal.is_expired else "broken"
        return _shown(request, {"state": state}, status=404 if state == "broken" else GONE)
    with translation.override((call.contact or call.person).language):  # type: ignore[union-attr]
        return _shown(request, _told(call))


def _told(call: AlertCall) -> dict[str, Any]:
    incident = call.alert.incident
    alert = answers.that_it_answers(call)
    is_over = alert.state == AlertState.STOPPED
    return {
        "state": "over" if is_over else "answered" if alert.state == AlertState.ANSWERED else "asks",
        "incident": incident,
        "alert": alert,
        "recipient": call.contact or call.person,
        "is_mine": (call.contact or call.person) == (alert.answered_contact or alert.answered_by),
        "answered_by": alert.answered_contact or alert.answered_by,
        "is_proposal": alert.matter == Matter.PROPOSED,
        "is_staff": call.contact is None,
    }


def _shown(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "incidents/answer.html", context, status=status)
    # The house's policy for referrers stands, which sends none elsewhere: with "no-referrer" browsers would post the
    # button from the origin "null", which is refused as somebody else's form.
    response["X-Robots-Tag"] = "noindex"
    return response
