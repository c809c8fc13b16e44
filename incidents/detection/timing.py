"""When it struck: against who answers at that hour, public holidays, the client's calendar and the author's own habit.

Every length is counted in real time, so that a night with a clock change is an hour longer or shorter, as it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import holidays

from incidents.detection import timing_words
from incidents.detection.case import Case, Staffed
from incidents.detection.leverage import origin_of
from incidents.detection.own_hours import Habit, habit_of_origin

AFTER_SHIFT = timedelta(minutes=90)
NIGHT = (time(22), time(6))
FRIDAY_EVENING = time(17)
AROUND = timedelta(hours=24)  # of an entry of the calendar
SAME_SHIFT = timedelta(minutes=1)  # 23:59 and midnight are one shift
DAYS_LOOKED = 9  # a week and its ends: a shift once a week is found either way


@dataclass(frozen=True, slots=True)
class Staffing:
    """Whether somebody answered at the strike; since when nobody did, and until when (None: no shift at all)."""

    is_staffed: bool
    since: timedelta | None
    until: timedelta | None


def judge(case: Case) -> dict[str, Any]:
    """The section « timing » as plain values; words in both languages, minutes of the client's own clock."""
    struck = case.started_at
    staffing = staffing_at(struck, case)
    signs = [
        timing_words.staffed(staffing.is_staffed, staffing.since, staffing.until)
        if staffing
        else timing_words.staffing_unknown(),
        *timing_words.week(*_moment_of_week(struck, case)),
        *(timing_words.holiday(name, days) for name, days in holidays_near(struck, case)),
        *_planned(case),
        *_hours_of_origin(case),
    ]
    return {
        "zone": case.zone.key,
        "struck_at": struck.isoformat(),
        "sentence": timing_words.sentence(struck, case.zone, staffing.is_staffed if staffing else None),
        "signs": signs,
        "past": _pattern(case) if case.staffed else None,
        "minute": _minute(struck.astimezone(case.zone)),
        "staffed": _arcs(struck.astimezone(case.zone).date(), case.staffed),
        "is_staffed": staffing.is_staffed if staffing else None,
    }


def _hours_of_origin(case: Case) -> Iterator[dict[str, Any]]:
    """Nothing where nobody leads: an outage has no account at the origin."""
    if origin_of(case) is not None:
        habit = habit_of_origin(case)
        yield timing_words.own_habit(habit) if isinstance(habit, Habit) else timing_words.habit_unknown(habit)


def staffing_at(at: datetime, case: Case) -> Staffing | None:
    """Who answered at `at`; None when the client has no staffed hours entered."""
    if not case.staffed:
        return None
    shifts = list(_shifts(at, case))
    if any(begin <= at < end for begin, end in shifts):
        return Staffing(True, None, None)
    before = [end for _begin, end in shifts if end <= at]
    after = [begin for begin, _end in shifts if begin > at]
    return Staffing(False, at - max(before) if before else None, min(after) - at if after else None)


def holidays_near(at: datetime, case: Case) -> list[tuple[dict[str, str], int]]:
    """(name in both languages, 0 on that day or 1 on its eve) of the public holidays of the client's country."""
    day = at.astimezone(case.zone).date()
    found = [(_holiday(case.country, day + timedelta(days=ahead)), ahead) for ahead in (0, 1)]
    return [(name, ahead) for name, ahead in found if name]


def _holiday(country: str, day: date) -> dict[str, str] | None:
    name = _calendar(country, day.year, "fr").get(day)
    return {"fr": name, "en": _calendar(country, day.year, "en_US").get(day, name)} if name else None


@lru_cache(maxsize=64)
def _calendar(country: str, year: int, language: str) -> dict[date, str]:
    """Names of the public holidays of a year, in the country's own language when it has no other; empty if unknown."""
    try:
        speaks = holidays.country_holidays(country).supported_languages
        known = language if language in speaks else None
        return dict(holidays.country_holidays(country, years=year, language=known).items())
    except NotImplementedError:
        return {}


def _moment_of_week(at: datetime, case: Case) -> tuple[bool, bool, bool]:
    """(Friday evening, weekend, night) on the client's clock."""
    local = at.astimezone(case.zone)
    clock = local.time()
    is_night = clock >= NIGHT[0] or clock < NIGHT[1]
    return local.weekday() == 4 and clock >= FRIDAY_EVENING, local.weekday() >= 5, is_night


def _planned(case: Case) -> Iterator[dict[str, Any]]:
    """What was in the client's calendar within a day of the strike."""
    for entry in sorted(case.agenda, key=lambda entry: (entry.starts_at, entry.title)):
        if entry.starts_at - AROUND <= case.started_at <= entry.ends_at + AROUND:
            yield timing_words.planned(entry, case.started_at)


def _pattern(case: Case) -> dict[str, str]:
    """How many strikes, this one included, came while nobody answered or within 90 minutes of a shift's end."""
    strikes = [case.started_at, *(past.started_at for past in case.past)]
    found = [staffing_at(at, case) for at in strikes]
    unstaffed = [one for one in found if one and not one.is_staffed]
    soon = sum(one.since is not None and one.since <= AFTER_SHIFT for one in unstaffed)
    return timing_words.pattern(len(strikes), len(unstaffed), soon)


def _shifts(at: datetime, case: Case) -> Iterator[tuple[datetime, datetime]]:
    """The shifts around `at` in real time, joined where one ends as the next begins."""
    day = at.astimezone(case.zone).date()
    found = []
    for ahead in range(-DAYS_LOOKED, DAYS_LOOKED + 1):
        on = day + timedelta(days=ahead)
        for hours in case.staffed:
            if hours.weekday == on.weekday():
                ends = (datetime.combine(on, clock, case.zone) for clock in (hours.opens_at, hours.closes_at))
                found.append(tuple(end.astimezone(UTC) for end in ends))
    begin = end = None
    for opens, closes in sorted(found):
        if begin is None or end is None or opens > end + SAME_SHIFT:
            if begin is not None and end is not None:
                yield begin, end
            begin, end = opens, closes
        else:
            end = max(end, closes)
    if begin is not None and end is not None:
        yield begin, end


def _arcs(day: date, staffed: Sequence[Staffed]) -> list[list[int]]:
    """[from, to] in minutes of the clock, of the shifts of that day."""
    return sorted([_minute(one.opens_at), _minute(one.closes_at)] for one in staffed if one.weekday == day.weekday())


def _minute(clock: time | datetime) -> int:
    return clock.hour * 60 + clock.minute
