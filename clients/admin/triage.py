"""The list to sort: what was said, what the machine makes of it and why, and what to do with it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.models import Client
from agency.numbers import whole_number, whole_numbers
from agency.roles import Can, can
from clients.admin.guard import back_to, shown
from clients.choices import Axis, Intent, LabelSource, Sentiment
from clients.listening.reading.labels import Language, value_words
from clients.models import Classification, Mention
from clients.selectors import mentions, positions
from clients.services import reading, triage

VIEW_WORDS = {
    "a-trier": _("To sort"),
    "urgences": _("Urgent"),
    "reclamations": _("Real complaints"),
    "attaques": _("Attacks"),
    "popcorn": _("Popcorn"),
    "rattachees": _("Attached to an incident"),
    "ecartees": pgettext_lazy("mentions", "Set aside"),
    "tout": _("All"),
}
MARKS = {
    Intent.COMPLAINT: "customer",
    Intent.QUESTION: "customer",
    Intent.ATTACK_BRAND: "pack",
    Intent.ATTACK_CM: "pack",
    Intent.CALL_TO_ACTION: "pack",
    Intent.LEGAL_THREAT: "instigator",
    Intent.SAFETY: "instigator",
    Intent.MOCKERY: "popcorn",
    Intent.POPCORN: "popcorn",
    Intent.SUPPORT: "ally",
    Intent.NEWS: "media",
}
POSITIONS_SHOWN = 3
HIGHEST_CONFIDENCE = 0.99  # "1,00" would be a promise that no classifier keeps
UNDO_SECONDS = 3600
MOST_AT_ONCE = 500


@require_GET
def sort(request: HttpRequest) -> HttpResponse:
    """`?vue=` the view, `apres=` where the page begins, `m=` the mention shown beside; all state is in the address."""
    view = mentions.VIEW.get(request.GET.get("vue", "a-trier"))
    after = mentions.Place.read(request.GET["apres"]) if "apres" in request.GET else None
    if view is None or ("apres" in request.GET and after is None):
        raise Http404
    page = mentions.page(view, after)
    chosen = _chosen(request, page)
    return shown(
        request,
        "triage",
        str(VIEW_WORDS[view.key]),
        views=_views(view),
        view=view,
        page=page,
        rows=[{"mention": row, "mark": MARKS.get(Intent(row.intent)) if row.intent else None} for row in page.rows],
        chosen=chosen,
        pane=_pane(request, chosen) if chosen else None,
        next_page=f"?{urlencode({'vue': view.key, 'apres': page.following})}" if page.following else "",
        is_first=after is None,
        here=_address(view, after),
        may_sort=can(request.user, client_of(request), Can.TRIAGE),
        toast=_toast(request),
        page_keys=[("e", _("set aside")), ("a", _("attach")), ("c", _("correct the label"))],
    )


def _address(view: mentions.View, after: mentions.Place | None) -> str:
    query = {"vue": view.key, **({"apres": after} if after else {})}
    return f"{reverse('client_admin:sort')}?{urlencode(query)}"


def _views(current: mentions.View) -> list[dict[str, Any]]:
    counts = mentions.counts()
    return [
        {
            "key": view.key,
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


def _pane(request: HttpRequest, mention: Mention) -> dict[str, Any]:
    today = timezone.localdate()
    brands = list(mentions.brands_of(mention))
    at_hand = [one for one in positions.usable(today).select_related("brand") if not brands or one.brand in brands]
    return {
        "labels": [_label(label) for label in mentions.labels_of(mention).values()],
        "positions": at_hand[:POSITIONS_SHOWN],
        "incidents": client_site.offered("open_incidents", request) or [],
        "intents": Intent.choices,
        "sentiments": Sentiment.choices,
    }


def _label(label: Classification) -> dict[str, Any]:
    language: Language = "en" if (get_language() or "fr").startswith("en") else "fr"
    words: Mapping[str, Any] = {Axis.INTENT: dict(Intent.choices), Axis.SENTIMENT: dict(Sentiment.choices)}.get(
        Axis(label.axis), {}
    )
    return {
        "axis": label.get_axis_display(),
        "value": words.get(label.value) or value_words(label.value, language) or _("unknown"),
        "confidence": None if label.confidence is None else min(label.confidence, HIGHEST_CONFIDENCE),
        "is_sure": (label.confidence or 0) > HIGHEST_CONFIDENCE,
        "by_person": label.label_source == LabelSource.PERSON,
        "reasons": [reason.get(language, "") for reason in label.reasons],
    }


def _toast(request: HttpRequest) -> dict[str, str] | None:
    """The last gesture's words and its undo token, from the messages; other messages are shown as usual."""
    for message in messages.get_messages(request):
        kind, _space, token = str(message.extra_tags or "").partition(" ")
        if kind == "undo":
            return {"words": str(message), "token": token}
        return {"words": str(message), "token": ""}
    return None


def _signer(client: Client) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"triage.undo.{client.schema_name}")  # one client's undo is not another's


def _ticked(request: HttpRequest) -> list[int]:
    """The mentions ticked, or else the one shown; at most five hundred."""
    given = request.POST.getlist("mention") or request.POST.getlist("current")
    return whole_numbers(given)[:MOST_AT_ONCE]


@require_POST
@needs(Can.TRIAGE)
def set_aside(request: HttpRequest) -> HttpResponse:
    moved = triage.set_aside(mention_ids=_ticked(request), by=person_of(request), now=clock.now())
    count = len(moved)
    if moved:
        words = ngettext("%(count)d mention set aside", "%(count)d mentions set aside", count) % {"count": count}
        token = _signer(client_of(request)).sign_object(moved, compress=True)
        messages.success(request, words, extra_tags=f"undo {token}")
    else:
        messages.warning(request, _("No mention to set aside: tick some, or choose one."))
    return redirect(back_to(request, reverse("client_admin:sort")))


@require_POST
@needs(Can.TRIAGE)
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo. A token that is old, altered or another client's undoes nothing."""
    try:
        ids = _signer(client_of(request)).unsign_object(request.POST.get("token", ""), max_age=UNDO_SECONDS)
    except signing.BadSignature:
        messages.warning(request, _("This can no longer be undone."))
    else:
        count = len(triage.put_back(mention_ids=ids, by=person_of(request), now=clock.now()))
        words = ngettext("%(count)d mention is back in the list", "%(count)d mentions are back in the list", count)
        messages.success(request, words % {"count": count})
    return redirect(back_to(request, reverse("client_admin:sort")))


@require_POST
@needs(Can.TRIAGE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's label on the intent or the sentiment, whichever was changed."""
    mention = get_object_or_404(Mention, pk=pk)
    for axis in (Axis.INTENT, Axis.SENTIMENT):
        value = request.POST.get(axis, "")
        if value and value != getattr(mention, axis):
            try:
                reading.correct(mention=mention, axis=axis, value=value, by=person_of(request), now=clock.now())
            except ValidationError as error:
                messages.error(request, " ".join(error.messages))
            else:
                messages.success(request, _("Label corrected: yours counts."))
    return redirect(back_to(request, reverse("client_admin:sort")))


client_site.add_section(_("To sort"), "sort", Can.READ_DESK)
for route, staff_view, name in (
    ("tri/", sort, "sort"),
    ("tri/ecarter/", set_aside, "sort_set_aside"),
    ("tri/remettre/", put_back, "sort_put_back"),
    ("tri/<int:pk>/classer/", correct, "sort_correct"),
):
    client_site.mount(route, staff_view, name)
