"""Reads X (API v2): recent search, and the filtered stream besides it. Every post read is billed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from agency.http import Response
from clients.listening import queries
from clients.listening.collectors.asking import Asking, reset_in_unix_seconds
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    HeldBack,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.x import stream as x_stream
from clients.listening.collectors.x.again import look_again
from clients.listening.collectors.x.search import SMALLEST_PAGE, Reading, read_query
from clients.listening.words import Words

BASE = "https://api.x.com"
# US dollars a post read, pay-per-use: X's rate card as reported in April 2026 (postproxy.dev/blog/x-api-pricing-2026,
# tweetstream.io/blog/twitter-api-pricing); the prices of one's own account are in X's developer console.
PRICE = Decimal("0.005")
FIRST_HOURS = 24.0
LISTEN_S = 20.0  # X sends a sign of life at least as often
LISTENING_NEEDS = 100  # posts that the budget must still pay: a stream cannot be told to stop at a number
HEARD_KEPT = 2_000
WITHOUT_QUERY_S = 600.0
CREDITS_GONE_S = 3_600.0

_NO_TOKEN = Words("le jeton d’accès (bearer) de X manque", "X’s bearer token is missing")
_NO_QUERY = Words(
    "aucune requête, et aucune veille ne dit quoi chercher\u00a0: X ne se lit pas en entier",
    "no query, and no watch says what to look for: X cannot be read whole",
)
_BUDGET = Words(
    "le budget ne paie plus les {posts} posts d’un appel à X",
    "the budget no longer pays for the {posts} posts of a call to X",
)
_TOKEN = Words("X refuse le jeton d’accès (401)\u00a0: à renouveler", "X refuses the access token (401): renew it")
_CREDITS = Words(
    "les crédits du compte X sont épuisés (402)\u00a0: à recharger dans la console de X",
    "the X account’s credits are used up (402): top them up in X’s console",
)
_FORBIDDEN = Words(
    "le compte X n’a pas droit à cet accès (403)\u00a0: {detail}",
    "the X account has no right to this access (403): {detail}",
)
_CAP = Words("le plafond de lecture du compte X est atteint", "the X account’s reading cap is reached")
_SLOWER = Words("X demande de ralentir (429)", "X asks us to slow down (429)")
_BAD_QUERY = Words("X ne comprend pas la requête\u00a0: {detail}", "X does not understand the query: {detail}")


class XCollector:
    """Settings: bearer token; a query, or the watches' words; search alone or with the filtered stream."""

    kind = "x"
    name = Words("X", "X")
    unit_price = PRICE
    smallest_page = SMALLEST_PAGE  # posts: what one call may be billed for at least
    settings = (
        Setting("token", Words("Jeton d’accès (bearer)", "Bearer token"), kind="secret", is_required=True),
        Setting(
            "query",
            Words("Requête", "Query"),
            Words("vide\u00a0: les mots des veilles", "empty: the words of the watches"),
        ),
        Setting(
            "mode",
            Words("Façon d’écouter", "How to listen"),
            kind="choice",
            choices=(
                ("search", Words("Recherche (7 derniers jours)", "Search (last 7 days)")),
                ("stream", Words("Flux filtré et recherche", "Filtered stream and search")),
            ),
            default="search",
        ),
        Setting(
            "first_hours",
            Words("Heures reprises au début", "Hours read at first"),
            Words("168 au plus\u00a0; chaque post lu est facturé", "168 at most; every post read is billed"),
            kind="number",
            default=int(FIRST_HOURS),
        ),
        Setting(
            "look_again",
            Words("Relire pour voir les suppressions", "Read again to see deletions"),
            Words(
                "100 posts par heure, de moins de trois jours\u00a0; chacun est facturé une fois par jour",
                "100 posts an hour, not older than three days; each is billed once a day",
            ),
            kind="flag",
            default=False,
        ),
        Setting(
            "tag",
            Words("Étiquette des règles du flux", "Tag of the stream’s rules"),
            Words(
                "à distinguer si plusieurs sources partagent un compte X",
                "one each if several sources share an X account",
            ),
            default="rempart",
        ),
        Setting(
            "unit_price",
            Words("Prix d’un post lu (dollars)", "Price of a post read (US dollars)"),
            Words("celui de votre console X", "the one in your X console"),
            default=str(PRICE),
        ),
        Setting("base", Words("Adresse de l’API", "Address of the API"), kind="url", default=BASE),
    )

    def __init__(self, listen_s: float = LISTEN_S) -> None:
        self._listen_s = listen_s

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """What X has that is new for each query. The cursor holds, a query, how far it was read and what is missing.

        Deleted posts are seen where other posts refer to them; X tells of the others only when asked for each, which
        it bills, and which is only done on demand (`look_again`).
        """
        token = str(settings.get("token") or "")
        if not token:
            raise PermanentFailure("no_token", _NO_TOKEN)
        reading = _begin(settings, cursor, now)
        asked = _queries(settings, queries.X_LIMIT)
        headers = {"Authorization": f"Bearer {token}"}
        api = Asking(
            http,
            str(settings.get("base") or BASE),
            now=now,
            headers=headers,
            read_quota=reset_in_unix_seconds("x-rate-limit-remaining", "x-rate-limit-reset"),
            explain=lambda response, failure: _explained(response, failure, now),
        )
        states = _read_queries(api, asked, cursor, reading, now, _hours(settings))
        quota, heard = api.quota, 0
        again = look_again(api, cursor.get("again") or {}, reading, now=now) if settings.get("look_again") else {}
        if settings.get("mode") == "stream" and reading.trouble is None:
            heard = self._listen(api, http, headers, settings, reading)
        return Fetched(
            tuple(reading.mentions.values()),
            {
                "queries": states,
                "turn": int(cursor.get("turn", 0)) + 1,
                "paid": _paid(reading, now),
                **({"again": again} if again else {}),
            },
            unchanged=not reading.seen and not reading.deleted,
            bytes=api.bytes + heard,
            calls=api.calls + bool(heard),
            billed=reading.billed,
            deleted=tuple(sorted(reading.deleted)),
            quota=quota,
            notes=_notes(reading),
            has_more=bool(reading.seen) and reading.pages_left <= 0 and any(one["gaps"] for one in states.values()),
        )

    def _listen(
        self,
        api: Asking,
        http: OutgoingNetwork,
        headers: Mapping[str, str],
        settings: Mapping[str, Any],
        reading: Reading,
    ) -> int:
        """The stream, after the search and never instead of it; the bytes that came."""
        if reading.left is not None and reading.left < LISTENING_NEEDS:
            return 0
        tag = str(settings.get("tag") or "rempart")
        try:
            x_stream.set_up(api, _queries(settings, x_stream.RULE_LIMIT), tag)
            return x_stream.listen(http, x_stream.address(api), headers, tag, reading, seconds=self._listen_s)
        except CollectError as failure:
            reading.trouble = failure
            return 0


