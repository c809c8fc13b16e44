"""How long until an incident is back to normal: a range from its counts so far, as wide as it was found.

The logarithm of the hours left is a straight line in five figures of the counts, fitted on 19 crises of 2012-2013
counted by the hour, 55 surges around five brands, and simulated cascades, each kind weighing the same. The range is
that of what was left over when each crisis, brand or bundle of cascades was foreseen by a line fitted on the others:
it then held in 79 % (68 to 87) of the moments of a crisis, 87 % (79 to 96) of a brand, 84 % (74 to 92) of a cascade.
A line fitted on brands alone held in four moments of a crisis out of ten: what is unlike all three may do as badly.
tests/bench/bench_outlook.py makes the figures anew.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

QUIET_HOURS = 6  # back to normal: that many hours in a row without exceeding the habit
NOMINAL = 0.8  # how often the range is meant to hold
# Constant, hours so far, level now, hours since the peak, highest level of the last 24 hours (logarithms).
LINE = (0.665, 0.929, 0.212, -0.599, 0.229)
LEFT_OVER = (-1.632, -0.073, 1.796)  # of the logarithm: earliest, middle, latest
MOST_HOURS = 30 * 24.0  # beyond a month nothing was ever measured


@dataclass(frozen=True, slots=True)
class Remaining:
    """Hours left until the return to normal: in the middle, and between which two it falls eight times in ten."""

    middle: float
    earliest: float
    latest: float


def features(hours: Sequence[float], high: float) -> tuple[float, ...]:
    """The five figures of `hours`, accounts counted per hour since the beginning, the last one last (one at least).

    `high`: the most accounts an hour that are still a habit.
    """
    peak_at = max(range(len(hours)), key=lambda index: (hours[index], -index))
    habit = max(high, 1.0) + 0.5
    now = sum(hours[-3:]) / len(hours[-3:])
    return (
        1.0,
        math.log(len(hours)),
        math.log((now + 0.5) / habit),
        math.log(len(hours) - peak_at),
        math.log((max(hours[-24:]) + 0.5) / habit),
    )


def remaining(hours: Sequence[float], high: float) -> Remaining:
    """Hours left, from the accounts counted per hour since the beginning; ValueError without a single hour."""
    if not hours:
        raise ValueError("no hour to foresee from")
    line = sum(weight * figure for weight, figure in zip(LINE, features(hours, high), strict=True))
    earliest, middle, latest = (min(MOST_HOURS, math.exp(line + rest)) for rest in LEFT_OVER)
    return Remaining(middle, earliest, latest)


def quiet_since(hours: Sequence[float], high: float) -> int | None:
    """Where the first six hours in a row within the habit begin, None when there are none; the first hour is not one.

    A shorter calm at the very end is not a return yet: see `calm_at_the_end`.
    """
    run = 0
    for index, count in enumerate(hours[1:], start=1):
        run = run + 1 if count <= high else 0
        if run == QUIET_HOURS:
            return index - QUIET_HOURS + 1
    return None


def calm_at_the_end(hours: Sequence[float], high: float) -> int:
    """How many hours in a row, up to the last one, kept within the habit."""
    return next((index for index, count in enumerate(reversed(hours)) if count > high), len(hours))
