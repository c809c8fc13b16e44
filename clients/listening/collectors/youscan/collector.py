"""YouScan: the mentions of a topic, by their ever-growing number.

Facts from developers.youscan.io (list mentions, dates and time zones; read on 2026-11-23): `sinceSeq` with
`orderBy=seqAsc` walks forward and misses nothing; ten calls in ten seconds, a 429 in plain text; posts of X come
without text, address and author; those of Reddit and Quora do not come at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from agency.http import Response
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Setting,
)
from clients.listening.collectors.suites import take
from clients.listening.collectors.youscan import rows as youscan_rows
from clients.listening.words import Words

PAGE = 200  # the limit is 1,000; with their full texts about 2 MB
PAGES = 8  # a reading: ten calls in ten seconds are allowed
REACH_BACK = timedelta(days=60)  # a post found today may be older; without a date YouScan looks six days back only
SLOW_DOWN_S = 15.0

_REFUSED = Words("YouScan refuse la clé d’accès", "YouScan refuses the access key")
_PLAN = Words("l’abonnement YouScan ne comprend pas l’API", "the YouScan plan does not include the API")
_NOT_THERE = Words("YouScan ne connaît pas ce thème", "YouScan does not know this topic")
_STRANGE = Words("la réponse de YouScan n’a pas la forme attendue", "YouScan’s answer is not of the expected shape")


class YouScanCollector:
    """Walks forward from the last number read."""

    kind = "youscan"
    name = Words("YouScan", "YouScan")
    unit_price = Decimal(0)
    settings = (
        Setting("topic", Words("Numéro du thème", "Topic number"), is_required=True),
        Setting("key", Words("Clé d’accès", "Access key"), kind="secret", is_required=True),
        Setting("days", Words("Jours relevés au début", "Days read at first"), kind="number", default=2),
        Setting(
            "base_url",
            Words("Adresse de l’API", "Address of the API"),
            kind="url",
            default="https://api.youscan.io/api/external",
        ),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        topic = str(settings["topic"]).strip()
        seq = int(cursor.get("seq") or 0) if cursor.get("of") == topic else 0
        back = REACH_BACK if seq else timedelta(days=min(max(float(settings.get("days") or 2), 0.1), 60))
        asking = Asking(
            http,
            str(settings.get("base_url") or "https://api.youscan.io/api/external"),
            now=now,
            headers={"X-API-KEY": str(settings["key"])},
            explain=_explain,
        )
        rows, seq, has_more = _walk(asking, topic, seq, now - back)
        taken = take(rows, youscan_rows.read)
        return Fetched(
            taken.mentions,
            {"of": topic, "seq": seq},
            bytes=asking.bytes,
            calls=asking.calls,
            notes=taken.notes,
            has_more=has_more,
        )


def _walk(asking: Asking, topic: str, seq: int, since: datetime) -> tuple[list[Any], int, bool]:
    """The rows of at most eight pages, the highest number among them, and whether there are more."""
    rows: list[Any] = []
    for _page in range(PAGES):
        answer = asking.get(f"topics/{quote(topic, safe='')}/mentions", _question(seq, since))
        if not isinstance(answer, Mapping) or not isinstance(answer.get("mentions"), list):
            raise PassingFailure("strange", _STRANGE)
        page = answer["mentions"]
        highest = max([seq, *(row["seq"] for row in page if isinstance(row, Mapping) and _is_number(row.get("seq")))])
        rows += page
        if highest == seq or len(page) < PAGE:
            return rows, highest, False
        seq = highest
    return rows, seq, True


def _question(seq: int, since: datetime) -> dict[str, Any]:
    return {
        "sinceSeq": seq,
        "orderBy": "seqAsc",
        "size": PAGE,
        "from": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "timeZone": "UTC",
        "htmlSanitize": "false",
    }


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _explain(response: Response, failure: CollectError) -> CollectError:
    if response.status in (401, 403):
        return PermanentFailure(f"http_{response.status}", _REFUSED)
    if response.status == 402:
        return PermanentFailure("http_402", _PLAN)
    if response.status == 404:
        return PermanentFailure("http_404", _NOT_THERE)
    if response.status == 429 and failure.retry_after is None:
        failure.retry_after = SLOW_DOWN_S
    return failure
