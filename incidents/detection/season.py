"""The habit of a stream: how many authors per five minutes, by hour of the day and by kind of day, in Paris time."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from .buckets import PER_HOUR

PARIS = ZoneInfo("Europe/Paris")
HALF_LIFE_DAYS = 14.0
HOURLY_FADING = 2.0 ** (-1.0 / (24.0 * HALF_LIFE_DAYS))
# Two hours of exposure at the overall rate: an hour never seen borrows from the day.
PRIOR_BUCKETS = 24.0
PRIOR_MENTIONS = 0.5
PRIOR_DAY_MENTIONS = 20.0


class Season:
    """Forgotten counts by hour (24) and by kind of day (week, weekend); every sum halves in fourteen days."""

    __slots__ = ("counts", "day_counts", "day_expected", "exposure")

    def __init__(
        self,
        counts: Sequence[float] = (0.0,) * 24,
        exposure: Sequence[float] = (0.0,) * 24,
        day_counts: Sequence[float] = (0.0, 0.0),
        day_expected: Sequence[float] = (0.0, 0.0),
    ) -> None:
        self.counts = list(counts)
        self.exposure = list(exposure)
        self.day_counts = list(day_counts)
        self.day_expected = list(day_expected)

    def fade(self) -> None:
        """Forget one hour's worth."""
        for sums in (self.counts, self.exposure, self.day_counts, self.day_expected):
            for index, value in enumerate(sums):
                sums[index] = value * HOURLY_FADING

    def learn(self, hour: int, weekend: int, count: float, plain: float) -> None:
        """Add one bucket: its (winsorised) count and what the hour alone made expect."""
        self.counts[hour] += count
        self.exposure[hour] += 1.0
        self.day_counts[weekend] += count
        self.day_expected[weekend] += plain

    def remembered(self) -> float:
        """Return how many authors are still in memory: the weight of evidence behind the habit."""
        return sum(self.counts)

    def day_factor(self, weekend: int) -> float:
        """Return how much busier this kind of day is than the hour alone says, shrunk towards 1."""
        return (self.day_counts[weekend] + PRIOR_DAY_MENTIONS) / (self.day_expected[weekend] + PRIOR_DAY_MENTIONS)

    def hour_rates(self, hour: int) -> tuple[float, ...]:
        """Return the expected count of the twelve buckets of an hour of the day, before the kind of day.

        Rates are known at the middle of each hour and interpolated between.
        """
        overall = (sum(self.counts) + PRIOR_MENTIONS) / (sum(self.exposure) + PRIOR_BUCKETS)
        before, here, after = (
            (self.counts[h] + PRIOR_BUCKETS * overall) / (self.exposure[h] + PRIOR_BUCKETS)
            for h in ((hour - 1) % 24, hour, (hour + 1) % 24)
        )
        rates = []
        for index in range(PER_HOUR):
            offset = (index + 0.5) / PER_HOUR - 0.5
            neighbour = before if offset < 0 else after
            rates.append(here + (neighbour - here) * abs(offset))
        return tuple(rates)


def paris_hour(seconds: int) -> tuple[int, int]:
    """Return (hour of the day, 1 on a weekend else 0) in Paris of seconds since 1970."""
    local = datetime.fromtimestamp(seconds, PARIS)
    return local.hour, int(local.weekday() >= 5)
