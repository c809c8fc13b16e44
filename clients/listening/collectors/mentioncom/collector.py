"""Mention (mention.com): the mentions of an account's alerts, in the order in which they were found.

Facts from dev.mention.com (fetch mentions, errors, rate limits; read on 2026-11-23): `since_id` gives what was found
later, `_links.more` the next page of the same question; a 429 says in X-Rate-Limit-Reset when to come back, in unix
seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from agency.http import Response
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.mentioncom import rows as mentioncom_rows
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.suites import take
from clients.listening.words import Words

VERSION = "1.21"
PAGE = 200  # the limit is 1,000; small pages answer faster
PAGES = 10  # a reading and alert

_REFUSED = Words("Mention refuse le jeton d’accès", "Mention refuses the access token")
_PLAN = Words(
    "l’abonnement Mention ne donne pas accès à cette alerte", "the Mention plan does not give access to this alert"
)
_NOT_THERE = Words("Mention ne connaît pas ce compte ou cette alerte", "Mention does not know this account or alert")
_STRANGE = Words("la réponse de Mention n’a pas la forme attendue", "Mention’s answer is not of the expected shape")


class MentionComCollector:
    """Each alert has its place in the cursor: the highest number read, and the page where a walk was left."""

    kind = "mention"
    name = Words("Mention", "Mention")
    unit_price = Decimal(0)
    settings = (
        Setting("account", Words("Numéro du compte", "Account number"), is_required=True),
        Setting(
            "alerts",
            Words("Numéros des alertes", "Alert numbers"),
            Words("dans l’adresse de la page de l’alerte", "in the address of the alert’s page"),
            kind="words",
            is_required=True,
        ),
        Setting("token", Words("Jeton d’accès", "Access token"), kind="secret", is_required=True),
        Setting(
            "base_url",
            Words("Adresse de l’API", "Address of the API"),
            kind="url",
            default="https://api.mention.net/api",
        ),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        asking = Asking(
            http,
            str(settings.get("base_url") or "https://api.mention.net/api"),
            now=now,
            headers={"Authorization": f"Bearer {settings['token']}", "Accept-Version": VERSION},
            explain=lambda response, failure: _explain(response, failure, now),
        )
        rows: list[Any] = []
        places: dict[str, Any] = {}
        for alert in dict.fromkeys(str(one).strip() for one in settings.get("alerts") or ()):
            found, places[alert] = _read(asking, str(settings["account"]).strip(), alert, cursor.get(alert) or {})
            rows += found
        taken = take(rows, mentioncom_rows.read)
        return Fetched(
            taken.mentions,
            places,
            bytes=asking.bytes,
            calls=asking.calls,
            notes=taken.notes,
            has_more=any("more" in place for place in places.values()),
        )


def _read(asking: Asking, account: str, alert: str, place: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """What was found since the place, and the new place.

    The number to come back with is only moved when the walk has come to its end: pages may go towards older mentions,
    and what a cut walk has not read yet lies below the numbers that it has. The first time, the newest page is enough.
    """
    path = f"accounts/{quote(account, safe='')}/alerts/{quote(alert, safe='')}/mentions"
    since, highest = int(place.get("since") or 0), int(place.get("highest") or 0)
    asked: Mapping[str, Any] = place.get("more") or {"limit": PAGE, "since_id": since or None}
    rows: list[Any] = []
    seen: set[str] = set()
    for _page in range(PAGES if since else 1):
        page, more = _page_of(asking.get(path, asked))
        unseen = [row for row in page if _number(row) not in seen]
        seen.update(map(_number, unseen))
        rows += unseen
        highest = max([highest, since, *(int(number) for number in map(_number, unseen) if number.isdigit())])
        if not (unseen and more and since):
            return rows, {"since": highest}
        asked = more
    return rows, {"since": since, "highest": highest, "more": dict(asked)}


def _page_of(answer: Any) -> tuple[list[Any], Mapping[str, Any] | None]:
    if not isinstance(answer, Mapping) or not isinstance(answer.get("mentions"), list):
        raise PassingFailure("strange", _STRANGE)
    links = answer.get("_links")
    more = links.get("more") if isinstance(links, Mapping) else None
    params = more.get("params") if isinstance(more, Mapping) else None
    return answer["mentions"], params if isinstance(params, Mapping) and params else None


def _number(row: Any) -> str:
    return str(row.get("id") or "") if isinstance(row, Mapping) else repr(row)


def _explain(response: Response, failure: CollectError, now: datetime) -> CollectError:
    if response.status in (401, 403):
        return PermanentFailure(f"http_{response.status}", _REFUSED)
    if response.status == 402:
        return PermanentFailure("http_402", _PLAN)
    if response.status == 404:
        return PermanentFailure("http_404", _NOT_THERE)
    if response.status == 429 and failure.retry_after is None:
        failure.retry_after = _seconds_until(response.headers.get("x-rate-limit-reset", ""), now)
    return failure


def _seconds_until(reset: str, now: datetime) -> float | None:
    try:
        return max((datetime.fromtimestamp(int(reset), UTC) - now).total_seconds(), 0.0)
    except (ValueError, OverflowError, OSError):
        return None
