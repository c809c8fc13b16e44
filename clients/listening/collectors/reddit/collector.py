"""Reads Reddit: a search, everywhere or in some communities, and the new posts and comments of communities."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from agency.http import Response
from clients.listening import queries
from clients.listening.collectors.asking import Asking, reset_in_seconds_to_go
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    HeldBack,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.reddit.things import is_gone, made_at, name_of, things, to_mention
from clients.listening.matching import Matcher, Wanted
from clients.listening.raw import RawMention, content_id
from clients.listening.words import Words

BASE, SIGN_IN = "https://oauth.reddit.com", "https://www.reddit.com"
PAGE = 100
LISTING = 1_000  # things that Reddit keeps in one
ALMOST_ALL = 950  # it counts loosely
CALLS = 40  # of a reading; Reddit allows a hundred a minute
OVERLAP_S = 900.0  # read again: the search's index lags, and what was held for approval keeps its old date
FIRST_HOURS = 24.0
KEPT = 500  # things whose edits and deletions are looked for…
KEPT_S = 72 * 3_600.0  # …for so long
WITHOUT_QUERY_S = 600.0

_NO_CREDENTIALS = Words(
    "l’identifiant et le secret de l’application Reddit manquent", "the Reddit application’s id and secret are missing"
)
_NO_ACCOUNT = Words(
    "le compte Reddit responsable de l’application manque\u00a0: Reddit exige qu’il soit nommé",
    "the Reddit account responsible for the application is missing: Reddit demands that it be named",
)
_NO_QUERY = Words(
    "ni requête, ni communauté, et aucune veille ne dit quoi chercher",
    "neither query nor community, and no watch says what to look for",
)
_REFUSED = Words(
    "Reddit refuse l’identifiant ou le secret de l’application", "Reddit refuses the application’s id or secret"
)
_NO_SESSION = Words("Reddit n’a pas ouvert de session", "Reddit opened no session")
_SESSION_OVER = Words("la session Reddit est terminée", "the Reddit session is over")
_CLOSED = Words(
    "Reddit refuse l’accès (403)\u00a0: communauté privée ou suspendue, ou application bloquée",
    "Reddit denies access (403): the community is private or banned, or the application blocked",
)
_UNKNOWN = Words("communauté introuvable sur Reddit", "no such community on Reddit")
_SLOWER = Words("Reddit demande de ralentir (429)", "Reddit asks us to slow down (429)")
_BEYOND = Words(
    "plus de mille nouveautés d’un coup\u00a0: Reddit ne rend pas les plus anciennes",
    "more than a thousand new things at once: Reddit does not give back the older ones",
)
_OF_ONE_LISTING = frozenset({"closed", "unknown_community"})
_NAME = re.compile(r"(?:https?://(?:\w+\.)?reddit\.com)?/?(?:r/)?([A-Za-z0-9_]{2,21})/?")


@dataclass(frozen=True)
class _Walk:
    """One listing to read, newest first. `is_chosen`: only what a watch wants is kept of it."""

    path: str
    params: tuple[tuple[str, str], ...] = ()
    is_chosen: bool = False

    @property
    def key(self) -> str:
        return content_id(self.path, *(f"{name}={value}" for name, value in self.params))[7:23]


@dataclass
class _Reading:
    """What one reading has brought so far."""

    matcher: Matcher | None
    mentions: dict[str, RawMention] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    kept: dict[str, float] = field(default_factory=dict)
    notes: list[Words] = field(default_factory=list)
    pages: int = 0
    trouble: CollectError | None = None  # ends the reading
    refused: CollectError | None = None  # ends a listing: the others may be open

    def take(self, thing: Mapping[str, Any], *, is_chosen: bool) -> None:
        """Keeps what a thing says, or that it was taken away."""
        if is_gone(thing):
            self.deleted.add(name_of(thing))
            self.kept.pop(name_of(thing), None)
            return
        if name_of(thing) in self.kept and not thing.get("edited"):
            return
        mention = to_mention(thing)
        if mention is None or (is_chosen and not self._is_wanted(mention)):
            return
        self.mentions[mention.external_id] = mention
        self.kept[mention.external_id] = made_at(thing)

    def _is_wanted(self, mention: RawMention) -> bool:
        text = f"{mention.title}\n{mention.text}"
        return self.matcher is None or bool(self.matcher.matches(text, mention.author_handle))


class RedditCollector:
    """Settings: the application's id and secret, who is responsible; communities, query, comments."""

    kind = "reddit"
    name = Words("Reddit", "Reddit")
    unit_price = Decimal(0)
    settings = (
        Setting(
            "client_id",
            Words("Identifiant de l’application", "Application id"),
            Words("reddit.com/prefs/apps, type «\u00a0script\u00a0»", "reddit.com/prefs/apps, type “script”"),
            is_required=True,
        ),
        Setting(
            "client_secret", Words("Secret de l’application", "Application secret"), kind="secret", is_required=True
        ),
        Setting("account", Words("Compte Reddit responsable", "Responsible Reddit account"), is_required=True),
        Setting(
            "communities",
            Words("Communautés", "Communities"),
            Words("r/france\u00a0; vide\u00a0: partout", "r/france; empty: everywhere"),
            kind="words",
        ),
        Setting(
            "query", Words("Requête", "Query"), Words("vide\u00a0: les mots des veilles", "empty: the watches’ words")
        ),
        Setting(
            "comments",
            Words("Commentaires de ces communautés", "Comments of these communities"),
            Words(
                "Reddit ne les cherche pas\u00a0: ils sont lus, et triés ici",
                "Reddit does not search them: they are read, and sorted here",
            ),
            kind="flag",
            default=True,
        ),
        Setting(
            "everything",
            Words("Tout garder de ces communautés", "Keep everything of these communities"),
            Words("même ce qu’aucune veille ne demande", "even what no watch asks for"),
            kind="flag",
            default=False,
        ),
        Setting(
            "first_hours",
            Words("Heures reprises au début", "Hours read at first"),
            kind="number",
            default=int(FIRST_HOURS),
        ),
        Setting("base", Words("Adresse de l’API", "Address of the API"), kind="url", default=BASE),
        Setting("sign_in", Words("Adresse de connexion", "Address to sign in"), kind="url", default=SIGN_IN),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """What is new in each listing, and what became of what was read in the last three days.

        The cursor holds, a listing, the date of its newest thing: walking by date survives the deletion of any thing,
        which Reddit's own `before` does not.
        """
        account = _Account(settings, http, now)
        walks = _walks(settings)
        wanted: Sequence[Wanted] = settings.get("wanted") or ()
        reading = _Reading(Matcher(wanted) if wanted else None, kept=_still_kept(cursor, now))
        known: Mapping[str, float] = cursor.get("walks") or {}
        turn = int(cursor.get("turn", 0))
        states = {walk.key: known[walk.key] for walk in walks if walk.key in known}
        again = _slice(list(reading.kept), turn)
        for walk in [*walks[turn % len(walks) :], *walks[: turn % len(walks)]]:
            since = states.get(walk.key) or now.timestamp() - _hours(settings) * 3_600
            newest = _read_walk(account, walk, since - OVERLAP_S, reading)
            if newest is not None:
                states[walk.key] = max(since, newest)
        if (failure := reading.trouble or reading.refused) and not reading.pages:
            raise failure
        _look_again(account, again, reading)
        return Fetched(
            tuple(reading.mentions.values()),
            {"walks": states, "turn": turn + 1, "kept": _newest_kept(reading.kept)},
            unchanged=not reading.mentions and not reading.deleted,
            bytes=account.api.bytes,
            calls=account.api.calls,
            quota=account.api.quota,
            deleted=tuple(sorted(reading.deleted)),
            notes=_notes(reading),
            session=account.session,
        )


class _Account:
    """Asks in the application's name; the token that Reddit gives is kept from one reading to the next."""

    def __init__(self, settings: Mapping[str, Any], http: OutgoingNetwork, now: datetime) -> None:
        client_id, secret = str(settings.get("client_id") or ""), str(settings.get("client_secret") or "")
        person = str(settings.get("account") or "").strip().removeprefix("/").removeprefix("u/")
        if not client_id or not secret:
            raise PermanentFailure("no_credentials", _NO_CREDENTIALS)
        if not re.fullmatch(r"[\w-]{1,40}", person, re.ASCII):
            raise PermanentFailure("no_account", _NO_ACCOUNT)
        self.api = Asking(
            http,
            str(settings.get("base") or BASE),
            now=now,
            headers={"User-Agent": f"linux:rempart:1 (by /u/{person})"},  # Reddit's own form, or it slows us down
            read_quota=reset_in_seconds_to_go("x-ratelimit-remaining", "x-ratelimit-reset"),
            explain=lambda response, failure: _explained(response, failure, now),
        )
        self.session: dict[str, Any] | None = None
        self._now = now.timestamp()
        self._of = content_id(client_id, secret)
        self._basic = "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self._sign_in = str(settings.get("sign_in") or SIGN_IN).rstrip("/") + "/api/v1/access_token"
        kept = settings.get("session") or {}
        is_ours = kept.get("of") == self._of and float(kept.get("until", 0)) > self._now
        self._token = str(kept.get("token") or "") if is_ours else ""

    @property
    def is_spent(self) -> bool:
        """Whether no further call may be made for now."""
        return self.api.calls >= CALLS or (self.api.quota is not None and self.api.quota.left == 0)

    def get(self, path: str, params: Mapping[str, Any]) -> Any:
        """A listing. A token that has ended before its time is renewed once. Raises CollectError."""
        if not self._token:
            self._renew()
        try:
            return self.api.get(path, {**params, "raw_json": 1}, Authorization=f"Bearer {self._token}")
        except _SessionOver:
            self._renew()
        return self.api.get(path, {**params, "raw_json": 1}, Authorization=f"Bearer {self._token}")

    def _renew(self) -> None:
        try:
            answer = self.api.post(self._sign_in, {"grant_type": "client_credentials"}, Authorization=self._basic)
        except _SessionOver as refused:
            raise PermanentFailure("login", _REFUSED) from refused
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            raise PassingFailure("no_session", _NO_SESSION)
        lasts = answer.get("expires_in")
        until = self._now + (lasts if isinstance(lasts, int | float) else 3_600) - 60
        self._token = token
        self.session = {"of": self._of, "token": token, "until": until}


class _SessionOver(PassingFailure):
    """Reddit does not know the token, or what it was to be given for."""


def _walks(settings: Mapping[str, Any]) -> list[_Walk]:
    """The listings to read. Raises HeldBack when nothing says which: a watch may come."""
    places = _communities(settings)
    given = str(settings.get("query") or "").strip()
    asked = [given] if given else queries.reddit(settings.get("wanted") or ())
    is_chosen = not settings.get("everything")
    walks: list[_Walk] = []
    if places and (not asked or not is_chosen):
        walks.append(_Walk(f"/r/{places}/new", (), is_chosen))
    else:
        path, within = (f"/r/{places}/search", (("restrict_sr", "1"),)) if places else ("/search", ())
        walks += [_Walk(path, (("q", query), ("sort", "new"), ("type", "link"), *within)) for query in asked]
    if places and settings.get("comments", True):
        walks.append(_Walk(f"/r/{places}/comments", (), is_chosen))
    if not walks:
        raise HeldBack("no_query", _NO_QUERY, WITHOUT_QUERY_S)
    return walks


def _communities(settings: Mapping[str, Any]) -> str:
    """The communities in Reddit's own way, a+b; what is no name of one is said. Raises PermanentFailure."""
    given = settings.get("communities") or ()
    written = [one.strip() for one in (given.splitlines() if isinstance(given, str) else given) if str(one).strip()]
    names = [_NAME.fullmatch(one) for one in written]
    if not all(names):
        raise PermanentFailure("unknown_community", _UNKNOWN)
    return "+".join(dict.fromkeys(name[1] for name in names if name))


def _read_walk(account: _Account, walk: _Walk, since: float, reading: _Reading) -> float | None:
    """Reads a listing down to a moment; the date of its newest thing. None when the walk did not come to its end:
    the next one begins at the top again. What failed is left in the reading."""
    newest = 0.0
    try:
        for page in _pages(account, walk, since, reading):
            for thing in page:
                if made_at(thing) >= since:
                    reading.take(thing, is_chosen=walk.is_chosen)
            newest = max([newest, *map(made_at, page)])
    except PermanentFailure:
        raise
    except CollectError as failure:
        if failure.code in _OF_ONE_LISTING:
            reading.refused = failure
        else:
            reading.trouble = failure
        return None
    return None if reading.trouble or account.is_spent else newest


def _pages(account: _Account, walk: _Walk, since: float, reading: _Reading) -> Iterator[list[Mapping[str, Any]]]:
    after, met = "", set[str]()
    while not account.is_spent and reading.trouble is None:
        answer = account.get(walk.path, {"limit": PAGE, "after": after, **dict(walk.params)})
        page = things(answer)
        if not page and _is_no_listing(answer):
            raise PassingFailure("unknown_community", _UNKNOWN)
        reading.pages += 1
        yield page
        names = {name_of(thing) for thing in page}
        after = str(answer["data"].get("after") or "")
        if names <= met or min(map(made_at, page)) < since:
            return
        met |= names
        if not after or len(met) >= LISTING:
            if len(met) >= ALMOST_ALL and min(map(made_at, page)) > since + OVERLAP_S:
                reading.notes.append(_BEYOND)
            return


def _is_no_listing(answer: Any) -> bool:
    """Reddit leads from a community that is not there to a search of communities (t5), or to something else."""
    listing = answer.get("data") if isinstance(answer, dict) else None
    children = listing.get("children") if isinstance(listing, dict) else None
    return not isinstance(children, list) or bool(children)


def _look_again(account: _Account, names: Sequence[str], reading: _Reading) -> None:
    """Asks what became of things already read: their edits come as mentions, their deletions as such."""
    if not names or account.is_spent or reading.trouble:
        return
    try:
        answer = account.get("/api/info", {"id": ",".join(names)})
    except CollectError as failure:
        reading.trouble = failure
        return
    for thing in things(answer):
        if name_of(thing) in names and (is_gone(thing) or thing.get("edited")):
            reading.take(thing, is_chosen=False)


def _slice(names: Sequence[str], turn: int) -> list[str]:
    """A hundred of the names, others at each reading."""
    start = (turn * PAGE) % len(names) if names else 0
    return [*names[start:], *names[:start]][:PAGE]


def _still_kept(cursor: Mapping[str, Any], now: datetime) -> dict[str, float]:
    kept: Mapping[str, float] = cursor.get("kept") or {}
    return {name: made for name, made in kept.items() if made > now.timestamp() - KEPT_S}


def _newest_kept(kept: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(kept.items(), key=lambda item: -item[1])[:KEPT])


def _hours(settings: Mapping[str, Any]) -> float:
    try:
        return min(max(float(settings.get("first_hours") or FIRST_HOURS), 0.0), 24.0 * 365)
    except (TypeError, ValueError):
        return FIRST_HOURS


def _notes(reading: _Reading) -> tuple[Words, ...]:
    failures = (failure for failure in (reading.refused, reading.trouble) if failure)
    said = (Words(failure.words_fr, failure.words_en) for failure in failures)
    return tuple(dict.fromkeys((*reading.notes, *said)))


def _explained(response: Response, failure: CollectError, now: datetime) -> CollectError:
    """A refusal in words. Reddit says when to come back in the headers of its quota."""
    if response.status == 401:
        return _SessionOver("session", _SESSION_OVER)
    if response.status == 403:
        return PassingFailure("closed", _CLOSED, failure.retry_after, failure.quota)
    if response.status == 404:
        return PassingFailure("unknown_community", _UNKNOWN)
    if response.status == 429:
        until = failure.quota.resets_at if failure.quota else None
        wait = max((until - now).total_seconds(), 1.0) if until else None
        return PassingFailure("http_429", _SLOWER, failure.retry_after or wait, failure.quota)
    return failure
