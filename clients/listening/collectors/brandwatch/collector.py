"""Brandwatch Consumer Research: the mentions of a project's queries, in the order in which they were added.

Facts from developers.brandwatch.com (retrieving mentions, polling for new mentions, paging, authentication, rate
limiting; read on 2026-11-23): pages by cursor, newest added first, no `sinceId`; 30 calls in 10 minutes, announced by
x-rate-limit and x-rate-limit-used, with no hour at which they are given back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from agency.http import Response
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.brandwatch import rows as brandwatch_rows
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Quota,
    Setting,
)
from clients.listening.collectors.suites import moment, take
from clients.listening.raw import RawMention
from clients.listening.words import Words

PAGE = 500  # rows; with their full texts about 2 MB, and the limit is 5,000
PAGES = 6  # a reading; a fifth of what ten minutes allow
WINDOW = timedelta(minutes=10)  # in which the calls are counted
OVERLAP = timedelta(minutes=15)  # rows that are added late carry an earlier hour than their neighbours
SIGN_IN_CLIENT = "brandwatch-api-client"

_REFUSED = Words(
    "Brandwatch refuse l’accès\u00a0: vérifier le jeton, ou l’utilisateur et le mot de passe",
    "Brandwatch refuses us: check the token, or the user name and the password",
)
_NO_CREDENTIALS = Words(
    "il manque un jeton, ou un utilisateur avec son mot de passe",
    "a token is missing, or a user name with its password",
)
_NOT_THERE = Words(
    "Brandwatch ne connaît pas ce projet ou cette requête",
    "Brandwatch does not know this project or this query",
)
_STRANGE = Words(
    "la réponse de Brandwatch n’a pas la forme attendue", "Brandwatch’s answer is not of the expected shape"
)


class BrandwatchCollector:
    """Walks from the newest mention added back to the last one known; a walk that is cut goes on the next time."""

    kind = "brandwatch"
    name = Words("Brandwatch", "Brandwatch")
    unit_price = Decimal(0)
    settings = (
        Setting("project", Words("Numéro du projet", "Project number"), is_required=True),
        Setting(
            "queries",
            Words("Numéros des requêtes", "Query numbers"),
            Words("dans l’adresse de la page de la requête", "in the address of the query’s page"),
            kind="words",
            is_required=True,
        ),
        Setting("user", Words("Utilisateur", "User name"), Words("l’adresse de connexion", "the sign-in address")),
        Setting("password", Words("Mot de passe", "Password"), kind="secret"),
        Setting(
            "token",
            Words("Jeton d’accès", "Access token"),
            Words("à la place de l’utilisateur et du mot de passe", "instead of the user name and the password"),
            kind="secret",
        ),
        Setting(
            "days",
            Words("Jours relevés au début", "Days read at first"),
            Words("30 au plus", "30 at most"),
            kind="number",
            default=2,
        ),
        Setting(
            "base_url",
            Words("Adresse de l’API", "Address of the API"),
            kind="url",
            default="https://api.brandwatch.com",
        ),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        asked = f"{settings['project']}:{','.join(sorted(map(str, settings.get('queries') or ())))}"
        walk = _Walk.resumed(cursor if cursor.get("of") == asked else {}, settings, now)
        asking, session = _signed_in(http, settings, now)
        try:
            rows, more = walk.read(asking, settings)
        except PermanentFailure as failure:
            if failure.code != "http_401" or session is not None or settings.get("token"):
                raise
            asking, session = _signed_in(http, {**settings, "session": {}}, now)  # the kept one has run out
            rows, more = walk.read(asking, settings)
        taken = take(rows, brandwatch_rows.read)
        return Fetched(
            _once(taken.mentions),
            {"of": asked, **walk.cursor()},
            bytes=asking.bytes,
            calls=asking.calls,
            notes=taken.notes,
            quota=asking.quota,
            has_more=more,
            session=session,
        )


@dataclass
class _Walk:
    """From the newest row added back to `seen_to`. `next` is the page where an unfinished walk was left, and `newest`
    what will have been seen once it is finished."""

    now: datetime
    start: datetime
    seen_to: datetime | None
    newest: datetime | None
    next: str

    @classmethod
    def resumed(cls, cursor: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> _Walk:
        seen_to, newest = moment(cursor.get("seen_to")), moment(cursor.get("newest"))
        back = timedelta(days=min(max(float(settings.get("days") or 2), 0.1), 30))
        since = min(seen_to or now, now) - (timedelta(days=7) if seen_to else back)
        # Posts are filtered by their own date: what was added today may have been written days ago.
        return cls(now, moment(cursor.get("start")) or since, seen_to, newest, str(cursor.get("next") or ""))

    def read(self, asking: Asking, settings: Mapping[str, Any]) -> tuple[list[Any], bool]:
        """The rows of at most six pages, and whether the walk is unfinished. Raises CollectError."""
        rows: list[Any] = []
        known: set[str] = set()
        for _page in range(PAGES):
            page = self._page(asking, settings)
            unseen = [row for row in page if _number(row) not in known]
            known.update(map(_number, unseen))
            rows += unseen
            if not unseen or not self.next or self._has_arrived(unseen):
                self._finish()
                return rows, False
            if asking.quota and asking.quota.left == 0:
                break
        return rows, True

    def cursor(self) -> dict[str, Any]:
        walk = {"next": self.next, "newest": _iso(self.newest), "start": _iso(self.start)} if self.next else {}
        return {"seen_to": _iso(self.seen_to), **walk}

    def _page(self, asking: Asking, settings: Mapping[str, Any]) -> list[Any]:
        try:
            return self._asked(asking, settings)
        except PassingFailure as failure:
            if failure.code != "http_400" or not self.next:
                raise
            self.newest, self.next = None, ""  # a cursor that is no longer taken: the walk begins again
            return self._asked(asking, settings)

    def _asked(self, asking: Asking, settings: Mapping[str, Any]) -> list[Any]:
        answer = asking.get(
            f"projects/{quote(str(settings['project']), safe='')}/data/mentions",
            {
                "queryId": [str(query) for query in settings.get("queries") or ()],
                "startDate": _iso(self.start),
                "endDate": _iso(self.now + timedelta(days=1)),
                "orderBy": "added",
                "orderDirection": "desc",
                "pageSize": PAGE,
                "cursor": self.next,
            },
        )
        if not isinstance(answer, Mapping) or not isinstance(answer.get("results"), list):
            raise PassingFailure("strange", _STRANGE)
        page: list[Any] = answer["results"]
        self.next = str(answer.get("nextCursor") or "")
        if self.newest is None and page:
            self.newest = _added(page[0])
        return page

    def _has_arrived(self, page: list[Any]) -> bool:
        last = _added(page[-1])
        return self.seen_to is not None and last is not None and last < self.seen_to - OVERLAP

    def _finish(self) -> None:
        self.seen_to, self.newest, self.next = self.newest or self.seen_to, None, ""


def _signed_in(
    http: OutgoingNetwork, settings: Mapping[str, Any], now: datetime
) -> tuple[Asking, dict[str, Any] | None]:
    """A conversation with a token; with the session to keep when it was just given. Raises CollectError."""
    kept = str((settings.get("session") or {}).get("token") or "")
    token, session = str(settings.get("token") or kept), None
    if not token:
        token = _new_token(http, settings, now)
        session = {"token": token}
    return _asking(http, settings, now, {"Authorization": f"Bearer {token}"}), session


def _new_token(http: OutgoingNetwork, settings: Mapping[str, Any], now: datetime) -> str:
    user, password = settings.get("user"), settings.get("password")
    if not (user and password):
        raise PermanentFailure("no_credentials", _NO_CREDENTIALS)
    grant = f"username={quote(str(user), safe='')}&grant_type=api-password&client_id={SIGN_IN_CLIENT}"
    answer = _asking(http, settings, now, {}).post(f"oauth/token?{grant}", {"password": password})
    token = answer.get("access_token") if isinstance(answer, Mapping) else None
    if not isinstance(token, str) or not token:
        raise PassingFailure("strange", _STRANGE)
    return token


def _asking(http: OutgoingNetwork, settings: Mapping[str, Any], now: datetime, headers: Mapping[str, str]) -> Asking:
    base = str(settings.get("base_url") or "https://api.brandwatch.com")
    return Asking(http, base, now=now, headers=headers, read_quota=_quota, explain=_explain)


def _quota(headers: Mapping[str, str], now: datetime) -> Quota | None:
    try:
        left = int(headers["x-rate-limit"]) - int(headers["x-rate-limit-used"])
    except (KeyError, ValueError):
        return None
    return Quota(max(left, 0), now + WINDOW)


def _explain(response: Response, failure: CollectError) -> CollectError:
    if response.status in (401, 403):
        return PermanentFailure("http_401" if response.status == 401 else "http_403", _REFUSED)
    if response.status == 400 and b"invalid_grant" in response.body:  # the sign-in's way to say a wrong password
        return PermanentFailure("bad_password", _REFUSED)
    if response.status == 404:
        return PermanentFailure("http_404", _NOT_THERE)
    if response.status == 429 and failure.retry_after is None:
        failure.retry_after = WINDOW.total_seconds()
    return failure


def _added(row: Any) -> datetime | None:
    return moment(row.get("added")) if isinstance(row, Mapping) else None


def _number(row: Any) -> str:
    return str(row.get("resourceId") or row.get("guid") or row.get("url")) if isinstance(row, Mapping) else repr(row)


def _once(mentions: tuple[RawMention, ...]) -> tuple[RawMention, ...]:
    """A post that two queries found is one."""
    return tuple({mention.external_id: mention for mention in reversed(mentions)}.values())[::-1]


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None
