"""The rota on the agency's site: a week of it, a shift and what may be done with it, and the way back."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.access import clients_of
from agency.admin.guard import person_of
from agency.admin.rota_forms import AddForm, ChangeForm, CutForm, OfferForm, ReplaceForm, SwapForm, hours_of, staff_for
from agency.admin.sites import agency_site
from agency.models import AuditEvent, Client, Shift, User
from agency.numbers import whole_number
from agency.roles import Can, can
from agency.selectors.rota_desk import desk_rota
from agency.selectors.rota_week import week
from agency.services import rota, shift_offers
from agency.templatetags.rempart import far_hours
from agency.wall_clock import day_of

LONGEST_PROPOSED = timedelta(days=1)
SWAPS_WITHIN = timedelta(days=28)
GAPS_SHOWN = 8
Act = Callable[[], rota.Done]


# -- who may -----------------------------------------------------------------------------------------------------------


def planned_by(person: User) -> QuerySet[Client]:
    """The clients whose rota the person may write, by name."""
    mine = [client.pk for client in clients_of(person) if can(person, client, Can.PLAN_ROTA)]
    return Client.objects.filter(pk__in=mine).order_by("name", "id")


def visible(person: User) -> QuerySet[Shift]:
    """Shifts for every client, and those of the clients the person may see."""
    kept = Shift.objects.filter(Q(client=None) | Q(client__in=clients_of(person)))
    return kept.select_related("person", "client", "offered_to")


def _shift_or_404(request: HttpRequest, pk: int) -> Shift:
    return get_object_or_404(visible(person_of(request)), pk=pk, taken_off_at=None)


def _to_plan(request: HttpRequest, pk: int) -> Shift:
    """The shift, for who may plan it; 403 for who only sees it."""
    shift = _shift_or_404(request, pk)
    if not can(request.user, shift.client, Can.PLAN_ROTA):
        raise PermissionDenied
    return shift


# -- the week ----------------------------------------------------------------------------------------------------------


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The week of `?semaine=` (a day of it), this one without."""
    person, now = person_of(request), clock.now()
    clients = list(clients_of(person))
    shown = week(clients, _monday(request.GET.get("semaine", ""), now), now=now, language=get_language() or "fr")
    ahead = desk_rota(clients, person, now)
    context = {
        **agency_site.each_context(request),
        "title": _("Rota"),
        "week": shown,
        "far": [one for one in clients if far_hours(one)],
        "now": now,
        "clients": clients,
        "rota": ahead,
        "gaps": ahead.gaps[:GAPS_SHOWN],
        "gaps_more": max(0, len(ahead.gaps) - GAPS_SHOWN),
        "booked": ahead.booked[:GAPS_SHOWN],
        "may_plan": any(can(person, client, Can.PLAN_ROTA) for client in clients),
        "offered": ahead.offered,
    }
    return render(request, "agency/rota/week.html", context)


def _monday(text: str, now: datetime) -> date:
    """The Monday of the day named; this week's for anything else."""
    try:
        chosen = parse_date(text)
    except ValueError:
        chosen = None
    day = chosen if chosen and 2000 <= chosen.year < 2100 else day_of(now)
    return day - timedelta(days=day.weekday())


# -- a new shift -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Asks for a shift, with the hours of a gap (`?de=`, `?a=`, `?client=`) already there."""
    person = person_of(request)
    clients, for_all = planned_by(person), can(person, None, Can.PLAN_ROTA)
    if not clients and not for_all:
        raise PermissionDenied
    given = request.POST if request.method == "POST" else None
    form = AddForm(given, clients=clients, for_all=for_all, initial=_asked_hours(request))
    if given is not None and form.is_valid() and form.starts_at and form.ends_at:
        wish = {name: form.cleaned_data[name] for name in ("person", "client", "rank", "note", "weeks")}
        starts_at, ends_at, now = form.starts_at, form.ends_at, clock.now()
        done = _tried(form, lambda: rota.add(**wish, starts_at=starts_at, ends_at=ends_at, by=person, now=now))
        if done:
            return _said(request, done, _("On the rota."), form)
    context = {**agency_site.each_context(request), "title": _("A new shift"), "form": form}
    return render(request, "agency/rota/add.html", context, status=422 if given is not None else 200)


def _asked_hours(request: HttpRequest) -> dict[str, Any]:
    try:
        begins, ends = (parse_datetime(request.GET.get(name, "")) for name in ("de", "a"))
    except ValueError:
        begins = ends = None
    hours = {}
    if begins and ends and begins.tzinfo and ends.tzinfo and 2000 <= begins.year <= ends.year < 2100:
        hours = hours_of(begins, ends)
        if ends - begins > LONGEST_PROPOSED:
            del hours["last_day"], hours["ends"]
    return {**hours, "client": whole_number(request.GET.get("client", "")), "weeks": 1}


