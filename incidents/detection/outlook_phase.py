"""Growing, at its peak or decaying: from who joins now against who joined one generation ago, with an interval."""

import math
import statistics
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.special import betaincinv

from incidents.detection.case import Post

FLOOR_MINUTES = 60  # before an hour, and below 25 accounts, no forecast beats chance (SCIENCE: AUC .54 at 20 minutes)
FLOOR_ACCOUNTS = 25
USUAL_GENERATION = timedelta(minutes=30)
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=2)
ENOUGH_JOINING = 20  # over two generations, to compare them
STEP = timedelta(minutes=15)
MOST_STEPS = 14 * 96
TAIL = 0.1  # either side: eight times in ten
HALF_OF_PEAK = 0.5


@dataclass(frozen=True, slots=True)
class Rate:
    """R: accounts that joined during the last `window`, over those that joined during the one before."""

    now: int
    before: int
    window: timedelta
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HalfLife:
    """Minutes in which the number of accounts an hour halves, and its interval; `high` None: perhaps not at all."""

    minutes: float
    low: float
    high: float | None


def joined_at(posts: Sequence[Post]) -> list[datetime]:
    """When each account first spoke, in order; each unknown account is one."""
    first: dict[int | str, datetime] = {}
    for post in posts:
        first.setdefault(_who(post), post.at)
    return sorted(first.values())


def generation(posts: Sequence[Post]) -> timedelta:
    """Median delay between a post and what answers, quotes or reposts it, within ten minutes and two hours."""
    at = {key: post.at for post in posts for key in (post.external_id, post.url) if key}
    delays = []
    for post in posts:
        parent = at.get(post.reply_to) or at.get(post.refers_to)
        if parent is not None and parent < post.at:
            delays.append((post.at - parent).total_seconds())
    if len(delays) < 5:
        return USUAL_GENERATION
    return min(LONGEST, max(SHORTEST, timedelta(seconds=statistics.median(delays))))


def rate(joined: Sequence[datetime], now: datetime, started_at: datetime, window: timedelta) -> Rate:
    """R at `now`; the window is doubled until twenty accounts joined in two of them, within what has passed.

    Two Poisson counts n and m: n given n + m is binomial, so R has a Beta law (Jeffreys), here its 80 % interval.
    """
    longest = max((now - started_at) / 2, SHORTEST)
    window = min(window, longest)
    while True:
        recent = _between(joined, now - window, now)
        before = _between(joined, now - 2 * window, now - window)
        if recent + before >= ENOUGH_JOINING or window >= longest:
            break
        window = min(2 * window, longest)
    low, high = (float(betaincinv(recent + 0.5, before + 0.5, tail)) for tail in (TAIL, 1 - TAIL))
    value = (recent + 0.5) / (before + 0.5)
    return Rate(recent, before, window, value, low / max(1 - low, 1e-9), min(high / max(1 - high, 1e-9), 999.0))


def phase_of(rate: Rate, hours: Sequence[int]) -> str:
    """`growing` or `decaying` when R is surely above or below one; in between, at its peak unless half has gone."""
    if rate.low > 1:
        return "growing"
    if rate.high < 1 or hours[-1] < HALF_OF_PEAK * max(hours):
        return "decaying"
    return "peak"


def accounts_per(posts: Sequence[Post], start: datetime, now: datetime, step: timedelta) -> list[int]:
    """Distinct accounts in each `step` back from `now` until `start`, oldest first, one at least, two weeks at most."""
    whole = max(1, math.ceil((now - start) / step))
    steps = min(whole, MOST_STEPS)
    speakers: list[set[int | str]] = [set() for _ in range(steps)]
    for post in posts:
        index = steps - 1 - min(int((now - post.at) / step), whole - 1)  # the very first post is of the first step
        if 0 <= index < steps:
            speakers[index].add(_who(post))
    return [len(who) for who in speakers]


def half_life(steps: Sequence[int]) -> HalfLife | None:
    """From accounts per quarter of an hour: a log-linear Poisson fit from the peak on; None when nothing decays.

    The interval (80 %) is widened by the dispersion that is seen.
    """
    peak = max(range(len(steps)), key=lambda index: sum(steps[max(0, index - 1) : index + 2]))
    after = np.array(steps[peak:], dtype=float)
    if len(after) < 4 or after.sum() < ENOUGH_JOINING:
        return None
    slope, error = _slope(after)
    if slope >= 0:
        return None
    halving = math.log(2) * STEP.total_seconds() / 60
    slowest, fastest = slope + 1.2816 * error, slope - 1.2816 * error
    return HalfLife(-halving / slope, -halving / fastest, -halving / slowest if slowest < 0 else None)


def _slope(counts: np.ndarray) -> tuple[float, float]:
    """Slope of the logarithm per step and its standard error, by iterated weighted least squares."""
    steps = np.arange(len(counts), dtype=float)
    steps -= steps.mean()
    line = np.array([math.log(counts.mean()), 0.0])
    design = np.stack([np.ones_like(steps), steps], axis=1)
    for _ in range(25):
        mean = np.exp(np.clip(design @ line, -20, 20))
        information = (design * mean[:, None]).T @ design + 1e-9 * np.eye(2)
        move = np.linalg.solve(information, design.T @ (counts - mean))
        line = line + np.clip(move, -1, 1)
        if np.abs(move).max() < 1e-8:
            break
    mean = np.exp(np.clip(design @ line, -20, 20))
    spread = max(1.0, float(((counts - mean) ** 2 / np.maximum(mean, 1e-3)).sum() / max(1, len(counts) - 2)))
    information = (design * mean[:, None]).T @ design + 1e-9 * np.eye(2)
    return float(line[1]), math.sqrt(spread * float(np.linalg.inv(information)[1, 1]))


def _between(moments: Sequence[datetime], since: datetime, until: datetime) -> int:
    """How many in (since, until]."""
    return bisect_right(moments, until) - bisect_right(moments, since)


def _who(post: Post) -> int | str:
    return post.author if post.author is not None else f"post {post.id}"
