"""Where the labels of marks go above a plot, so that none covers another nor is crossed by another's line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from incidents.charts.measure import text_width

GAP = 4.0  # between a mark's line and its label
MOST_SEARCHED = 6  # beyond this many marks the search for the fewest rows would take long


@dataclass(frozen=True)
class Flag:
    """A mark's line at `x` and its label: `row` 0 is just above the plot, `anchor` says on which side the text runs."""

    x: float
    text: str
    row: int
    anchor: Literal["start", "end"]
    left: float
    right: float


def place_flags(marks: Sequence[tuple[float, str]], *, left: float, right: float, size: float) -> list[Flag] | None:
    """One flag a mark with its whole label, in the fewest rows; None when the labels do not fit or are too many.

    `marks` are (x, label) in time order; `left` and `right` bound the labels; `size` is the font size.
    """
    for rows in range(1, len(marks) + 1 if len(marks) <= MOST_SEARCHED else 1):
        placed = _place([], list(reversed(marks)), rows, (left, right, size))
        if placed is not None:
            return sorted(placed, key=lambda flag: flag.x)
    return None if marks else []


def place_digits(marks: Sequence[float], *, size: float) -> list[Flag]:
    """The marks numbered from 1 instead, for a key written below the plot: digits this short always find a row."""
    placed: list[Flag] = []
    for index, x in reversed(list(enumerate(marks))):
        digit = str(index + 1)
        edges = (x + GAP, x + GAP + text_width(digit, size))
        rows = (Flag(x, digit, row, "start", *edges) for row in range(len(marks)))
        placed.insert(0, next(flag for flag in rows if not any(_clash(flag, other) for other in placed)))
    return placed


def _place(
    placed: list[Flag], waiting: list[tuple[float, str]], rows: int, sheet: tuple[float, float, float]
) -> list[Flag] | None:
    """The rest of the marks placed in `rows` rows, or None when they cannot be."""
    if not waiting:
        return placed
    for row in range(rows):
        for flag in _choices(waiting[0], row, *sheet):
            if not any(_clash(flag, other) for other in placed):
                done = _place([*placed, flag], waiting[1:], rows, sheet)
                if done is not None:
                    return done
    return None


def _choices(mark: tuple[float, str], row: int, left: float, right: float, size: float) -> list[Flag]:
    """The label to the right of its line, else to the left, where it fits whole."""
    x, label = mark
    wide = text_width(label, size)
    choices = []
    if x + GAP + wide <= right:
        choices.append(Flag(x, label, row, "start", x + GAP, x + GAP + wide))
    if x - GAP - wide >= left:
        choices.append(Flag(x, label, row, "end", x - GAP - wide, x - GAP))
    return choices


def _clash(one: Flag, other: Flag) -> bool:
    """Two labels on one row that touch, or a line that goes up through the other's label."""
    touching = one.row == other.row and one.left < other.right + GAP and other.left < one.right + GAP
    return touching or _crosses(one, other) or _crosses(other, one)


def _crosses(line: Flag, label: Flag) -> bool:
    return line.row >= label.row and label.left - 2 < line.x < label.right + 2


def spread(wanted: Sequence[float], distance: float, *, top: float, bottom: float) -> list[float]:
    """The heights of labels nearest to those wanted, `distance` apart, between `top` and `bottom`, order kept."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    heights = [0.0] * len(wanted)
    lowest = top
    for index in order:
        heights[index] = max(wanted[index], lowest)
        lowest = heights[index] + distance
    highest = bottom
    for index in reversed(order):
        heights[index] = min(heights[index], highest)
        highest = heights[index] - distance
    return heights
