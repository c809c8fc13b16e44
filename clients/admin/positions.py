"""Positions: what the brand says, whether it may be said today, and the words to copy."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from agency.admin.guard import client_of, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from clients.admin.guard import shown
from clients.admin.position_forms import LABELS, RenewalForm
from clients.blanks import blanks_of
from clients.choices import PositionKind, WordsState
from clients.listening.reading.aside import ready_encoder
from clients.models import Brand, Mention, Position, PositionVersion
from clients.models.positions import LANGUAGES, WORDS
from clients.selectors import positions as read

STATE_WORDS: dict[str, str | Promise] = {
    read.VALID: pgettext_lazy("position", "Valid"),
    read.TO_REVIEW: _("To review"),
    read.EXPIRED: _("Expired"),
    read.NOT_YET: _("Not yet"),
    read.RETIRED: pgettext_lazy("position", "Retired"),
}
STATE_CLASS = {read.VALID: "is-done", read.TO_REVIEW: "is-warning", read.EXPIRED: "is-stop"}
VIEWS: dict[str, str | Promise] = {
    "toutes": _("All"),
    "valides": pgettext_lazy("positions", "Valid"),
    "a-revoir": _("To review"),
    "expirees": pgettext_lazy("positions", "Expired"),
    "a-venir": _("Not yet"),
    "retirees": pgettext_lazy("positions", "Retired"),
    "a-valider": _("Words to approve"),
}
_STATE_OF_VIEW = dict(zip(("valides", "a-revoir", "expirees", "a-venir", "retirees"), read.STATES, strict=True))
PER_PAGE = 30
COPIES_SHOWN = 20
AT_HAND = 3


@dataclass(frozen=True)
class Sayable:
    """A position as a page shows it: its words, how it stands, what has to be filled in, why it is proposed."""

    position: Position
    state: str
    is_usable: bool
    blanks: tuple[str, ...]
    waiting: PositionVersion | None = None
    why: str = ""
    spoken: str = ""

    @property
    def text(self) -> str:
        """The short text in the language spoken, or else in the position's own."""
        return read.text_of(self.position, self.spoken) or self.position.short_text

    @property
    def not_said(self) -> str:
        """What not to say, in the same language."""
        is_own = self.spoken == self.position.language or not self.position.other_do_not_say
        return self.position.do_not_say if is_own else self.position.other_do_not_say

    @property
    def state_words(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def state_class(self) -> str:
        return STATE_CLASS.get(self.state, "")

    @property
    def is_said(self) -> bool:
        """False for what must not be said: that is never copied."""
        return self.position.kind != PositionKind.DO_NOT_SAY


def sayable(
    position: Position, *, waiting: PositionVersion | None = None, why: str = "", language: str = ""
) -> Sayable:
    """How the position stands today; `language` is that of who is answered, "" or unknown: the position's own."""
    today = timezone.localdate()
    texts = (position.short_text, position.long_text, position.other_short_text, position.other_long_text)
    return Sayable(
        position,
        read.state_of(position, today),
        read.is_usable(position, today),
        blanks_of(*texts),
        waiting,
        why,
        language if language and read.text_of(position, language) else position.language,
    )


def at_hand(mention: Mention, brands: list[Brand]) -> list[Sayable]:
    """What may be said to a mention: the positions of its brands that fit it, then the others, three at most."""
    usable = read.usable(timezone.localdate()).select_related("brand")
    ours = [one for one in usable if one.brand in brands or not brands]
    said = f"{mention.title}\n{mention.text}"
    return _ranked(said, ours, keeps_others=True, language=spoken_to(mention))[:AT_HAND]


def spoken_to(mention: Mention) -> str:
    """The language an answer is written in; "" when it is neither of those positions are kept in."""
    return mention.language if mention.language in dict(LANGUAGES) else ""


def _ranked(said: str, positions: list[Position], *, keeps_others: bool, language: str = "") -> list[Sayable]:
    read_in = get_language() or "fr"
    encode = ready_encoder() if settings.MEANING else None
    found = [(one, match.why.say(read_in)) for one, match in read.fitting(said, positions, encode)]
    fitting = {one.pk for one, _why in found}
    others = [(one, "") for one in positions if one.pk not in fitting] if keeps_others else []
    return [sayable(one, why=why, language=language) for one, why in [*found, *others]]


@require_GET
def positions(request: HttpRequest) -> HttpResponse:
    """`?vue=` which ones, `q=` a subject or the words of a mention: those that fit it come first, with the reason."""
    view = request.GET.get("vue", "toutes")
    view = view if view in VIEWS else "toutes"
    words = request.GET.get("q", "").replace("\0", "").strip()[:400]
    waiting = {one.position_id: one for one in read.awaiting()}
    page = Paginator(_listed(view, words, waiting), PER_PAGE).get_page(request.GET.get("page"))
    return shown(
        request,
        "positions",
        str(_("Positions")),
        rows=page,
        view=view,
        views=_views(view, words, waiting),
        words=words,
        kept=urlencode({"vue": view, **({"q": words} if words else {})}),
        may_write=can(request.user, client_of(request), Can.RUN_INCIDENT),
    )


def _listed(view: str, words: str, waiting: dict[int, PositionVersion]) -> list[Sayable]:
    found = list(_of_view(view, waiting)[: read.MOST])
    if not words:
        return [sayable(one, waiting=waiting.get(one.pk)) for one in found]
    named = [one for one in found if words.casefold() in f"{one.code} {one.title}".casefold()]
    others = [one for one in found if one not in named]
    return [sayable(one, waiting=waiting.get(one.pk)) for one in named] + _ranked(words, others, keeps_others=False)


def _of_view(view: str, waiting: dict[int, PositionVersion]) -> Any:
    if view == "a-valider":
        return read.known().filter(pk__in=waiting)
    if view in _STATE_OF_VIEW:
        return read.in_state(read.known(), _STATE_OF_VIEW[view], timezone.localdate())
    return read.known().filter(retired_at__isnull=True)


def _views(current: str, words: str, waiting: dict[int, PositionVersion]) -> list[dict[str, Any]]:
    kept = {"q": words} if words else {}
    states = read.counts(timezone.localdate())
    counts = {view: states[state] for view, state in _STATE_OF_VIEW.items()} | {"a-valider": len(waiting)}
    counts["toutes"] = sum(states.values()) - states[read.RETIRED]
    return [
        {"query": urlencode({"vue": key, **kept}), "words": said, "count": counts[key], "is_current": key == current}
        for key, said in VIEWS.items()
    ]


@require_GET
def position(request: HttpRequest, pk: int) -> HttpResponse:
    """One position: words to copy, what not to say, what waits for an approval, its history, who copied it."""
    return position_page(request, get_object_or_404(read.known(), pk=pk))


def position_page(request: HttpRequest, one: Position, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page, with what an act that was refused, or a copy that was made, has to say."""
    versions = read.versions_of(one)
    waiting = next((version for version in versions if version.state == WordsState.WAITING), None)
    decides = can(request.user, client_of(request), Can.EDIT_CLIENT)
    hidden = client_site.offered("incidents_hidden", request) or ()
    base = {
        "one": sayable(one, waiting=waiting),
        "texts": _texts(one),
        "history": _history(versions),
        "copies": list(read.copies_of(one, hidden)[:COPIES_SHOWN]),
        "may_write": can(request.user, client_of(request), Can.RUN_INCIDENT),
        "may_decide": decides,
        "is_own": waiting is not None and waiting.written_by_id == person_of(request).pk,
        "changes": _changes(one, waiting) if waiting and one.approved_at else [],
        "renewal": RenewalForm(initial={"until": one.valid_until}),
        "back": reverse("client_admin:positions"),
    }
    return shown(request, "position", str(one), status=status, **{**base, **context})


def _texts(one: Position | PositionVersion) -> list[tuple[str, str, str]]:
    """Name, label and text of the words there are."""
    return [(name, str(LABELS[name]), getattr(one, name)) for name in WORDS if getattr(one, name)]


def _changes(before: Position | PositionVersion, after: PositionVersion) -> list[tuple[str, str, str]]:
    """Label, words before and words after, of the texts that differ."""
    pairs = ((LABELS[name], getattr(before, name), getattr(after, name)) for name in WORDS)
    return [(str(label), was, became) for label, was, became in pairs if was != became]


def _history(versions: list[PositionVersion]) -> list[dict[str, Any]]:
    """Each version beside the one before it, the newest first."""
    pairs = zip_longest(versions, versions[1:])
    return [{"version": new, "changes": _changes(old, new) if old else []} for new, old in pairs]


client_site.mount("positions/", positions, "positions")
client_site.mount("positions/<int:pk>/", position, "position")
