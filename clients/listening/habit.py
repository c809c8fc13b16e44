"""How long a source may be silent, and how much it usually brings, at each hour of the day: learnt from its past.

A night without a post says nothing of a noon without one, so silences are compared with those of the same hour, working
days and week-ends apart. A silence is beyond the habit of an hour when it is twice as long as the longest one seen at
that hour in thirty days, the oddest day left out (one outage must not pass for a habit), *and* when it lacks ten
mentions that usually come in such a time, ten bursts where they come in bursts (what speaks three times a week, or ten
times at once, has no longest silence to speak of).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any

PAST = timedelta(days=30)
LEAST_PAST = timedelta(days=7)
LEAST_ARRIVALS = 20
LEAST_DAYS = 4  # with an arrival
DAYS_BEFORE_THE_ODDEST_IS_LEFT_OUT = 10
# Tried on made series of six kinds of sources, some four hundred months of them: see tests/clients/test_habit.py.
MARGIN = 2.0
MISSED = 10.0
SHORTEST = 3600.0  # seconds; below an hour a silence is nobody's business
LONGEST = PAST.total_seconds()
HOURS = 48  # 24 of working days, then 24 of week-ends
SATURDAY, NOON = 5, 12
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Habit:
    """For each of the 48 hours: the longest silence within the habit, in seconds, and the usual number of mentions.

    None where that hour has not been seen. An empty habit (nothing learnt) knows nothing at any hour.
    """

    silences: tuple[int | None, ...] = ()
    mentions: tuple[float | None, ...] = ()

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Habit:
        """From what `as_json` gave; anything else is an empty habit."""
        silences, mentions = kept.get("silences") or (), kept.get("mentions") or ()
        return cls(tuple(silences), tuple(mentions)) if len(silences) == len(mentions) == HOURS else cls()

    def as_json(self) -> dict[str, Any]:
        return {"silences": list(self.silences), "mentions": list(self.mentions)} if self.silences else {}

    def silence_at(self, local: datetime) -> int | None:
        """Seconds that a silence may last around a local time: at its hour or the next, whichever allows more."""
        near = (_at(self.silences, local), _at(self.silences, local + _HOUR))
        known = [one for one in near if one is not None]
        return round(max(known)) if known else None

    def mentions_at(self, local: datetime) -> float | None:
        """How many mentions that hour of the day usually brings."""
        return _at(self.mentions, local)


def learn(arrivals: Mapping[datetime, int], *, now: datetime, zone: tzinfo) -> Habit:
    """The habit of a source from its arrivals: how many at each moment (aware), to a few minutes.

    An empty habit while there is not enough past: a week, twenty moments, four days with something.
    """
    recent = {moment: count for moment, count in arrivals.items() if now - PAST <= moment <= now}
    moments = sorted(recent)
    days = {moment.astimezone(zone).date() for moment in moments}
    if len(moments) < LEAST_ARRIVALS or len(days) < LEAST_DAYS or now - moments[0] < LEAST_PAST:
        return Habit()
    counts = _by_hour(recent, moments[0], now, zone)
    mentions = _usual(counts)
    longest, lacking = _longest_silences([*moments, now], zone), MISSED * _burstiness(counts, mentions)
    return Habit(tuple(_allowed(hour, longest[hour], mentions, lacking) for hour in range(HOURS)), mentions)


def _index(local: datetime) -> int:
    """The hour among the 48. Monday morning still waits for what the week-end did not bring: it counts with it."""
    is_week_end = local.weekday() >= SATURDAY or (local.weekday() == 0 and local.hour < NOON)
    return local.hour + (24 if is_week_end else 0)


def _at(values: Sequence[float | None], local: datetime) -> float | None:
    return values[_index(local)] if values else None


def _hours_between(begin: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The end of each clock hour that the span touches (the last one cut at its end), and when that hour begins here.

    Clocks change by whole hours, so an hour of UTC is one of local time; zones off by half an hour lose nothing that
    matters here.
    """
    hour = begin.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while hour < end:
        yield min(hour + _HOUR, end), hour.astimezone(zone)
        hour += _HOUR


def _longest_silences(moments: Sequence[datetime], zone: tzinfo) -> list[float | None]:
    """For each of the 48 hours, how old the last arrival became in it, at worst; the oddest day is left out."""
    worst: dict[int, dict[date, float]] = defaultdict(dict)
    for last, following in pairwise(moments):
        for until, local in _hours_between(last, following, zone):
            days, age = worst[_index(local)], (until - last).total_seconds()
            days[local.date()] = max(age, days.get(local.date(), 0.0))
    longest = [_without_the_oddest(worst[hour].values()) if hour in worst else None for hour in range(HOURS)]
    # Thirty days hold four week-ends, too few to tell a long silence: theirs is never shorter than a working day's.
    return [max(one, longest[hour % 24] or 0.0) if one is not None else None for hour, one in enumerate(longest)]


def _without_the_oddest(ages: Any) -> float:
    ranked = sorted(ages)
    return float(ranked[-2 if len(ranked) >= DAYS_BEFORE_THE_ODDEST_IS_LEFT_OUT else -1])


def _allowed(hour: int, longest: float | None, mentions: Sequence[float | None], lacking: float) -> int | None:
    if longest is None:
        return None
    return round(max(MARGIN * longest, _time_for(lacking, hour, mentions), SHORTEST))


def _time_for(lacking: float, hour: int, mentions: Sequence[float | None]) -> float:
    """Seconds, counted back from that hour, in which so many mentions usually come."""
    day, seconds = hour // 24 * 24, 0.0
    while lacking > 0 and seconds < LONGEST:
        usual = mentions[day + hour % 24] or 0.0
        seconds += 3600.0 * min(1.0, lacking / usual) if usual else 3600.0
        lacking -= usual
        hour -= 1
    return seconds


def _by_hour(recent: Mapping[datetime, int], first: datetime, now: datetime, zone: tzinfo) -> dict[datetime, int]:
    """How many came in each local hour since the first, the empty ones too."""
    counts = {local: 0 for _until, local in _hours_between(first, now, zone)}
    for moment, count in recent.items():
        counts[moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0).astimezone(zone)] += count
    return counts


def _usual(counts: Mapping[datetime, int]) -> tuple[float | None, ...]:
    sums: dict[int, list[int]] = defaultdict(list)
    for local, count in counts.items():
        sums[_index(local)].append(count)
    return tuple(round(sum(sums[hour]) / len(sums[hour]), 2) if hour in sums else None for hour in range(HOURS))


def _burstiness(counts: Mapping[datetime, int], mentions: Sequence[float | None]) -> float:
    """How many mentions come at once: the variance of the hours over their mean (1 for independent posts).

    The fullest hour in a hundred is left out: one storm says nothing of how the source usually speaks.
    """
    kept = sorted((count, mentions[_index(local)] or 0.0) for local, count in counts.items())
    kept = kept[: len(kept) - len(kept) // 100]
    expected = sum(usual for _count, usual in kept)
    return max(1.0, sum((count - usual) ** 2 for count, usual in kept) / expected) if expected else 1.0
