"""The acts of the list to sort: on the mentions ticked, on all of a view, or on the one shown; each can be undone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can
from clients import later
from clients.admin.asked import Asked, asked_of
from clients.admin.guard import back_to
from clients.admin.knowing import hidden_of
from clients.admin.labels import correction
from clients.admin.undoing import along, left_alone, say_done
from clients.choices import Axis, SortingKind
from clients.models import Mention, SortingAct
from clients.selectors import mentions
from clients.services import acts, triage
from clients.services.triage import Moved
from clients.tasks import learn_client, wake

Act = Callable[[HttpRequest, Asked], tuple[str, Moved]]


def _home(request: HttpRequest, said_in: str = "next") -> HttpResponse:
    """Back to the list; nothing where the page says that another act follows: its answer will show both."""
    if request.headers.get("X-Sorting") == "more":
        return HttpResponse(status=204)
    return redirect(back_to(request, reverse("client_admin:sort"), said_in))


def _done(request: HttpRequest, act: Act) -> HttpResponse:
    """The act on what was asked, its words, and back to the list."""
    asked = asked_of(request)
    if not asked.ids:
        messages.warning(request, _("No mention chosen: tick some, or choose one."))
        return _home(request)
    try:
        words, moved = act(request, asked)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if moved.act:
            say_done(request, words + along(moved.along), moved)
        else:
            messages.warning(request, _("Nothing to change there: it is so already."))
    return _home(request)


@require_POST
@needs(Can.TRIAGE)
def set_aside(request: HttpRequest) -> HttpResponse:
    return _done(request, _set_aside)


def _set_aside(request: HttpRequest, asked: Asked) -> tuple[str, Moved]:
    moved = triage.set_aside(mention_ids=asked.ids, by=person_of(request), now=clock.now(), seen=asked.seen)
    words = ngettext("%(count)d mention set aside", "%(count)d mentions set aside", len(moved.ids))
    return words % {"count": len(moved.ids)}, moved


@require_POST
@needs(Can.TRIAGE)
def put_back(request: HttpRequest) -> HttpResponse:
    return _done(request, _put_back)


def _put_back(request: HttpRequest, asked: Asked) -> tuple[str, Moved]:
    moved = triage.put_back(mention_ids=asked.ids, by=person_of(request), now=clock.now(), seen=asked.seen)
    words = ngettext("%(count)d mention is back in the list", "%(count)d mentions are back in the list", len(moved.ids))
    return words % {"count": len(moved.ids)}, moved


@require_POST
@needs(Can.TRIAGE)
def wait(request: HttpRequest) -> HttpResponse:
    """`until` in words: "dans 30 min", "demain 9 h", "18:30"."""
    return _done(request, lambda _request, asked: _wait(request, asked, _until(request)))


def _zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(client_of(request).timezone)


def _until(request: HttpRequest) -> datetime:
    until = later.moment(request.POST.get("until", ""), now=clock.now(), zone=_zone(request))
    if until is None:
        raise ValidationError(_("Say until when: “in 30 min”, “tomorrow 9 am”, “18:30”."), code="when")
    return until


def _wait(request: HttpRequest, asked: Asked, until: datetime) -> tuple[str, Moved]:
    moved = triage.wait(mention_ids=asked.ids, until=until, by=person_of(request), now=clock.now(), seen=asked.seen)
    words = ngettext("%(count)d mention waits until %(when)s", "%(count)d mentions wait until %(when)s", len(moved.ids))
    when = date_format(until.astimezone(_zone(request)), "j M, H:i")
    return words % {"count": len(moved.ids), "when": when}, moved


@require_POST
@needs(Can.TRIAGE)
def attach(request: HttpRequest) -> HttpResponse:
    """`holding` or `incident` its number; the incidents' own room carries it out, or refuses."""
    number = whole_number(request.POST.get("holding") or request.POST.get("incident", "")) or 0
    return _done(request, lambda _request, asked: _attach(request, asked, number))


def _attach(request: HttpRequest, asked: Asked, number: int) -> tuple[str, Moved]:
    words, moved = client_site.offered("attach", request)(number, asked.ids, asked.seen)
    return words, moved


@require_POST
@needs(Can.TRIAGE)
def label(request: HttpRequest) -> HttpResponse:
    """`intent`, or another axis by its name: one label on all that is asked."""
    given = next(((axis.value, request.POST[axis]) for axis in Axis if request.POST.get(axis)), ("", ""))
    return _done(request, lambda _request, asked: _label(request, asked, *given))


def _label(request: HttpRequest, asked: Asked, axis: str, value: str) -> tuple[str, Moved]:
    moved = triage.label(
        mention_ids=asked.ids, axis=axis, value=value, by=person_of(request), now=clock.now(), seen=asked.seen
    )
    wake(learn_client)
    words = ngettext(
        "%(count)d label corrected: yours counts", "%(count)d labels corrected: yours count", len(moved.ids)
    )
    return words % {"count": len(moved.ids)}, moved


