"""The list to sort: what was said, what the machine makes of it and why, and what to do with it."""

import hashlib
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number, whole_numbers
from agency.roles import Can, can
from clients.admin.guard import back_to, shown
from clients.admin.labels import correction, mark_of, shown_label, taken_for_granted
from clients.admin.narrowing import as_query, choices, narrowed_by
from clients.admin.positions import at_hand
from clients.admin.undoing import say_done, toast, undone
from clients.models import Mention
from clients.selectors import folds, mentions
from clients.selectors.hearing import hearing
from clients.services import corrections, triage
from clients.tasks import learn_client, wake

VIEW_WORDS = {
    "a-trier": _("To sort"),
    "urgences": _("Urgent"),
    "reclamations": _("Real complaints"),
    "attaques": _("Attacks"),
    "popcorn": _("Popcorn"),
    "rattachees": pgettext_lazy("mentions", "Attached by a person"),
    "ecartees": pgettext_lazy("mentions", "Set aside"),
    "tout": _("All"),
    "incertaines": _("Left open"),
    "tirees": _("Drawn to be checked"),
}
ASKED = {
    "incertaines": _(
        "The machine did not settle these: your word teaches it most here. Nobody has spoken of them yet, the latest"
        " first."
    ),
    "tirees": _(
        "One mention in twenty, drawn by its number whatever the machine answered: once checked, they tell how often it"
        " is right for this client."
    ),
}
MOST_AT_ONCE = 500


@require_GET
def sort(request: HttpRequest) -> HttpResponse:
    """`?vue=` the view, `apres=` where the page begins, `m=` the mention shown beside; all state is in the address.

    `source`, `requete`, `langue`, `q` and `racine` narrow it. 304 while nothing moved (X-Live polling).
    """
    view = mentions.VIEW.get(request.GET.get("vue", "a-trier"))
    after = mentions.Place.read(request.GET["apres"]) if "apres" in request.GET else None
    if view is None or ("apres" in request.GET and after is None):
        raise Http404
    etag = _etag(request)
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = shown(request, "triage", str(VIEW_WORDS[view.key]), etag=etag, **_page(request, view, after))
    response["ETag"] = etag
    return response


def _etag(request: HttpRequest) -> str:
    """The same for a minute at most, whatever moved: an incident may have taken a mention in."""
    told = f"{mentions.revision()}-{clock.now():%Y%m%d%H%M}-{request.LANGUAGE_CODE}-{request.get_full_path()}"  # type: ignore[attr-defined]
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _page(request: HttpRequest, view: mentions.View, after: mentions.Place | None) -> dict[str, Any]:
    narrowed = narrowed_by(request.GET)
    page = mentions.page(view, after, narrowed)
    chosen, rows = _chosen(request, page), _rows(page.rows)
    here = _address(view, after, narrowed)
    return {
        "views": _views(view, narrowed),
        "view": view,
        "page": page,
        "rows": rows,
        "narrowed": narrowed,
        "choices": choices(narrowed),
        "root": mentions.whole(narrowed.root) if narrowed.root is not None else None,
        "chosen": chosen,
        "pane": _pane(request, chosen, rows) if chosen else None,
        "here": here,
        "here_chosen": f"{here}&m={chosen.pk}" if chosen else here,
        "first_page": _address(view, None, narrowed),
        "asked": ASKED.get(view.key, ""),
        "next_page": _address(view, page.following, narrowed) if page.following else "",
        "is_first": after is None,
        "may_sort": can(request.user, client_of(request), Can.TRIAGE),
        "hearing": hearing(clock.now()),
        "toast": toast(request),
        "page_keys": [
            ("e", _("set aside")),
            ("a", _("attach")),
            ("c", _("correct the label")),
            ("p", _("copy the position")),
            ("/", _("search")),
        ],
    }


def _rows(shown_ones: list[Mention]) -> list[dict[str, Any]]:
    counts = folds.folds_of([row.pk for row in shown_ones])
    return [{"mention": row, "mark": mark_of(row.intent), "folds": counts.get(row.pk)} for row in shown_ones]


def _address(view: mentions.View, after: mentions.Place | None, narrowed: mentions.Narrowed) -> str:
    query = {"vue": view.key, **as_query(narrowed), **({"apres": after} if after else {})}
    return f"{reverse('client_admin:sort')}?{urlencode(query)}"


def _views(current: mentions.View, narrowed: mentions.Narrowed) -> list[dict[str, Any]]:
    counts = mentions.counts()
    kept = as_query(replace(narrowed, root=None))
    return [
        {
            "query": urlencode({"vue": view.key, **kept}),
            "words": VIEW_WORDS[view.key],
            "count": min(counts[view.key], mentions.COUNTED_UP_TO) if view.key in counts else None,
            "is_more": counts.get(view.key, 0) > mentions.COUNTED_UP_TO,
            "is_current": view == current,
        }
        for view in mentions.VIEWS
    ]


