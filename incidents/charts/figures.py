"""What a drawing shows, before any line is drawn."""

from dataclasses import dataclass
from datetime import datetime
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
    """

    title: str
    unit: str
    points: tuple[tuple[datetime, int], ...]
    band: tuple[tuple[float, float], ...] = ()
    marks: tuple[Mark, ...] = ()

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
        refuse_naive(*instants, *(mark.at for mark in self.marks))
        if any(later <= earlier for earlier, later in pairwise(instants)):
            raise FigureError("The points of a curve follow one another in time.")


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


def refuse_naive(*instants: datetime) -> None:
    """FigureError when an instant does not carry its time zone."""
    if any(instant.tzinfo is None for instant in instants):
        raise FigureError("Every instant carries its time zone.")
