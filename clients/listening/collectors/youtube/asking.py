"""Asking YouTube's Data API within the day's units: each call costs some; midnight in California renews them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agency.http import Response
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import (
    CollectError,
    HeldBack,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
    Quota,
)
from clients.listening.words import Words

BASE = "https://www.googleapis.com"
DAY_IN = ZoneInfo(
    "America/Los_Angeles"
)  # where the units are renewed (developers.google.com/youtube/v3/getting-started)
DAILY_UNITS = 10_000  # what a project is given
COSTS = {"search": 100}  # units; every other list costs one (developers.google.com/youtube/v3/determine_quota_cost)

_SPENT = Words(
    "les {units} unités du jour sont épuisées\u00a0; YouTube les renouvelle à minuit, heure de Californie",
    "today’s {units} units are used up; YouTube renews them at midnight, Californian time",
)
_KEY = Words("YouTube refuse la clé d’API", "YouTube refuses the API key")
_NOT_OPEN = Words(
    "la clé n’a pas droit à l’API YouTube\u00a0: {detail}", "the key has no right to the YouTube API: {detail}"
)
_DISABLED = Words("les commentaires y sont désactivés", "comments are turned off there")
_NOT_THERE = Words("chaîne ou vidéo introuvable", "no such channel or video")
_CLOSED = Words("YouTube n’y donne pas accès (vidéo privée\u00a0?)", "YouTube gives no access there (a private video?)")
_SLOWER = Words("YouTube demande de ralentir", "YouTube asks us to slow down")
_OLD_PAGE = Words("YouTube ne connaît plus la page demandée", "YouTube no longer knows the page asked for")
_OF_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_OF_PACE = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_OF_KEY = frozenset({"keyInvalid", "keyExpired", "API_KEY_INVALID"})
OF_ONE_TARGET = frozenset({"comments_disabled", "not_there", "closed"})


class Units:
    """The day's units, of which `spent` are gone; the count begins again at midnight in California."""

    def __init__(self, kept: Mapping[str, Any], daily: int, now: datetime) -> None:
        local = now.astimezone(DAY_IN)
        self.day = local.date().isoformat()
        self.daily = daily
        self.spent = int(kept.get("spent", 0)) if kept.get("day") == self.day else 0
        tomorrow = (local + timedelta(days=1)).date()
        self.renewed_at = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=DAY_IN).astimezone(UTC)

    @property
    def quota(self) -> Quota:
        """What is left of them."""
        return Quota(max(self.daily - self.spent, 0), self.renewed_at)

    def may(self, cost: int) -> bool:
        """Whether a call of that cost can still be made."""
        return self.spent + cost <= self.daily

    def cursor(self) -> dict[str, Any]:
        """What to keep until the next reading."""
        return {"day": self.day, "spent": self.spent}


class YouTube:
    """One reading's conversation with the API."""

    def __init__(self, http: OutgoingNetwork, base: str, key: str, units: Units, now: datetime, calls: int) -> None:
        self.units = units
        self._now = now
        self._calls = calls
        headers = {"X-Goog-Api-Key": key}  # a key in the address would end up in logs
        self.api = Asking(http, base, now=now, headers=headers, explain=self._explained)

    def can(self, what: str = "") -> bool:
        """Whether the reading may still make a call."""
        return self.api.calls < self._calls and self.units.may(COSTS.get(what, 1))

    def get(self, what: str, **params: Any) -> Any:
        """The answer of a list. Raises CollectError; HeldBack when the day's units do not pay for it."""
        cost = COSTS.get(what, 1)
        if not self.units.may(cost):
            raise self.held_back()
        self.units.spent += cost
        return self.api.get(f"/youtube/v3/{what}", params)

    def held_back(self) -> HeldBack:
        """What is said when the day's units are spent."""
        wait = (self.units.renewed_at - self._now).total_seconds()
        return HeldBack("quota", _SPENT.put(units=self.units.daily), wait, self.units.quota)

    def _explained(self, response: Response, failure: CollectError) -> CollectError:
        reason, domain, detail = _reason(response.body)
        if reason in _OF_QUOTA:
            self.units.spent = self.units.daily  # others spend them too: Google's count is the one that holds
            return self.held_back()
        if reason in _OF_PACE or response.status == 429:
            return PassingFailure("http_429", _SLOWER, failure.retry_after or 60.0)
        if reason in _OF_KEY or "API key not valid" in detail:
            return PermanentFailure("key", _KEY)
        if reason == "commentsDisabled":
            return PassingFailure("comments_disabled", _DISABLED)
        if response.status == 404:
            return PassingFailure("not_there", _NOT_THERE)
        if reason == "forbidden" and domain.startswith("youtube."):
            return PassingFailure("closed", _CLOSED)
        if response.status == 403:
            return PermanentFailure("not_open", _NOT_OPEN.put(detail=detail or "403"))
        if response.status == 400 and "page" in reason.lower() + detail.lower():
            return PassingFailure("old_page", _OLD_PAGE)
        return failure


def _reason(body: bytes) -> tuple[str, str, str]:
    """The reason of an error, its domain, and what is said of it in English, tags left out."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return "", "", ""
    error = said.get("error") if isinstance(said, dict) else None
    if not isinstance(error, dict):
        return "", "", ""
    errors = error.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    detail = str(error.get("message") or "").partition("<")[0][:200]
    return str(first.get("reason") or ""), str(first.get("domain") or ""), detail
