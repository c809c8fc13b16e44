"""“I have read it”: the page behind the link of a message. A GET shows one button; only that button says so."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agency import clock
from agency.links import NotUsable, Withdrawn
from incidents.services import acknowledgements


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that was never ours, 410 for one that is over or withdrawn; in the language of the message."""
    try:
        briefing = acknowledgements.meant_by(token, now=clock.now())
    except NotUsable as error:
        if not error.is_expired:
            raise Http404 from error
        why = {"is_expired": True, "is_withdrawn": isinstance(error, Withdrawn)}
        return render(request, "incidents/read.html", why, status=410)
    if request.method == "POST":
        acknowledgements.acknowledge(briefing=briefing, now=clock.now())
        return redirect("briefing_read", token=token)
    with translation.override(briefing.language):
        answer = render(request, "incidents/read.html", {"briefing": briefing, "incident": briefing.incident})
    answer["Content-Language"] = briefing.language
    return answer
