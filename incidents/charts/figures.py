"""What a drawing shows, before any line is drawn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

Role = Literal["instigator", "pack", "popcorn", "customer", "ally", "media", ""]


class FigureError(ValueError):
    """The figure contradicts itself or lacks what it would draw."""


@dataclass(frozen=True)
class Mark:
    """An instant worth a line on the curve; the drawing writes the hour before the label."""

    at: datetime
    label: str


@dataclass(frozen=True)
class Curve:
    """Counts over time on the band of what is usual.

    `points` are (start of the step, count); `band` has one (low, high) a point, or is empty when there is not enough
    history to say what is usual. `title` states the finding, `unit` what is counted, a step being how long.
    `unheard` are the spans (from, until) in which a source did not answer: what was said there may be missing.
    """

    title: str
    unit: str
    points: tuple[tuple[datetime, int], ...]
    band: tuple[tuple[float, float], ...] = ()
    marks: tuple[Mark, ...] = ()
    unheard: tuple[tuple[datetime, datetime], ...] = ()

    def __post_init__(self) -> None:
        if not self.points:
            raise FigureError("A curve needs at least one point.")
        if self.band and len(self.band) != len(self.points):
            raise FigureError(f"The habit band has {len(self.band)} steps, the curve {len(self.points)}.")
        if any(low > high for low, high in self.band):
            raise FigureError("The habit band has a low value above its high value.")
        if any(count < 0 for _, count in self.points):
            raise FigureError("A curve counts mentions: no count is below zero.")
        instants = [at for at, _ in self.points]
        refuse_naive(*instants, *(mark.at for mark in self.marks), *(at for span in self.unheard for at in span))
        _refuse_disorder(instants)
        if any(until <= since for since, until in self.unheard):
            raise FigureError("What was not heard ends after it begins.")


@dataclass(frozen=True)
class StripRow:
    """One role and the instants of its messages."""

    label: str
    role: Role
    at: tuple[datetime, ...]


@dataclass(frozen=True)
class Strip:
    """Who spoke when: one row a role, one dot a message."""

    title: str
    unit: str
    rows: tuple[StripRow, ...]

    def __post_init__(self) -> None:
        refuse_naive(*(at for row in self.rows for at in row.at))


@dataclass(frozen=True)
class TallyRow:
    """One role and how many messages it sent in each step."""

    label: str
    role: Role
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Tally:
    """Who spoke when, where messages are too many for a dot each: one row a role, one count a step.

    `starts` are the beginnings of the steps, each `step_minutes` long.
    """

    title: str
    unit: str
    starts: tuple[datetime, ...]
    step_minutes: int
    rows: tuple[TallyRow, ...]

    def __post_init__(self) -> None:
        refuse_naive(*self.starts)
        _refuse_disorder(self.starts)
        if not self.starts or not self.rows or self.step_minutes < 1:
            raise FigureError("A tally has a step, and a row, of a minute at least.")
        if any(len(row.counts) != len(self.starts) or min(row.counts) < 0 for row in self.rows):
            raise FigureError("Each row of a tally has one count a step, none below zero.")


@dataclass(frozen=True)
class Update:
    """One situation report: for when it was promised (None: for no hour) and when it was sent (None: never)."""

    number: int
    promised_at: datetime | None
    sent_at: datetime | None

    def __post_init__(self) -> None:
        refuse_naive(*(at for at in (self.promised_at, self.sent_at) if at))
        if self.promised_at is None and self.sent_at is None:
            raise FigureError("A situation report was promised, or sent.")

    @property
    def late(self) -> timedelta:
        """How long after its promise it was sent, in whole minutes; zero when in time, never sent or not promised."""
        if self.promised_at is None or self.sent_at is None:
            return timedelta(0)
        return max(timedelta(0), timedelta(minutes=(self.sent_at - self.promised_at) // timedelta(minutes=1)))


@dataclass(frozen=True)
class Cadence:
    """The situation reports of an incident as they were promised and as they were sent."""

    title: str
    unit: str
    updates: tuple[Update, ...]

    def __post_init__(self) -> None:
        if not self.updates:
            raise FigureError("A cadence needs at least one situation report.")


@dataclass(frozen=True)
class Ranged:
    """A range told at one moment, and whether the return to normal fell within it (None: not judged)."""

    made_at: datetime
    since: datetime
    until: datetime
    held: bool | None = None

    def __post_init__(self) -> None:
        refuse_naive(self.made_at, self.since, self.until)
        if self.until < self.since:
            raise FigureError("A range ends after it begins.")


@dataclass(frozen=True)
class Foresight:
    """What came, and the ranges foreseen on the way: counts an hour from `first_hour` on, `high` the most usual."""

    title: str
    unit: str
    first_hour: datetime
    hours: tuple[int, ...]
    high: int
    ranges: tuple[Ranged, ...]
    returned_at: datetime | None = None

    def __post_init__(self) -> None:
        refuse_naive(self.first_hour, *([self.returned_at] if self.returned_at else []))
        if not self.hours or not self.ranges or min(*self.hours, self.high) < 0:
            raise FigureError("Foresight needs an hour and a range, and no count is below zero.")


def _refuse_disorder(instants: Iterable[datetime]) -> None:
    if any(later <= earlier for earlier, later in pairwise(instants)):
        raise FigureError("The steps of a figure follow one another in time.")


def refuse_naive(*instants: datetime) -> None:
    """FigureError when an instant does not carry its time zone."""
    if any(instant.tzinfo is None for instant in instants):
        raise FigureError("Every instant carries its time zone.")