def _begin(settings: Mapping[str, Any], cursor: Mapping[str, Any], now: datetime) -> Reading:
    """A reading within its budget, which knows the posts that today's bill holds already. Raises HeldBack."""
    at_most = settings.get("at_most")
    if at_most is not None and int(at_most) < SMALLEST_PAGE:
        raise HeldBack("budget", _BUDGET.put(posts=SMALLEST_PAGE), 3_600)
    paid = cursor.get("paid") or {}
    today = set(paid.get("ids", ())) if paid.get("day") == f"{now:%Y-%m-%d}" else set()
    return Reading(None if at_most is None else int(at_most), paid=today)


def _paid(reading: Reading, now: datetime) -> dict[str, Any]:
    """What the stream brought and the search will bring again: it is on today's bill once."""
    waiting = (reading.paid - reading.seen) | reading.heard
    return {"day": f"{now:%Y-%m-%d}", "ids": sorted(waiting, key=int)[-HEARD_KEPT:]}


def _queries(settings: Mapping[str, Any], limit: int) -> list[str]:
    """The query given, or those that say the watches. Raises HeldBack when there is none: a watch may come."""
    given = str(settings.get("query") or "").strip()
    asked = [given] if given else queries.x(settings.get("wanted") or (), limit)
    if not asked:
        raise HeldBack("no_query", _NO_QUERY, WITHOUT_QUERY_S)
    return asked


def _hours(settings: Mapping[str, Any]) -> float:
    try:
        return min(max(float(settings.get("first_hours") or FIRST_HOURS), 0.0), 168.0)
    except (TypeError, ValueError):
        return FIRST_HOURS


def _read_queries(
    api: Asking, asked: Sequence[str], cursor: Mapping[str, Any], reading: Reading, now: datetime, first_hours: float
) -> dict[str, dict[str, Any]]:
    """The new state of each query. Another one begins at each reading, so that a budget starves none of them."""
    known: Mapping[str, Any] = cursor.get("queries") or {}
    states = {_key(query): dict(known.get(_key(query)) or {}) for query in asked}
    first = int(cursor.get("turn", 0)) % len(asked)
    refused: CollectError | None = None
    for query in [*asked[first:], *asked[:first]]:
        if reading.trouble is not None:
            break
        try:
            key = _key(query)
            states[key] = read_query(api, query, states[key], reading, now=now, first_hours=first_hours)
        except CollectError as failure:
            if failure.code != "bad_query":
                raise
            refused = failure  # the others may well be understood
    if refused and len(asked) == 1:
        raise refused
    reading.trouble = reading.trouble or refused
    return {key: state for key, state in states.items() if state}


def _key(query: str) -> str:
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _notes(reading: Reading) -> tuple[Words, ...]:
    trouble = (Words(reading.trouble.words_fr, reading.trouble.words_en),) if reading.trouble else ()
    return tuple(dict.fromkeys((*reading.notes, *trouble)))


def _explained(response: Response, failure: CollectError, now: datetime) -> CollectError:
    """A refusal in words. X says when to come back as a moment, in the headers of its quota."""
    title, detail = _problem(response.body)
    if response.status == 401:
        return PermanentFailure("token", _TOKEN)
    if response.status == 402:
        return PassingFailure("credits", _CREDITS, CREDITS_GONE_S, failure.quota)
    if response.status == 403:
        return PermanentFailure("forbidden", _FORBIDDEN.put(detail=detail))
    if response.status == 400:
        return PassingFailure("bad_query", _BAD_QUERY.put(detail=detail))
    if response.status == 429:
        if title == "UsageCapExceeded":
            return PassingFailure("cap", _CAP, failure.retry_after or CREDITS_GONE_S, failure.quota)
        until = failure.quota.resets_at if failure.quota else None
        wait = max((until - now).total_seconds(), 1.0) if until else None
        return PassingFailure("http_429", _SLOWER, failure.retry_after or wait, failure.quota)
    return failure


def _problem(body: bytes) -> tuple[str, str]:
    """Title and detail of a problem, as X writes it: the detail is in English, and shown as it came."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "", "?"
    if not isinstance(said, dict):
        return "", "?"
    errors = said.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    detail = first.get("message") or said.get("detail") or said.get("title") or "?"
    return str(said.get("title") or ""), str(detail)[:200]
