"""Follow-ups: the client's list, and their acts from the list, an incident, a debrief or a report."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.access import staff_of
from agency.admin.guard import client_of, needs, person_of, team_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can, can
from incidents.admin.follow_up_forms import FollowUpForm, OwnerForm
from incidents.admin.guard import errors_as_message, incident_or_404
from incidents.admin.page import shown
from incidents.choices import FollowUpState
from incidents.models import Debrief, FollowUp
from incidents.selectors import follow_ups as read
from incidents.services import follow_ups
from incidents.services.refusals import Refused


@require_GET
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """All those of the client that the person may know of: to do, late first; then what was ended."""
    today = clock.now().astimezone(ZoneInfo(client_of(request).timezone)).date()
    rows = read.seen(person_of(request))
    to_do = read.told(rows.filter(state=FollowUpState.OPEN), today)
    ended = rows.exclude(state=FollowUpState.OPEN).order_by("-ended_at", "-id")
    page = Paginator(ended, 50).get_page(request.GET.get("page"))
    late = sum(one.is_late for one in to_do)
    may_run = can(request.user, client_of(request), Can.RUN_INCIDENT)
    people = list(staff_of(client_of(request)))
    return shown(
        request, "follow_ups", _("Follow-ups"), to_do=to_do, late=late, page=page,
        past=[read.Followed(row, is_late=False) for row in page], may_run=may_run, people=people,
    )  # fmt: skip


@require_POST
@needs(Can.RUN_INCIDENT)
def add(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = FollowUpForm(request.POST, team=team_of(request))
    asked = whole_number(request.POST.get("debrief", ""))
    debrief = get_object_or_404(Debrief, pk=asked, incident=subject) if asked else None
    if not form.is_valid():
        errors_as_message(request, form)
        return _back(request)
    given, by, now = form.cleaned_data, person_of(request), clock.now()
    return _acted(
        request,
        lambda: follow_ups.add(incident=subject, debrief=debrief, by=by, now=now, **given),
        _("Kept. It is asked for until it is done, or dropped with a reason."),
    )


@require_POST
@needs(Can.RUN_INCIDENT)
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now, note = _row(request, pk), person_of(request), clock.now(), request.POST.get("note", "")
    words = _("Done, and written in the log. It can be taken back below.")
    return _acted(request, lambda: follow_ups.finish(follow_up=row, note=note, by=by, now=now), words)


@require_POST
@needs(Can.RUN_INCIDENT)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now, reason = _row(request, pk), person_of(request), clock.now(), request.POST.get("reason", "")
    words = _("Dropped. It can be taken back below.")
    return _acted(request, lambda: follow_ups.drop(follow_up=row, reason=reason, by=by, now=now), words)


@require_POST
@needs(Can.RUN_INCIDENT)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now = _row(request, pk), person_of(request), clock.now()
    return _acted(request, lambda: follow_ups.take_back(follow_up=row, by=by, now=now), _("It is to be done again."))


@require_POST
@needs(Can.RUN_INCIDENT)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now = _row(request, pk), person_of(request), clock.now()
    form = OwnerForm(request.POST, team=team_of(request))
    if not form.is_valid():
        errors_as_message(request, form)
        return _back(request)
    given = form.cleaned_data
    return _acted(request, lambda: follow_ups.move(follow_up=row, by=by, now=now, **given), _("Moved."))


def _row(request: HttpRequest, pk: int) -> FollowUp:
    return get_object_or_404(read.seen(person_of(request)), pk=pk)


def _acted(request: HttpRequest, act: Callable[[], object], words: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, words)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the act came from, when it is one of ours; else to the list."""
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if is_ours else reverse("client_admin:follow_ups"))


for route, view, name in (
    ("suites/", follow_up_list, "follow_ups"),
    ("incidents/<int:number>/suites/", add, "follow_up_add"),
    ("suites/<int:pk>/faite/", finish, "follow_up_finish"),
    ("suites/<int:pk>/abandonner/", drop, "follow_up_drop"),
    ("suites/<int:pk>/reprendre/", take_back, "follow_up_take_back"),
    ("suites/<int:pk>/deplacer/", move, "follow_up_move"),
):
    client_site.mount(route, view, name)
