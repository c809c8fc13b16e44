"""How rare is a count: the negative binomial law, and the tail that a stream itself has shown."""

import math
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Iterable

from scipy.special import betainc

SMALLEST = 1e-300
BLOCKS = 504  # hourly maxima kept: 21 days
BLOCKS_NEEDED = 24
QUANTILE = 0.8
# Pseudo-observations of the excess: a stream that never moved must not make its first wobble look impossible.
PRIOR_EXCESSES = 20
PRIOR_MEAN_EXCESS = 0.35
SMALLEST_SHARE = 0.05


def chance_of_at_least(count: int, expected: float, spread: float) -> float:
    """Return P(N >= count), N negative binomial of mean `expected` and variance expected + spread * expected**2.

    Uses the regularised incomplete beta function: P(N >= k) = I_q(k, 1/spread), q = expected / (expected + 1/spread).
    """
    if count <= 0:
        return 1.0
    size = 1.0 / spread
    return float(betainc(count, size, expected / (expected + size)))


def quantile(share: float, expected: float, spread: float) -> int:
    """Return the smallest count that the law of `chance_of_at_least` does not exceed in a share (0 to 1) of cases."""
    above = 1
    while chance_of_at_least(above, expected, spread) > 1.0 - share:
        above *= 2
    below = above // 2
    while below < above:
        middle = (below + above) // 2
        if chance_of_at_least(middle + 1, expected, spread) > 1.0 - share:
            below = middle + 1
        else:
            above = middle
    return below


def surprise(chance: float) -> float:
    """Return log(1 + decades) of a chance: 0 for a certainty, 1.39 for one in a thousand."""
    return math.log1p(-math.log10(max(chance, SMALLEST)))


class Tail:
    """The hourly largest surprises of three weeks, with an exponential law fitted above their 80 % quantile.

    It turns a surprise into the chance of seeing one as large in an hour of THIS stream, whatever its habits.
    Idea: peaks over threshold (Siffer et al. 2017), one block an hour because neighbouring buckets move together.
    """

    __slots__ = ("blocks", "mean_excess", "ordered", "share", "threshold")

    def __init__(self, blocks: Iterable[float] = ()) -> None:
        self.blocks = deque(blocks, maxlen=BLOCKS)
        self.ordered = sorted(self.blocks)
        self._fit()

    def add(self, largest: float) -> None:
        """Remember the largest surprise of one hour (rounded, so that a stored state resumes exactly)."""
        value = round(largest, 4)
        if len(self.blocks) == BLOCKS:
            self.ordered.pop(bisect_left(self.ordered, self.blocks[0]))
        self.blocks.append(value)
        insort(self.ordered, value)
        self._fit()

    @property
    def is_known(self) -> bool:
        """Tell whether a day of hours has been seen."""
        return len(self.ordered) >= BLOCKS_NEEDED

    def chance(self, value: float) -> float:
        """Return the chance an hour of a surprise at least as large; 1.0 below the threshold."""
        if value <= self.threshold:
            return 1.0
        return self.share * math.exp((self.threshold - value) / self.mean_excess)

    def level(self, chance: float) -> float:
        """Return the surprise whose chance an hour is that."""
        return self.threshold + self.mean_excess * math.log(max(self.share / chance, 1.0))

    def _fit(self) -> None:
        total = len(self.ordered)
        start = int(QUANTILE * total)
        self.threshold = self.ordered[start] if total else 0.0
        if self.threshold <= 0.0:
            start = bisect_right(self.ordered, 0.0)
        above = self.ordered[start:]
        excess = sum(above) - len(above) * self.threshold
        self.mean_excess = (excess + PRIOR_EXCESSES * PRIOR_MEAN_EXCESS) / (len(above) + PRIOR_EXCESSES)
        self.share = max(len(above) / total if total else 1.0, SMALLEST_SHARE)
