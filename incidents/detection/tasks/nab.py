"""The standard score of the Numenta Anomaly Benchmark (Lavin and Ahmad 2015, arXiv 1510.03336), written anew.

An alarm in a labelled window earns the more the earlier it comes; only the best alarm of a window counts; a missed
window costs 1, an alarm outside costs 0.11 at most, less just after a window. 0 is a detector that never speaks, 100
one that speaks in the first row of every window and nowhere else.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FALSE_ALARM = 0.11
PROBATION = 0.15
PROBATION_ROWS = 5_000
FAR = 3.0
Window = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tally:
    """One series: the sum of its credits, its windows, the windows found, its alarms outside every window."""

    credit: float
    windows: int
    found: int
    false: int


def weight(position: float) -> float:
    """Return the scaled sigmoid of a position: -1 at a window's first row, 0 at its last, above 0 after it."""
    return -1.0 if position > FAR else 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0


def probation(rows: int) -> int:
    """Return how many first rows are not judged: 15 % of the series, of 5,000 rows at most."""
    return math.floor(PROBATION * min(rows, PROBATION_ROWS))


def tally(alarms: Iterable[int], windows: Sequence[Window], rows: int) -> Tally:
    """Judge the alarms (row numbers) of a series of so many rows.

    windows: (first row, last row) each, in order and apart from each other.
    """
    best: dict[int, float] = {}
    lost, false = 0.0, 0
    firsts = [first for first, _ in windows]
    for row in alarms:
        if row < probation(rows):
            continue
        before = bisect_right(firsts, row) - 1
        if before >= 0 and row <= windows[before][1]:
            best[before] = max(best.get(before, 0.0), _credit(row, windows[before]))
        else:
            false += 1
            lost += FALSE_ALARM * (_after(row, windows[before]) if before >= 0 else -1.0)
    missed = len(windows) - len(best)
    return Tally(sum(best.values()) + lost - missed, len(windows), len(best), false)


def score(tallies: Iterable[Tally]) -> float:
    """Return the score of a corpus, credits summed before they are put on the scale; nan when nothing is labelled."""
    judged = list(tallies)
    windows = sum(one.windows for one in judged)
    return 100.0 * (sum(one.credit for one in judged) + windows) / (2.0 * windows) if windows else math.nan


def rows_of(windows: Iterable[tuple[float, float]], moments: Sequence[float]) -> list[Window]:
    """Return windows in time as windows in rows, those without a row left out. `moments` ascend."""
    found = ((bisect_left(moments, start), bisect_right(moments, end) - 1) for start, end in windows)
    return sorted(window for window in found if window[0] <= window[1])


def _credit(row: int, window: Window) -> float:
    first, last = window
    return weight(-(last - row + 1) / (last - first + 1)) / weight(-1.0)


def _after(row: int, window: Window) -> float:
    first, last = window
    return weight((row - last) / max(last - first, 1))