# -- a shift and its acts ----------------------------------------------------------------------------------------------


@require_GET
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _shift_or_404(request, pk))


def _page(request: HttpRequest, row: Shift, **refused: Form) -> HttpResponse:
    """The shift's page; a form that was refused shows what was typed and why."""
    person, now = person_of(request), clock.now()
    is_ahead = row.ends_at > now
    may_plan = is_ahead and can(person, row.client, Can.PLAN_ROTA)
    is_mine = row.person_id == person.pk
    context = {
        **agency_site.each_context(request),
        "title": _("Shift of %(person)s") % {"person": row.person},
        "shift": row,
        "far": [row.client] if far_hours(row.client) else [],
        "now": now,
        "is_over": not is_ahead,
        "is_running": row.starts_at <= now < row.ends_at,
        "is_mine": is_mine,
        "is_asked": row.offered_to_id == person.pk and is_ahead,
        "later_weeks": may_plan and row.series is not None and _later(row).exists(),
        "forms": _forms(row, now) | refused if may_plan else {},
        "offer_form": refused.get("offer") or OfferForm(people=_colleagues(row)) if is_mine and is_ahead else None,
    }
    return render(request, "agency/rota/shift.html", context, status=422 if refused else 200)


def _forms(row: Shift, now: datetime) -> dict[str, Form]:
    hours, saw = hours_of(row.starts_at, row.ends_at), rota.seen(row)
    forms: dict[str, Form] = {
        "change": ChangeForm(initial={**hours, "rank": row.rank, "note": row.note, "saw": saw}),
        "replace": ReplaceForm(people=_colleagues(row), initial={"saw": saw}),
        "cut": CutForm(initial={"day": hours["first_day"], "saw": saw}),
    }
    others = _swaps(row, now)
    return {**forms, "swap": SwapForm(others=others)} if row.starts_at > now and others.exists() else forms


def _colleagues(row: Shift) -> QuerySet[User]:
    """Those who may hold the shift, but for its holder."""
    everywhere = Q(memberships__client=None) | Q(memberships__client=row.client)
    who = staff_for(Client.objects.none(), for_all=True).filter(everywhere)
    return who.exclude(pk=row.person_id)


def _later(row: Shift) -> QuerySet[Shift]:
    return Shift.objects.filter(series=row.series, taken_off_at=None, starts_at__gt=row.starts_at)


def _swaps(row: Shift, now: datetime) -> QuerySet[Shift]:
    ahead = Shift.objects.filter(client=row.client, taken_off_at=None, starts_at__gt=now)
    ahead = ahead.filter(starts_at__lt=row.starts_at + SWAPS_WITHIN).exclude(person=row.person)
    return ahead.select_related("person", "client").order_by("starts_at", "id")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    row = _to_plan(request, pk)
    form, by, now = ChangeForm(request.POST), person_of(request), clock.now()
    if form.is_valid() and form.starts_at and form.ends_at:
        wish = {name: form.cleaned_data[name] for name in ("rank", "note", "saw")}
        begins, ends = form.starts_at, form.ends_at
        done = _tried(form, lambda: rota.change(shift=row, starts_at=begins, ends_at=ends, **wish, by=by, now=now))
        if done:
            return _said(request, done, _("Shift changed."), form)
    return _page(request, row, change=form)


@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    row = _to_plan(request, pk)
    form, by, now = ReplaceForm(request.POST, people=_colleagues(row)), person_of(request), clock.now()
    if form.is_valid():
        who, saw = form.cleaned_data["person"], form.cleaned_data["saw"]
        done = _tried(
            form, lambda: rota.replace(shift=row, person=who, from_=form.from_, to=form.to, saw=saw, by=by, now=now)
        )
        if done:
            return _said(request, done, _("%(person)s holds it now.") % {"person": who}, form)
    return _page(request, row, replace=form)


@require_POST
def cut(request: HttpRequest, pk: int) -> HttpResponse:
    row = _to_plan(request, pk)
    form, by, now = CutForm(request.POST), person_of(request), clock.now()
    if form.is_valid() and form.at:
        at, saw = form.at, form.cleaned_data["saw"]
        done = _tried(form, lambda: rota.cut(shift=row, at=at, saw=saw, by=by, now=now))
        if done:
            return _said(request, done, _("Cut in two: each part can now be given away."), form)
    return _page(request, row, cut=form)


