"""The hours people write, as moments: both changes of the clock said, never guessed in silence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)


class Reading(Enum):
    """How an hour stands on its day: once as on most, not at all in spring, twice in autumn."""

    ONCE = "once"
    SKIPPED = "skipped"
    TWICE = "twice"


def moment_of(day: date, hour: time) -> tuple[datetime, Reading]:
    """(the moment in UTC, how the hour stands on that day) of an hour in Paris.

    Of an hour that comes twice the first is taken; one that is skipped gives what the clock shows that much later
    (02:30 gives 03:30, since at 02:00 it goes on to 03:00).
    """
    first = datetime.combine(day, hour, tzinfo=PARIS)
    moment, second = first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)
    if moment == second:
        return moment, Reading.ONCE
    return moment, Reading.TWICE if moment < second else Reading.SKIPPED


def midnight(day: date) -> datetime:
    """The moment in UTC at which that day begins in Paris."""
    return moment_of(day, time())[0]


def day_of(moment: datetime) -> date:
    """The day it is in Paris at that moment."""
    return moment.astimezone(PARIS).date()


def weekly(begins: datetime, ends: datetime, weeks: int) -> Iterator[tuple[datetime, datetime, bool]]:
    """The same hours of Paris in each of so many weeks: (begins, ends, whether an hour of it was moved or doubled).

    Nights over a change of the clock are an hour shorter or longer, as they are for whoever holds them.
    """
    for week in range(weeks):
        (from_, one), (to, other) = (_later(moment, week) for moment in (begins, ends))
        yield from_, to, week > 0 and (one, other) != (Reading.ONCE, Reading.ONCE)


def _later(moment: datetime, weeks: int) -> tuple[datetime, Reading]:
    if not weeks:  # the first is taken as it was given: the second of two half past twos stays the second
        return moment, Reading.ONCE
    local = moment.astimezone(PARIS)
    return moment_of(local.date() + weeks * WEEK, local.time())


def changes_on(day: date) -> timedelta:
    """How much longer than 24 hours that day is in Paris: minus an hour in spring, an hour in autumn, else nothing."""
    return midnight(day + timedelta(days=1)) - midnight(day) - timedelta(days=1)
