"""The agency's page of what keeps: how ready each client is, what is owed after incidents, who holds it for long.

The day's desk brings it in once it stands: it is asked for apart, so that the desk itself stays quick.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency import clock
from agency.access import clients_of
from agency.admin.guard import person_of
from agency.admin.sites import agency_site
from agency.models import Client, User
from incidents.admin.readiness import LOOKS
from incidents.readiness import State
from incidents.selectors import care, desk, desk_owed
from incidents.selectors import readiness as read

MOST_SHOWN = 12


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The worst line of each client, worst clients first; late follow-ups and debriefs; one's own hours."""
    person, now = person_of(request), clock.now()
    clients = list(clients_of(person))
    heard = {one.client.pk: one.hearing for one in desk.heard(clients, now)}
    told = read.of_clients(clients, heard, person=person, now=now)
    language = "en" if get_language() == "en" else "fr"
    rows = []
    for client in clients:
        worst = told[client.pk].worst
        words = told[client.pk].sentence.say(language)
        rows.append((client, words, worst.state.value, *LOOKS[worst.state], _path("readiness")))
    order = [state.value for state in State]
    rows.sort(key=lambda row: order.index(row[2]))  # stable: by name within a state
    owed = desk_owed.owed(clients, person=person, now=now)
    context = {
        **agency_site.each_context(request), "title": _("Readiness and what is owed"), "readiness": rows,
        "owed": _owned(owed[:MOST_SHOWN], person),
        "owed_more": max(0, len(owed) - MOST_SHOWN), "tired": _tired(person, clients, now, language),
    }  # fmt: skip
    return render(request, "incidents/desk_readiness.html", context)


def _tired(person: User, clients: list[Client], now: datetime, language: str) -> str:
    """Why one should prepare a hand-over, by the shortest limits of one's clients; "" when one need not."""
    if not clients:
        return ""
    strictest = min(clients, key=lambda client: (client.care_hours, client.care_hours_a_day))
    (mine,) = care.hours_of([person], asked_by=person, client=strictest, now=now)
    return mine.why.say(language) if mine.why else ""


def _owned(owed: Sequence[desk_owed.Owed], person: User) -> list[tuple[desk_owed.Owed, str, str]]:
    """Each with who owes it and where it is done."""
    names = dict(User.objects.filter(pk__in={one.owner_id or 0 for one in owed}).values_list("pk", "full_name"))
    return [
        (
            one,
            _("yours")
            if one.owner_id == person.pk
            else one.owner_name or names.get(one.owner_id or 0, _("nobody yet")),
            f"{_path('incident', one.incident)}#closing",
        )
        for one in owed
    ]


def _path(name: str, *args: object) -> str:
    return reverse(f"client_admin:{name}", args=args, urlconf=settings.ROOT_URLCONF)


agency_site.mount("preparation/", page, "agency_readiness")
