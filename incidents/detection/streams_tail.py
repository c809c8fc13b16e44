"""What the hours of one stream have shown: how often a rise as rare as that happened to it for nothing.

A law with a mean and a dispersion is too sure of itself on a restless brand: looked at after each post, it speaks two
to ten times more often than asked. The largest rarity of each hour, over three weeks, says how far to trust it (peaks
over a threshold, Siffer et al. 2017). The excess of -log10(chance) is exponential, of mean 1/ln(10) where it is right.
"""

import math
from bisect import bisect_left, bisect_right, insort
from collections import deque

BLOCKS = 504  # hours kept: three weeks
BLOCKS_NEEDED = 48
COLD_SAFETY = 30.0  # times rarer, until two days are known
QUANTILE = 0.9
PRIOR_EXCESSES = 60  # hours that the law is taken to be right for
PRIOR_MEAN_EXCESS = 0.43
SMALLEST_SHARE = 0.05
SMALLEST = 1e-300


def decades(chance: float) -> float:
    """Return -log10 of a chance: 3 for one in a thousand."""
    return -math.log10(max(chance, SMALLEST))


class HourTail:
    """The rarest moment of each of the last 504 hours, in decades."""

    def __init__(self) -> None:
        self._blocks: deque[float] = deque()
        self._ordered: list[float] = []
        self._fit()

    def add(self, rarest: float) -> None:
        """Remember the rarest moment of one hour, in decades."""
        if len(self._blocks) == BLOCKS:
            self._ordered.pop(bisect_left(self._ordered, self._blocks.popleft()))
        self._blocks.append(rarest)
        insort(self._ordered, rarest)
        self._fit()

    def chance(self, theory: float) -> float:
        """Return the chance an hour of a moment as rare as `theory` (a chance); never less than `theory`."""
        if len(self._blocks) < BLOCKS_NEEDED:
            return min(1.0, theory * COLD_SAFETY)
        beyond = decades(theory) - self._threshold
        return max(theory, self._share * math.exp(-beyond / self._excess)) if beyond > 0 else 1.0

    def add_alarm(self, rarest: float, chance: float) -> None:
        """Remember the hour of an alarm, given under that chance, as a busy hour: who is struck each week stays heard.

        An hour that did not reach the alarm itself (another stream did) is remembered as it was.
        """
        level = self._threshold + self._excess * math.log(max(self._share / chance, 1.0))
        self.add(self._threshold if rarest > level else rarest)

    def _fit(self) -> None:
        total = len(self._ordered)
        start = int(QUANTILE * total)
        self._threshold = self._ordered[start] if total else 0.0
        if self._threshold <= 0.0:
            start = bisect_right(self._ordered, 0.0)
        above = self._ordered[start:]
        excess = sum(above) - len(above) * self._threshold
        self._excess = (excess + PRIOR_EXCESSES * PRIOR_MEAN_EXCESS) / (len(above) + PRIOR_EXCESSES)
        self._share = max(len(above) / total if total else 1.0, SMALLEST_SHARE)
