"""Dates as French sites write them in their feeds, against the standard: "lundi 23 novembre 2026 à 10h30"."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")  # a date in French words that names no zone is taken for French time
_MONTHS = ("janv", "fév", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
_PLAIN = str.maketrans("éû", "eu")
_DATE = re.compile(
    r"(?:(?!(?:mon|tue|wed|thu|fri|sat|sun)\b)[a-z]{3,8}[.,]*\s+)?(?:le\s+)?(\d{1,2})(?:er)?\s+([a-z]{3,9})\.?,?\s+(\d{4})"
    r"(?:\D{1,4}(\d{1,2})\s*[:h]\s*(\d{2})(?::(\d{2}))?)?\s*(z|gmt|utc|[+-]\d{2}:?\d{2})?"
)


def french_date(written: str) -> datetime | None:
    """The moment, in UTC; None when it is not a date in French words. Without an hour: midnight."""
    found = _DATE.fullmatch(written.strip().lower().translate(_PLAIN))
    month = _month(found.group(2)) if found else 0
    if not found or not month:
        return None
    day, year, hour, minute, second = (int(found.group(at) or 0) for at in (1, 3, 4, 5, 6))
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(found.group(7) or "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _month(written: str) -> int:
    beginnings = [month.translate(_PLAIN) for month in _MONTHS]
    return next((number for number, one in enumerate(beginnings, 1) if written.startswith(one)), 0)


def _zone(written: str) -> ZoneInfo | None:
    """`datetime.fromisoformat` reads offsets: its zone is borrowed."""
    if not written:
        return PARIS
    offset = "+00:00" if written in ("z", "gmt", "utc") else written
    return datetime.fromisoformat(f"2026-01-01T00:00:00{offset}").tzinfo  # type: ignore[return-value]
