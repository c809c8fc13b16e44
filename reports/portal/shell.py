"""What every page of the portal has around it: its rooms in the header, and whose eyes they are."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from agency import clock
from reports.portal.guard import approves, is_seen_by_the_agency


def shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page of the portal; the room of words to approve is there for who may approve them."""
    rooms = [(_("Home"), reverse("portal_home")), (_("Reports"), reverse("portal_reports"))]
    if approves(request):
        rooms.append((_("Words to approve"), reverse("portal_words")))
    here = request.path
    sections = [
        {"label": label, "url": url, "is_current": here == url or (url != "/" and here.startswith(url))}
        for label, url in rooms
    ]
    base = {"sections": sections, "seen_by_agency": is_seen_by_the_agency(request), "now": clock.now()}
    return render(request, f"portal/{template}.html", {**base, **context})