def _chosen(request: HttpRequest, page: mentions.Page) -> Mention | None:
    wanted = whole_number(request.GET.get("m", ""))
    if wanted is not None:
        for row in page.rows:
            if row.pk == wanted:
                return row
        return get_object_or_404(Mention.objects.select_related("author"), pk=wanted)
    return page.rows[0] if page.rows else None


def _pane(request: HttpRequest, mention: Mention, rows: list[dict[str, Any]]) -> dict[str, Any]:
    beside = [row for row in rows if row["mention"] == mention]
    labels = mentions.labels_of(mention)
    return {
        "labels": [shown_label(label) for label in labels.values()],
        "taken": taken_for_granted(labels),
        "correction": correction(mention, labels),
        "positions": at_hand(mention, list(mentions.brands_of(mention))),
        **_incidents(request, mention),
        "versions": mention.versions.count() if mention.edited_at else 0,
        "folds": beside[0]["folds"] if beside else folds.folds_of([mention.pk]).get(mention.pk),
    }


def _incidents(request: HttpRequest, mention: Mention) -> dict[str, Any]:
    """The incidents that hold the mention already, be it in the machine's name alone, and the other open ones."""
    going_on = client_site.offered("open_incidents", request) or []
    holding = client_site.offered("incidents_holding", request)(mention.pk) if going_on else []
    return {"holding": holding, "incidents": [one for one in going_on if one not in holding]}


def _ticked(request: HttpRequest) -> list[int]:
    """The mentions ticked, or else the one shown; at most five hundred."""
    given = request.POST.getlist("mention") or request.POST.getlist("current")
    return whole_numbers(given)[:MOST_AT_ONCE]


@require_POST
@needs(Can.TRIAGE)
def set_aside(request: HttpRequest) -> HttpResponse:
    moved = triage.set_aside(mention_ids=_ticked(request), by=person_of(request), now=clock.now())
    if moved.ids:
        count = len(moved.ids)
        words = ngettext("%(count)d mention set aside", "%(count)d mentions set aside", count) % {"count": count}
        say_done(request, words + _along(moved), "aside", moved.ids)
    else:
        messages.warning(request, _("No mention to set aside: tick some, or choose one."))
    return redirect(back_to(request, reverse("client_admin:sort")))


def _along(moved: triage.Moved) -> str:
    """What is said of those that only repeat the mentions moved; nothing when there is none."""
    if not moved.along:
        return ""
    words = ngettext(", with %(count)d repeat", ", with %(count)d repeats", moved.along)
    return words % {"count": moved.along}


@require_POST
@needs(Can.TRIAGE)
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo. A token that is old, altered or another client's undoes nothing."""
    try:
        ids = undone(request, "aside")
    except signing.BadSignature:
        messages.warning(request, _("This can no longer be undone."))
    else:
        moved = triage.put_back(mention_ids=ids, by=person_of(request), now=clock.now())
        count = len(moved.ids)
        words = ngettext("%(count)d mention is back in the list", "%(count)d mentions are back in the list", count)
        messages.success(request, words % {"count": count} + _along(moved))
    return redirect(back_to(request, reverse("client_admin:sort")))


@require_POST
@needs(Can.TRIAGE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's labels: those that were changed, or with `whole` all of them, which says that each was looked at."""
    mention = get_object_or_404(Mention, pk=pk)
    is_whole = "whole" in request.POST
    axes = [one["name"] for one in correction(mention, mentions.labels_of(mention))]
    given = {axis: request.POST.get(axis, "") for axis in axes}
    seen = {axis: request.POST[f"seen_{axis}"] for axis in axes if f"seen_{axis}" in request.POST}
    by, now = person_of(request), clock.now()
    try:
        said = corrections.say(mention=mention, given=given, seen=seen, whole=is_whole, by=by, now=now)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if said:
            words = _("Checked: your word counts.") if is_whole else _("Label corrected: yours counts.")
            say_done(request, str(words), "said", [label.pk for label in said])
            wake(learn_client)
    return redirect(back_to(request, reverse("client_admin:sort"), "list" if is_whole else "next"))


@require_POST
@needs(Can.TRIAGE)
def take_back(request: HttpRequest) -> HttpResponse:
    """Undo of a correction: what was said before counts again. The token is as that of `put_back`."""
    try:
        labels = undone(request, "said")
    except signing.BadSignature:
        messages.warning(request, _("This can no longer be undone."))
    else:
        corrections.take_back(labels=labels, by=person_of(request), now=clock.now())
        messages.success(request, _("Taken back: what was said before counts again."))
    return redirect(back_to(request, reverse("client_admin:sort")))


client_site.add_section(_("To sort"), "sort", Can.READ_DESK)
for route, staff_view, name in (
    ("tri/", sort, "sort"),
    ("tri/ecarter/", set_aside, "sort_set_aside"),
    ("tri/remettre/", put_back, "sort_put_back"),
    ("tri/reprendre/", take_back, "sort_take_back"),
    ("tri/<int:pk>/classer/", correct, "sort_correct"),
):
    client_site.mount(route, staff_view, name)
