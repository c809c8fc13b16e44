"""Where one can go by a few letters (Ctrl+K): rooms, views, incidents, clients."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency.access import clients_of
from agency.admin.guard import person_of
from agency.admin.sites import HouseSite, agency_site, client_site
from agency.hosts import agency_url

OFFERS = ("palette_views", "palette_incidents")  # what the rooms offer, each a Group or None


@dataclass(frozen=True)
class Place:
    """Somewhere to go: its words and its address."""

    words: str
    url: str


@dataclass(frozen=True)
class Group:
    """Places of one kind."""

    words: str
    places: list[Place]


def door(request: HttpRequest, schema_name: str) -> str:
    """The agency's door into a client, whichever host the person is on."""
    path = reverse("hand_over", args=[schema_name], urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return agency_url(request, path)


def _groups(site: HouseSite, request: HttpRequest) -> Iterable[Group]:
    rooms: list[dict[str, Any]] = site.sections_for(request)
    yield Group(_("Rooms"), [Place(room["label"], room["url"]) for room in rooms])
    for name in OFFERS:
        offered = site.offered(name, request)
        if offered is not None:
            yield offered
    clients = clients_of(person_of(request))
    yield Group(_("Clients"), [Place(client.name, door(request, client.schema_name)) for client in clients])


@require_GET
def of_the_agency(request: HttpRequest) -> HttpResponse:
    """A part of a page: asked when the palette opens."""
    return render(request, "agency/palette.html", {"groups": _groups(agency_site, request)})


@require_GET
def of_a_client(request: HttpRequest) -> HttpResponse:
    """The same on a client's host."""
    return render(request, "agency/palette.html", {"groups": _groups(client_site, request)})


agency_site.mount("aller/", of_the_agency, "palette")
client_site.mount("aller/", of_a_client, "palette")
