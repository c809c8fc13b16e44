"""“I have read it”: the page behind the link of a message. A GET shows one button; only that button says so."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agency import clock, links
from agency.links import NotUsable
from incidents.models import Briefing
from incidents.services import acknowledgements


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that was never ours, 410 for one whose days are over; in the language of the message."""
    try:
        briefing = _meant_by(token)
    except NotUsable as error:
        if not error.is_expired:
            raise Http404 from error
        return render(request, "incidents/read.html", {"is_expired": True}, status=410)
    if request.method == "POST":
        acknowledgements.acknowledge(briefing=briefing, now=clock.now())
        return redirect("briefing_read", token=token)
    with translation.override(briefing.language):
        answer = render(request, "incidents/read.html", {"briefing": briefing, "incident": briefing.incident})
    answer["Content-Language"] = briefing.language
    return answer


def _meant_by(token: str) -> Briefing:
    """The message that the link is about; none once its contact is no longer active."""
    (number,) = links.read(acknowledgements.PURPOSE, token, now=clock.now())
    found = Briefing.objects.filter(pk=number, contact__is_active=True)
    briefing = found.select_related("incident", "contact", "situation_report").first()
    if briefing is None:
        raise Http404
    return briefing
