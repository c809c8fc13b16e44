"""What whoever reads a page of the list to sort may know of: asked once for a page."""

from django.http import HttpRequest

from agency.admin.guard import person_of
from clients.selectors.hidden import Hidden, hidden_from
from clients.selectors.mentions import View, views_for


def hidden_of(request: HttpRequest) -> Hidden:
    if not hasattr(request, "_hidden"):
        request._hidden = hidden_from(person_of(request))  # type: ignore[attr-defined]
    return request._hidden  # type: ignore[attr-defined,no-any-return]


def views_of(request: HttpRequest) -> dict[str, View]:
    """The views by their key, without what the person may not know of."""
    return views_for(hidden_of(request))
