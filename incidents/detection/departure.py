"""How far a stream departs from its past four weeks: the measure that finds the most labelled surges of real brands.

It is blind to the rate of false alarms (`surge` keeps that one) and needs the whole series at once: for the evaluation.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .buckets import PER_HOUR

Array = npt.NDArray[np.float64]

WINDOWS = (1, 3, 12)
DAY = 24 * PER_HOUR
PAST = 28 * DAY
LEAST_PAST = DAY
SILENCE = DAY
RESTLESS = 0.97
CALM_SO_FAR = 2.2
# A stream of nearly nothing has next to no deviation: one mention more must not look like a storm.
SCALES: tuple[tuple[Callable[[Array], Array], float], ...] = ((np.asarray, 1.0), (np.sqrt, 0.5), (np.log1p, 0.3))


def departures(counts: Array) -> Array:
    """Return, for each five-minute count, its mean deviation from the past 28 days, in standard deviations.

    The mean is over sums of 1, 3 and 12 buckets, each as it is, by its square root and by its logarithm: one scale
    alone hears either loud brands or quiet ones. 0.0 in the first day. Row k depends on no later row.
    """
    total = np.zeros(len(counts))
    for window in WINDOWS:
        sums = _sums(counts, window)
        for scale, least in SCALES:
            floor = least * np.sqrt(window) if scale is np.asarray else least
            total += _deviations(scale(sums), floor)
    return total / (len(WINDOWS) * len(SCALES))


def tempered(departed: Array) -> Array:
    """Return the departures divided by the root of what this stream itself shows once in two days or so.

    That is the 97 % quantile of its hourly largest over the past 28 days, the first day left out, known anew each day;
    CALM_SO_FAR stands for it in the first three days. A restless stream needs more to be heard, though less than in
    proportion: divided in full, a brand that was struck often would never be heard again.
    """
    usual = np.full(len(departed), CALM_SO_FAR)
    hours = len(departed) // PER_HOUR
    largest = departed[: hours * PER_HOUR].reshape(hours, PER_HOUR).max(axis=1)
    for day in range(3, hours // 24 + 1):
        past = largest[max(24, 24 * day - PAST // PER_HOUR) : 24 * day]
        usual[day * DAY : (day + 1) * DAY] = np.quantile(past, RESTLESS)
    return departed / np.sqrt(np.maximum(usual, 0.5))


def onsets(departed: Array, threshold: float) -> list[int]:
    """Return the rows that reach the threshold, each followed by a day of silence."""
    rows: list[int] = []
    for row in np.flatnonzero(departed >= threshold).tolist():
        if not rows or row - rows[-1] >= SILENCE:
            rows.append(row)
    return rows


def _sums(values: Array, window: int) -> Array:
    upto = np.concatenate(([0.0], np.cumsum(values)))
    rows = np.arange(1, len(upto))
    return np.maximum(upto[rows] - upto[np.maximum(rows - window, 0)], 0.0)


def _deviations(values: Array, floor: float) -> Array:
    """Return (value - mean) / deviation, both of the rows before, 28 days back at most."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    squares = np.concatenate(([0.0], np.cumsum(values * values)))
    rows = np.arange(len(values))
    first = np.maximum(rows - PAST, 0)
    size = np.maximum(rows - first, 1)
    mean = (sums[rows] - sums[first]) / size
    variance = np.maximum((squares[rows] - squares[first]) / size - mean * mean, 0.0)
    return np.where(rows >= LEAST_PAST, (values - mean) / np.maximum(np.sqrt(variance), floor), 0.0)
