"""What a line of the log says of itself: "21:42 décision : on attend" happened at 21:42 and is a decision.

Read at the beginning of the line only, in French and in English alike, whatever the language of the page: an hour
("21:42", "21h42", "9:42 pm"), a day and an hour ("hier 23:10", "22/11 21:42"), a distance ("il y a 5 min",
"5 min ago"), and a word that names the kind ("décision :", "fact:"). What is not understood is left in the text.

Hours are those of the zone handed in. In the autumn night when 02:30 comes twice, it is the later one that has already
come; in the spring night when 02:30 does not come, it is the moment an unturned clock would have shown it (03:30).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CLOCKS_MAY_DIFFER = timedelta(minutes=2)
FARTHEST = timedelta(days=31)

_KINDS = {
    "fact": "fact|fait",
    "decision": "decision|décision|décidé|decided",
    "action": "action",
    "message": "message|msg",
}
_KIND = re.compile(
    "(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items()) + r")\s*(?:[:–—]|-(?=\s))\s*",
    re.IGNORECASE,
)
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:(?:\s?h\s?|:)(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?|\s?h)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_DAY = (
    r"(?P<before>avant-hier|the day before yesterday)|(?P<yesterday>hier|yesterday)|(?P<today>aujourd['’]hui|today)"
    r"|(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:/(?P<year>\d{4}))?"
)
_AT = r"(?:à|a|at|vers|around|about|@)"
_MOMENT = re.compile(
    rf"\[?(?:(?:le\s|on\s)?(?:{_DAY})\s*,?\s+)?(?P<at>{_AT}\s+)?{_CLOCK}(?![\d/%€$]|[:.,]\d)\]?", re.IGNORECASE
)
_COUNT = r"(?P<count>\d{1,5}|une?|an?|half an|une demi|un quart d['’])"
_UNIT = r"(?P<unit>secondes?|seconds?|secs?|s|minutes?|mins?|mn|heures?|hours?|hrs?|h|jours?|days?|j|d)(?![^\W\d_])"
_EXTRA = r"(?:\s?(?P<extra>\d{2})(?!\d)|\s(?P<plus>et demie))?"
_AGO = re.compile(
    rf"(?:il\s+y\s+a\s+{_COUNT}[\s-]*{_UNIT}{_EXTRA}|{_COUNT.replace('count', 'count2')}[\s-]*"
    rf"{_UNIT.replace('unit', 'unit2')}\s+ago\b)",
    re.IGNORECASE,
)
_NOW = re.compile(r"(?:à l['’]instant|maintenant|just now|right now)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*(?:[:,;–—.\])]|-(?=\s))?\s*")
_NUMBERS = {"un": 1.0, "une": 1.0, "a": 1.0, "an": 1.0, "half an": 0.5, "une demi": 0.5}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "j": 86400, "d": 86400}


class NotYet(ValueError):
    """The line names a moment that has not come yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """`text` without what was understood; `happened_at` aware, None when no moment was named; `kind` "" likewise."""

    text: str
    happened_at: datetime | None = None
    kind: str = ""


def read(typed: str, *, now: datetime, zone: ZoneInfo) -> Line:
    """What a typed line says, in whichever order time and kind stand. `now` aware.

    Raises NotYet when a day is named with the hour and that moment is to come. An hour alone is the last one that came:
    "23:50" typed at ten past midnight is yesterday's.
    """
    rest, kind, happened_at = typed.replace("\u00a0", " ").replace("\u202f", " ").strip(), "", None
    for _part in range(2):
        if not kind and (found := _KIND.match(rest)):
            kind, rest = str(found.lastgroup), rest[found.end() :]
        if happened_at is None:
            happened_at, rest = _time_of(rest, now, zone)
    return Line(text=rest.strip(), happened_at=happened_at, kind=kind)


def moment(typed: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment that the whole of what was typed names; None when it names none. Raises NotYet as `read` does."""
    found = read(typed, now=now, zone=zone)
    return None if found.text or found.kind else found.happened_at


def _time_of(text: str, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """The moment named at the beginning, and what follows it; (None, text) when there is none."""
    if found := _NOW.match(text):
        return now, _after(text, found)
    if found := _AGO.match(text):
        at = _ago(found, now)
    elif (found := _MOMENT.match(text)) and _is_an_hour(found):
        at = _at(found, now, zone)
    else:
        return None, text
    return (at, _after(text, found)) if at is not None else (None, text)


def _after(text: str, found: re.Match[str]) -> str:
    separator = _SEPARATOR.match(text, found.end())
    return text[separator.end() :] if separator else text[found.end() :]


def _ago(found: re.Match[str], now: datetime) -> datetime | None:
    count = (found["count"] or found["count2"]).lower()
    if count.startswith("un quart"):
        return now - timedelta(minutes=15)
    seconds = _SECONDS[(found["unit"] or found["unit2"])[0].lower()]
    extra = seconds / 2 if found["plus"] else int(found["extra"] or 0) * seconds / 60
    distance = timedelta(seconds=_NUMBERS.get(count, 0.0) * seconds or int(count) * seconds) + timedelta(seconds=extra)
    return now - distance if distance <= FARTHEST else None


def _is_an_hour(found: re.Match[str]) -> bool:
    """ "21" is a number, "3h d’attente" a duration: minutes, am or pm are needed; or an h with "à", a day, a comma."""
    following = found.string[found.end() : found.end() + 3].lstrip()
    has_h = "h" in found[0][found.start("hour") - found.start() :].lower()
    stands_alone = bool(found["at"]) or _names_a_day(found) or following[:1] in {"", ":", ",", ";", "–", "—", "-"}
    marked = found["minute"] or found["half"] or (has_h and stands_alone)
    whole = not found.string[found.end() : found.end() + 1].isalnum()
    return bool(marked) and whole and int(found["hour"]) < 24


def _at(found: re.Match[str], now: datetime, zone: ZoneInfo) -> datetime | None:
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    at, today = time(hour, int(found["minute"] or 0), int(found["second"] or 0)), now.astimezone(zone).date()
    if not _names_a_day(found):
        here = _last(today, at, now, zone)
        return here if here <= now + CLOCKS_MAY_DIFFER else _last(today - timedelta(days=1), at, now, zone)
    day = _day(found, today)
    if day is None or today - day > FARTHEST:
        return None
    named = _last(day, at, now, zone)
    if named > now + CLOCKS_MAY_DIFFER:
        raise NotYet(found[0].strip())
    return named


def _names_a_day(found: re.Match[str]) -> bool:
    return any(found[name] for name in ("before", "yesterday", "today", "day"))


def _day(found: re.Match[str], today: date) -> date | None:
    if found["day"] is None:
        return today - timedelta(days=2 if found["before"] else 1 if found["yesterday"] else 0)
    try:
        named = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
        is_last_years = found["year"] is None and named > today + timedelta(
            days=180
        )  # 31/12 written on the 2nd of January
        return named.replace(year=today.year - 1) if is_last_years else named
    except ValueError:  # the 31st of February
        return None


def _last(day: date, at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """That hour of that day; of the two that an autumn night has, the later one unless it is still to come."""
    early, late = (datetime.combine(day, at.replace(fold=fold), tzinfo=zone).astimezone(UTC) for fold in (0, 1))
    return late if early < late <= now + CLOCKS_MAY_DIFFER else early