@require_POST
@needs(Can.TRIAGE)
def not_ours(request: HttpRequest) -> HttpResponse:
    return _done(request, _not_ours)


def _not_ours(request: HttpRequest, asked: Asked) -> tuple[str, Moved]:
    moved = triage.not_ours(mention_ids=asked.ids, by=person_of(request), now=clock.now(), seen=asked.seen)
    words = ngettext("%(count)d mention not about us", "%(count)d mentions not about us", len(moved.ids))
    return words % {"count": len(moved.ids)}, moved


@require_POST
@needs(Can.TRIAGE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's labels: those that were changed, or with `whole` all of them, which says that each was looked at."""
    mention = get_object_or_404(Mention, pk=pk)
    is_whole = "whole" in request.POST
    axes = [one["name"] for one in correction(mention, mentions.labels_of(mention))]
    given = {axis: request.POST.get(axis, "") for axis in axes}
    shown = {axis: request.POST[f"seen_{axis}"] for axis in axes if f"seen_{axis}" in request.POST}
    try:
        moved = triage.say(
            mention=mention,
            given=given,
            shown=shown,
            whole=is_whole,
            by=person_of(request),
            now=clock.now(),
            seen=whole_number(request.POST.get("seen_current", "")),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        say_done(request, _("Checked: your word counts.") if is_whole else _("Label corrected: yours counts."), moved)
        wake(learn_client)
    return _home(request, "list" if is_whole else "next")


@require_POST
@needs(Can.TRIAGE)
def undo(request: HttpRequest) -> HttpResponse:
    """Takes back one's own act of the last ten minutes, `act` its number."""
    number, by, now = whole_number(request.POST.get("act", "")) or 0, person_of(request), clock.now()
    act = SortingAct.objects.filter(pk=number, by=by).first()
    if act is not None and hidden_of(request).hides(act):
        act, number = None, 0  # nobody's act: answered like one
    undone_by = client_site.offered("undo_attached", request) if _is_an_incidents(act) else None
    try:
        done = (undone_by or (lambda given: acts.undo(number=given, by=by, now=now)))(number)
    except (acts.TooLate, ValidationError) as refusal:
        messages.warning(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    else:
        words = ngettext("%(count)d mention is as before.", "%(count)d mentions are as before.", len(done.ids))
        told = " ".join(filter(None, (words % {"count": len(done.ids)}, left_alone(done.left, hidden_of(request)))))
        (messages.warning if done.left else messages.success)(request, told)
    return _home(request)


def _is_an_incidents(act: SortingAct | None) -> bool:
    return act is not None and act.kind == SortingKind.ATTACH


@require_POST
@needs(Can.TRIAGE)
def redo(request: HttpRequest) -> HttpResponse:
    """Does one's act to what it left alone, now that one knows who had changed it."""
    number = whole_number(request.POST.get("act", "")) or 0
    act = SortingAct.objects.filter(pk=number, by=person_of(request), kept__has_key="left").first()
    if act is None or hidden_of(request).hides(act):
        messages.warning(request, _("There is nothing to do again."))
        return _home(request)
    asked = Asked(act.kept["left"], act.kept["told"])
    try:
        words, moved = _again(request, act, asked)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        say_done(request, words + along(moved.along), moved)
    return _home(request)


def _again(request: HttpRequest, act: SortingAct, asked: Asked) -> tuple[str, Moved]:
    kept: Mapping[str, Any] = act.kept
    if act.kind == SortingKind.WAIT:
        return _wait(request, asked, datetime.fromisoformat(kept["until"]))
    if act.kind == SortingKind.ATTACH:
        return _attach(request, asked, kept["number"])
    if act.kind == SortingKind.LABEL:
        return (
            _say_again(request, asked, kept) if "given" in kept else _label(request, asked, kept["axis"], kept["value"])
        )
    if act.kind == SortingKind.SET_ASIDE:
        return (_not_ours if "value" in kept else _set_aside)(request, asked)
    return _put_back(request, asked)


def _say_again(request: HttpRequest, asked: Asked, kept: Mapping[str, Any]) -> tuple[str, Moved]:
    mention = get_object_or_404(Mention, pk=asked.ids[0])
    moved = triage.say(
        mention=mention, given=kept["given"], whole=kept["whole"], by=person_of(request), now=clock.now(),
        seen=asked.seen,
    )  # fmt: skip
    return _("Label corrected: yours counts."), moved


for route, staff_view, name in (
    ("tri/ecarter/", set_aside, "sort_set_aside"),
    ("tri/remettre/", put_back, "sort_put_back"),
    ("tri/attendre/", wait, "sort_wait"),
    ("tri/rattacher/", attach, "sort_attach"),
    ("tri/classer/", label, "sort_label"),
    ("tri/pas-a-nous/", not_ours, "sort_not_ours"),
    ("tri/annuler/", undo, "sort_undo"),
    ("tri/refaire/", redo, "sort_redo"),
    ("tri/<int:pk>/classer/", correct, "sort_correct"),
):
    client_site.mount(route, staff_view, name)
