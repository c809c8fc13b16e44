"""The list to sort: what was said, what the machine makes of it and why, and what to do with it."""

import hashlib
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.guard import client_of, person_of
from agency.admin.palette import Group, Place
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can, can
from clients.admin.asked import MOST_AT_ONCE
from clients.admin.guard import shown
from clients.admin.knowing import hidden_of, views_of
from clients.admin.labels import correction, mark_of, shown_label, taken_for_granted
from clients.admin.narrowing import as_query, choices, narrowed_by
from clients.admin.positions import at_hand
from clients.admin.presence import present
from clients.admin.saved_filters import shown_lists
from clients.admin.undoing import toast, what_happened
from clients.choices import Intent, Triage
from clients.models import Mention, Waiting
from clients.selectors import folds, mentions, saved_filters, sorting
from clients.selectors.hearing import hearing
from clients.services.acts import UNDO_FOR

VIEW_WORDS = {
    "a-trier": _("To sort"),
    "urgences": _("Urgent"),
    "reclamations": _("Real complaints"),
    "attaques": _("Attacks"),
    "popcorn": _("Popcorn"),
    "en-attente": pgettext_lazy("mentions", "Put off"),
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

# What a person says most, under the keys 1 to 5; the other labels are in the pane.
LABELS_AT_HAND = [
    ("1", Intent.COMPLAINT),
    ("2", Intent.QUESTION),
    ("3", Intent.ATTACK_BRAND),
    ("4", Intent.POPCORN),
    ("5", Intent.SUPPORT),
]
PAGE_KEYS = [
    ("e", _("set aside")),
    ("r", _("put back")),
    ("s", _("put off")),
    ("a", _("attach")),
    ("n", _("not about us")),
    ("1 … 5", _("label the ticked ones, or the one shown")),
    ("c", _("correct the label")),
    ("p", _("copy the position")),
]


@require_GET
def sort(request: HttpRequest) -> HttpResponse:
    """`?vue=` the view, `apres=` where the page begins, `m=` the mention shown beside; all state is in the address.

    `source`, `requete`, `langue`, `q` and `racine` narrow it. 304 while nothing moved (X-Live polling).
    """
    key = request.GET.get("vue", "a-trier")
    after = mentions.Place.read(request.GET["apres"]) if "apres" in request.GET else None
    if key not in mentions.VIEW or ("apres" in request.GET and after is None):
        raise Http404
    etag = _etag(request)
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    view = views_of(request)[key]
    response = shown(request, "triage", str(VIEW_WORDS[view.key]), etag=etag, **_page(request, view, after))
    response["ETag"] = etag
    return response


def _etag(request: HttpRequest) -> str:
    """The same for a minute at most, whatever moved: an incident may have taken a mention in."""
    told = f"{mentions.revision()}-{clock.now():%Y%m%d%H%M}-{request.LANGUAGE_CODE}-{request.get_full_path()}"  # type: ignore[attr-defined]
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _page(request: HttpRequest, view: mentions.View, after: mentions.Place | None) -> dict[str, Any]:
    narrowed, edge = narrowed_by(request.GET), sorting.edge()
    page = mentions.page(view, after, narrowed)
    chosen, rows = _chosen(request, page), _rows(page.rows)
    here = _address(view, after, narrowed)
    return {
        "views": _views(request, view, narrowed),
        "lists": shown_lists(request, view, narrowed),
        "view": view,
        "page": page,
        "rows": rows,
        "edge": edge,
        "narrowed": narrowed,
        "kept_fields": {"vue": view.key, **as_query(narrowed), **({"apres": after} if after else {})},
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
        "hearing": hearing(clock.now()),
        "toast": toast(request),
        "page_keys": PAGE_KEYS,
        **_people(request, chosen),
    }


def _people(request: HttpRequest, chosen: Mention | None) -> dict[str, Any]:
    """What the person may do and did lately, and who else is there."""
    may_sort = can(request.user, client_of(request), Can.TRIAGE)
    hidden, by = hidden_of(request), person_of(request)
    lately = sorting.lately(by, clock.now(), UNDO_FOR, but_in=hidden.incidents) if may_sort else []
    return {
        "may_sort": may_sort,
        "labels_at_hand": LABELS_AT_HAND,
        "most_at_once": MOST_AT_ONCE,
        "lately": [{"act": act, "words": what_happened(act, hidden)} for act in lately],
        "present": present(request, chosen.pk if chosen else None),
    }


def _rows(shown_ones: list[Mention]) -> list[dict[str, Any]]:
    counts = folds.folds_of([row.pk for row in shown_ones])
    waits = _waits([row for row in shown_ones if row.triage == Triage.WAITING])
    return [
        {"mention": row, "mark": mark_of(row.intent), "folds": counts.get(row.pk), "wait": waits.get(row.pk)}
        for row in shown_ones
    ]


def _waits(put_off: list[Mention]) -> dict[int, Waiting]:
    """Until when each waits, and who said so; nothing is asked where none does."""
    return Waiting.objects.select_related("by").in_bulk([row.pk for row in put_off]) if put_off else {}


def _address(view: mentions.View, after: mentions.Place | None, narrowed: mentions.Narrowed) -> str:
    query = {"vue": view.key, **as_query(narrowed), **({"apres": after} if after else {})}
    return f"{reverse('client_admin:sort')}?{urlencode(query)}"


def _views(request: HttpRequest, current: mentions.View, narrowed: mentions.Narrowed) -> list[dict[str, Any]]:
    counts = mentions.counts(views_of(request).values())
    kept = as_query(replace(narrowed, root=None))
    return [
        {
            "query": urlencode({"vue": view.key, **kept}),
            "words": VIEW_WORDS[view.key],
            "count": min(counts[view.key], mentions.COUNTED_UP_TO) if view.key in counts else None,
            "is_more": counts.get(view.key, 0) > mentions.COUNTED_UP_TO,
            "is_current": view.key == current.key,
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
        "triage": hidden_of(request).triage_of(mention),
        "wait": _waits([mention]).get(mention.pk) if mention.triage == Triage.WAITING else None,
        "versions": mention.versions.count() if mention.edited_at else 0,
        "folds": beside[0]["folds"] if beside else folds.folds_of([mention.pk]).get(mention.pk),
    }


def _incidents(request: HttpRequest, mention: Mention) -> dict[str, Any]:
    """The incidents that hold the mention already, be it in the machine's name alone, and the other open ones."""
    around = client_site.offered("incidents_around", request)
    holding, others = around(mention.pk) if around else ([], [])
    return {"holding": holding, "incidents": others}


def _palette(request: HttpRequest) -> Group:
    """The views and the kept lists, for whoever goes there by a few letters."""
    home = reverse("client_admin:sort")
    views = [Place(f"{_('To sort')} · {words}", f"{home}?vue={key}") for key, words in VIEW_WORDS.items()]
    lists = [
        Place(f"{_('To sort')} · {one.name}", f"{home}?{one.query}") for one in saved_filters.of(person_of(request))
    ]
    return Group(str(_("Lists")), [*lists, *views])


client_site.offer("palette_views", _palette)
client_site.add_section(_("To sort"), "sort", Can.READ_DESK)
client_site.mount("tri/", sort, "sort")
