"""Two people at once: who looks at which mention, and what they did with those that the page still shows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.guard import person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number, whole_numbers
from clients.admin.guard import shown
from clients.admin.knowing import hidden_of
from clients.admin.undoing import what_happened
from clients.selectors import presence, sorting
from clients.selectors.hidden import Hidden

LISTED = 100  # mentions that a page asks about


def present(request: HttpRequest, mention_id: int | None) -> list[presence.Present]:
    """Says that the person has the list open at that mention; returns who else is there."""
    return presence.tell(person_of(request), mention_id, clock.now())


@require_GET
def who_is_there(request: HttpRequest) -> HttpResponse:
    """`m` the mention shown, `vus` those listed, `seen` the last act that the page knows of: a part of the page."""
    listed = whole_numbers(request.GET.get("vus", "").split(",")[:LISTED])
    seen = whole_number(request.GET.get("seen", ""))
    changes = [] if seen is None else sorting.changed_since(listed, seen, but_by=person_of(request))
    return shown(
        request,
        "_presence",
        "",
        present=present(request, whole_number(request.GET.get("m", ""))),
        changes=changed(changes, hidden_of(request)),
    )


def changed(changes: list[sorting.Change], hidden: Hidden) -> list[dict[str, Any]]:
    return [{"mention": one.mention_id, "words": what_happened(one.act, hidden)} for one in changes]


client_site.mount("tri/presence/", who_is_there, "sort_presence")
