"""What a person means by "in 30 min", "demain 9 h", "18:30" or "lundi 14h": a moment to come.

In French and in English alike, whatever the language of the page. Hours are those of the zone handed in: one that the
spring night lacks is the moment an unturned clock would have shown, one that the autumn night has twice is the first of
the two still to come. What is not understood is None; nothing is guessed.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FARTHEST = timedelta(days=366)
LONGEST = 60  # characters of anything that names a moment

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "j": timedelta(days=1), "d": timedelta(days=1)}
_NAMED = {"un": 1.0, "une": 1.0, "a": 1.0, "an": 1.0, "half an": 0.5, "une demi": 0.5, "un quart d'": 0.25}
_DISTANCE = re.compile(
    r"(?:dans |in |\+ ?)?(?P<count>\d{1,5}|une demi|un quart d'|une?|half an|an?)[ -]?"
    r"(?P<unit>minutes?|mins?|mn|m|heures?|hours?|hrs?|h|jours?|days?|j|d)(?: ?(?P<extra>[0-5]\d))?(?: min)?"
)
_DAYS = (
    ("lundi", "monday"),
    ("mardi", "tuesday"),
    ("mercredi", "wednesday"),
    ("jeudi", "thursday"),
    ("vendredi", "friday"),
    ("samedi", "saturday"),
    ("dimanche", "sunday"),
)
_WEEKDAY = {name: number for number, names in enumerate(_DAYS) for name in names}
_DAY = (
    r"(?P<after>après-demain|the day after tomorrow)|(?P<tomorrow>demain|tomorrow)"
    r"|(?P<today>aujourd'hui|ce soir|ce matin|cet après-midi|today|tonight)"
    rf"|(?P<weekday>{'|'.join(_WEEKDAY)})|(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}))?"
)
_CLOCK = r"(?P<hour>\d{1,2})(?:(?: ?h ?|:)(?P<minute>[0-5]\d)| ?(?P<sharp>h))?(?: ?(?P<half>[ap])\.?m\.?)?"
_MOMENT = re.compile(rf"(?:(?:le |on )?(?:{_DAY})(?: matin| morning)?,? ?)?(?:(?:à|at|@) ?)?(?:{_CLOCK})?")
_NOON = re.compile(r"\b(?:midi|noon)\b")


def moment(typed: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment to come that the whole of `typed` names, aware, in UTC; None when it names none, or one that is past.

    A day alone is its morning, nine o'clock. An hour alone is the next one that comes.
    """
    if len(typed) > LONGEST:
        return None
    text = " ".join(typed.replace("\0", " ").replace("’", "'").lower().split())
    found = _distance(text, now) or _named(_NOON.sub("12:00", text), now, zone)
    return found if found is not None and now < found <= now + FARTHEST else None


def _distance(text: str, now: datetime) -> datetime | None:
    found = _DISTANCE.fullmatch(text)
    if found is None or (found["extra"] and found["unit"][0] != "h"):
        return None
    if found["count"].isdigit() and found["unit"] == "h" and not text.startswith(("dans", "in", "+")):
        return None  # "9 h" is an hour of the day
    count = float(found["count"]) if found["count"].isdigit() else _NAMED[found["count"]]
    return now + count * _UNITS[found["unit"][0]] + timedelta(minutes=int(found["extra"] or 0))


def _named(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    found = _MOMENT.fullmatch(text)
    if found is None or not text:
        return None
    at, names_a_day = _clock(found), any(found[name] for name in ("after", "tomorrow", "today", "weekday", "day"))
    if at is None or (not found["hour"] and (not names_a_day or found["today"])):
        return None
    today = now.astimezone(zone).date()
    if names_a_day:
        day = _day(found, today, at, now, zone)
        return None if day is None else _next(day, at, now, zone)
    if not (found["minute"] or found["sharp"] or found["half"]):
        return None  # a bare number names nothing
    return _later(_next(today, at, now, zone), _next(today + timedelta(days=1), at, now, zone), now)


def _clock(found: re.Match[str]) -> time | None:
    """The hour of the day: nine when only a day is named, None when there is no such hour."""
    hour = int(found["hour"] or 9)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "p" else 0)
    return time(hour, int(found["minute"] or 0)) if hour < 24 else None


def _day(found: re.Match[str], today: date, at: time, now: datetime, zone: ZoneInfo) -> date | None:
    if found["weekday"]:
        first = today + timedelta(days=(_WEEKDAY[found["weekday"]] - today.weekday()) % 7)
        return first if _next(first, at, now, zone) > now else first + timedelta(days=7)
    if not found["day"]:
        return today + timedelta(days=2 if found["after"] else 1 if found["tomorrow"] else 0)
    try:
        named = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
        return named if found["year"] or named >= today else named.replace(year=today.year + 1)
    except ValueError:  # the 31st of February
        return None


def _next(day: date, at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """That hour of that day; of the two that an autumn night has, the first that is still to come."""
    early, late = (datetime.combine(day, at.replace(fold=fold), tzinfo=zone).astimezone(UTC) for fold in (0, 1))
    return early if early > now or late <= early else late


def _later(one: datetime, other: datetime, now: datetime) -> datetime:
    return one if one > now else other
