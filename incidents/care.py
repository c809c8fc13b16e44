"""Hours under fire: how long a person has been at it, from the marks they left. Hours only, never a score. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from clients.listening.words import Words

GAP = timedelta(minutes=45)  # a longer silence ends a stretch
DAY = timedelta(hours=24)
KEPT = timedelta(days=30)  # nothing older is read, and nothing of it is stored


@dataclass(frozen=True, slots=True)
class Stretch:
    """From the first mark to the last, aware; real hours: the night the clocks change counts as it was lived."""

    begins_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at.astimezone(UTC) - self.begins_at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class UnderFire:
    """One person's hours: without a pause until now, and in the last 24 hours."""

    stretches: tuple[Stretch, ...]
    in_a_row: timedelta
    in_a_day: timedelta

    @property
    def is_at_it(self) -> bool:
        """Whether the last mark is recent enough for the stretch to go on."""
        return self.in_a_row > timedelta(0)


RESTED = UnderFire((), timedelta(0), timedelta(0))


def under_fire(marks: Iterable[datetime], now: datetime) -> UnderFire:
    """The stretches of a person's marks (aware, any order), oldest first; marks older than 30 days or to come are left.

    A stretch whose last mark is at most 45 minutes old goes on until now.
    """
    now = now.astimezone(UTC)
    known = sorted(at for at in (mark.astimezone(UTC) for mark in marks) if now - KEPT <= at <= now)
    runs: list[list[datetime]] = []
    for at in known:
        if runs and at - runs[-1][-1] <= GAP:
            runs[-1].append(at)
        else:
            runs.append([at])
    goes_on = bool(known) and now - known[-1] <= GAP
    stretches = [Stretch(run[0], run[-1]) for run in runs]
    if goes_on:
        stretches[-1] = Stretch(stretches[-1].begins_at, now)
    today = (max(timedelta(0), one.ends_at - max(one.begins_at, now - DAY)) for one in stretches)
    return UnderFire(tuple(stretches), stretches[-1].length if goes_on else timedelta(0), sum(today, timedelta(0)))


def prompt(told: UnderFire, *, in_a_row: int, in_a_day: int) -> Words | None:
    """Why a hand-over should be prepared, None while it need not; the limits in hours.

    It is a prompt, not an order: somebody who has stopped is not prompted.
    """
    if not told.is_at_it:
        return None
    if told.in_a_row >= timedelta(hours=in_a_row):
        return Words(
            f"{hours(told.in_a_row)} sans pause de trois quarts d’heure (repère\u00a0: {in_a_row}\u00a0h)",
            f"{hours(told.in_a_row)} without a break of three quarters of an hour (mark: {in_a_row} h)",
        )
    if told.in_a_day >= timedelta(hours=in_a_day):
        return Words(
            f"{hours(told.in_a_day)} sur les dernières 24\u00a0heures (repère\u00a0: {in_a_day}\u00a0h)",
            f"{hours(told.in_a_day)} in the last 24 hours (mark: {in_a_day} h)",
        )
    return None


def hours(length: timedelta) -> str:
    """ "4 h 05", under an hour "6 min"; the same in both languages."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes}\u00a0min"
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02d}"
