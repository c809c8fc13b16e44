"""Reads the dates that exports carry: ISO, epoch, French, English and American. Never guesses a missing part."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from clients.listening.raw import in_utc

_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:,?\s+(?:à\s+|at\s+)?(.+))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:,?\s+(.+))?")
_DAY_FIRST_WORDS = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})(?:er|st|nd|rd|th)?[\s-]+([^\W\d]+)\.?,?[\s-]+(\d{4})(?:,?\s+(?:à\s+|at\s+)?(.+))?"
)
_MONTH_FIRST_WORDS = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:,?\s+(?:at\s+)?(.+))?"
)
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4}) (\d{4})")
_TIME = re.compile(
    r"(\d{1,2})\s*[:hH]\s*(\d{2})?(?::(\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?", re.I
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv janvier january", "feb fev fevr fevrier february fév févr février", "mar mars march",
            "apr avr avril april", "may mai", "jun juin june", "jul juil juillet july", "aug aou aout août august",
            "sep sept septembre september", "oct octobre october", "nov novembre november",
            "dec decembre déc décembre december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip


def moment(written: str, zone: tzinfo, *, day_first: bool = True) -> datetime:
    """The moment in UTC; a date without a zone is in `zone`, a date without an hour is at midnight.

    `day_first` decides 03/04/2026. Raises ValueError for anything that is not wholly a date.
    """
    written = written.strip()
    found = _iso(written) or _epoch(written)
    if found is None:
        found = _in_figures(written, day_first=day_first) or _in_words(written)
    if found is None:
        raise ValueError(f"not a date: {written[:60]}")
    return in_utc(found if found.tzinfo else found.replace(tzinfo=zone))


def is_day_first(written: Iterable[str]) -> bool:
    """Whether dates in figures begin with the day, judged on a column of them: yes, unless they prove otherwise."""
    first_parts, second_parts = set(), set()
    for date in written:
        if parts := _NUMERIC.fullmatch(date.strip()):
            first_parts.add(int(parts[1]))
            second_parts.add(int(parts[2]))
    return not (max(second_parts, default=0) > 12 and max(first_parts, default=0) <= 12)


def _iso(written: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d|\d{8}T", written):
        return None
    try:
        return datetime.fromisoformat(written.removesuffix(" UTC") + ("Z" if written.endswith(" UTC") else ""))
    except ValueError:
        return None


def _epoch(written: str) -> datetime | None:
    """Seconds or milliseconds since 1970, between 2001 and 2286."""
    if not _EPOCH.fullmatch(written):
        return None
    return datetime.fromtimestamp(float(written) / (1000 if len(written) == 13 else 1), UTC)


def _in_figures(written: str, *, day_first: bool) -> datetime | None:
    if parts := _NUMERIC.fullmatch(written):
        day, month = (parts[1], parts[2]) if day_first else (parts[2], parts[1])
        return _at(parts[3], int(month), day, parts[4])
    if parts := _YEAR_FIRST.fullmatch(written):
        return _at(parts[1], int(parts[2]), parts[3], parts[4])
    return None


def _in_words(written: str) -> datetime | None:
    if parts := _TWITTER.fullmatch(written):
        return _at(parts[5], _month(parts[1]), parts[2], f"{parts[3]} {parts[4]}")
    if parts := _DAY_FIRST_WORDS.fullmatch(written):
        return _at(parts[3], _month(parts[2]), parts[1], parts[4])
    if parts := _MONTH_FIRST_WORDS.fullmatch(written):
        return _at(parts[3], _month(parts[1]), parts[2], parts[4])
    return None


def _month(name: str) -> int:
    if name.lower() not in _MONTHS:
        raise ValueError(f"not a month: {name}")
    return _MONTHS[name.lower()]


def _at(year: str, month: int, day: str, time: str | None) -> datetime:
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    date = datetime(full_year, month, int(day))  # noqa: DTZ001 (the zone is that of the file, unless the hour has one)
    if not time:
        return date
    parts = _TIME.fullmatch(time.strip())
    if parts is None or (parts[2] is None and parts[3] is not None):
        raise ValueError(f"not an hour: {time[:40]}")
    hour = int(parts[1])
    if parts[4]:
        if not 1 <= hour <= 12:
            raise ValueError(f"not an hour: {time[:40]}")
        hour = hour % 12 + (12 if parts[4] in "pP" else 0)
    return date.replace(hour=hour, minute=int(parts[2] or 0), second=int(parts[3] or 0), tzinfo=_zone(parts[5]))


def _zone(written: str | None) -> tzinfo | None:
    if written is None:
        return None
    if written[0] not in "+-":
        return UTC
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(ahead if written[0] == "+" else -ahead)