@require_POST
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now = _to_plan(request, pk), person_of(request), clock.now()
    form = SwapForm(request.POST, others=_swaps(row, now))
    if form.is_valid():
        other = form.cleaned_data["other"]
        done = _tried(form, lambda: rota.swap(shift=row, other=other, by=by, now=now))
        if done:
            return _said(request, done, _("Swapped."))
    return _page(request, row, swap=form)


@require_POST
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Off the rota; with `later` the later weeks made with it too."""
    row, by, now = _to_plan(request, pk), person_of(request), clock.now()
    and_later = bool(request.POST.get("later"))
    return _acted(
        request,
        row,
        lambda: rota.take_off(shift=row, and_later=and_later, by=by, now=now),
        _("Taken off the rota."),
    )


@require_POST
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """The holder asks a colleague."""
    row, by, now = _shift_or_404(request, pk), person_of(request), clock.now()
    if row.person_id != by.pk:
        raise PermissionDenied
    form = OfferForm(request.POST, people=_colleagues(row))
    if form.is_valid():
        try:
            shift_offers.offer(shift=row, to=form.cleaned_data["person"], by=by, now=now)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("Asked. Until %(person)s accepts, the shift stays yours.")
            messages.success(request, words % {"person": form.cleaned_data["person"]})
            return redirect(_address(row))
    return _page(request, row, offer=form)


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now = _shift_or_404(request, pk), person_of(request), clock.now()
    return _acted(request, row, lambda: shift_offers.accept(shift=row, by=by, now=now), _("The shift is yours."))


@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    row, by, now = _shift_or_404(request, pk), person_of(request), clock.now()
    try:
        shift_offers.decline(shift=row, by=by, now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("No longer offered: the shift stays with %(person)s.") % {"person": row.person})
    return redirect(_address(row))


@require_POST
def undo(request: HttpRequest, event: int) -> HttpResponse:
    """Takes an act back, for whoever did it or may plan all it touched."""
    row, by = get_object_or_404(AuditEvent, pk=event, subject=rota.SUBJECT), person_of(request)
    touched = rota.touched_by(row)
    if not touched or not all(_may_see(by, one) for one in touched):
        raise Http404
    if row.user_id != by.pk and not all(can(by, one.client, Can.PLAN_ROTA) for one in touched):
        raise PermissionDenied
    return _acted(request, touched[0], lambda: rota.take_back(event=row, by=by, now=clock.now()), _("Undone."))


def _may_see(person: User, row: Shift) -> bool:
    return row.client is None or can(person, row.client, Can.READ_DESK)


# -- what is said after an act -----------------------------------------------------------------------------------------


def _tried(form: Form, act: Act) -> rota.Done | None:
    """What the act did; None when it was refused, which the form then says."""
    try:
        return act()
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _acted(request: HttpRequest, row: Shift, act: Act, words: str) -> HttpResponse:
    try:
        done = act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_week_of(row))
    return _said(request, done, words)


def _said(request: HttpRequest, done: rota.Done, words: str, form: Form | None = None) -> HttpResponse:
    """Back to the week of the act, with its undo and what is worth knowing."""
    for warning in (*getattr(form, "said", ()), *done.warnings[:GAPS_SHOWN]):
        messages.warning(request, warning)
    messages.success(request, words, extra_tags=reverse("agency_admin:rota_undo", args=[done.event.pk]))
    return redirect(_week_of(done.shifts[0]))


def _week_of(row: Shift) -> str:
    return f"{reverse('agency_admin:rota')}?semaine={day_of(row.starts_at)}"


def _address(row: Shift) -> str:
    return reverse("agency_admin:rota_shift", args=[row.pk])


for route, view, name in (
    ("garde/", show, "rota"),
    ("garde/ajouter/", add, "rota_add"),
    ("garde/<int:pk>/", shift, "rota_shift"),
    ("garde/<int:pk>/changer/", change, "rota_change"),
    ("garde/<int:pk>/remplacer/", replace, "rota_replace"),
    ("garde/<int:pk>/couper/", cut, "rota_cut"),
    ("garde/<int:pk>/echanger/", swap, "rota_swap"),
    ("garde/<int:pk>/retirer/", take_off, "rota_take_off"),
    ("garde/<int:pk>/proposer/", offer, "rota_offer"),
    ("garde/<int:pk>/accepter/", accept, "rota_accept"),
    ("garde/<int:pk>/decliner/", decline, "rota_decline"),
    ("garde/annuler/<int:event>/", undo, "rota_undo"),
):
    agency_site.mount(route, view, name)
