"""Hours under fire: one's own, and the team's for those who lead it; and how one wants to read insults."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.access import staff_of
from agency.admin.guard import client_of, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from agency.services import people
from incidents.admin.page import shown
from incidents.care import hours
from incidents.selectors import care as read

MOST_STRETCHES = 40


@require_GET
def care(request: HttpRequest) -> HttpResponse:
    """Hours and nothing else: no total of a month, no rank, no comparison."""
    person, client, now = person_of(request), client_of(request), clock.now()
    language = "en" if get_language() == "en" else "fr"
    leads = can(person, client, Can.CLOSE_INCIDENT)
    team = [one for one in staff_of(client) if one.pk != person.pk] if leads else []
    mine, *others = read.hours_of([person, *team], asked_by=person, client=client, now=now)
    rows = [
        (one.person, hours(one.told.in_a_row), hours(one.told.in_a_day), one.why.say(language) if one.why else "")
        for one in others
        if one.told.in_a_day
    ]
    stretches = [(one, hours(one.length)) for one in reversed(mine.told.stretches[-MOST_STRETCHES:])]
    return shown(
        request, "care", _("Hours under fire"), mine=mine, in_a_row=hours(mine.told.in_a_row),
        in_a_day=hours(mine.told.in_a_day), why=mine.why.say(language) if mine.why else "", stretches=stretches,
        team=rows, leads=leads,
    )  # fmt: skip


@require_POST
def insults(request: HttpRequest) -> HttpResponse:
    """Shows insults at once, or blurs them again: for oneself only."""
    shows = request.POST.get("show") == "1"
    people.show_insults(person=person_of(request), shows=shows)
    messages.success(request, _("Insults are shown at once.") if shows else _("Insults are blurred until asked for."))
    return redirect("client_admin:care")


client_site.mount("soin/", care, "care")
client_site.mount("soin/insultes/", insults, "care_insults")
