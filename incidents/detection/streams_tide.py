"""Rises that five minutes cannot show: distinct authors over one hour, three hours, a day and four days.

A small brand is struck by ten accounts in an evening, or by thirty a day for a week. Each window is compared with what
the same stream was used to over the four weeks before it (negative binomial, as in Noufaily et al. 2013).
"""

from collections import Counter, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

from . import rarity

HOUR = 3600
DAY = 24
HISTORY = 28 * DAY  # hours of habit
FEWEST_HOURS = 3 * DAY  # of habit, before anything is judged
MOST_POSTS = 20_000  # kept for the longest window; beyond, the five-minute detector sees more
GAP = 15.0  # authors expected in a row and none seen: nobody listened
PRIOR_SPREAD = 0.3
PRIOR_WEIGHT = 12.0


@dataclass(frozen=True, slots=True)
class Window:
    """So many hours, the fewest distinct authors that may be a rise in them, and how many such looks a month has."""

    hours: int
    fewest: int
    looks: float


WINDOWS = (Window(1, 6, 720.0), Window(3, 9, 240.0), Window(24, 15, 30.0), Window(96, 40, 7.5))


@dataclass(frozen=True, slots=True)
class Rise:
    """So many distinct authors in the last hours, so many expected, and the chance of as many."""

    hours: int
    observed: int
    expected: float
    chance: float


class Tide:
    """The habit of one stream by the hour, and who spoke lately. Memory is bounded; a post costs a constant time."""

    def __init__(self, windows: Sequence[Window] = WINDOWS) -> None:
        self.windows = windows
        self._lately = [_Lately(window.hours * HOUR) for window in windows]
        self._by_hour = _Habit(HOUR)
        self._by_day = _Habit(DAY * HOUR)

    def take(self, seconds: float, author: Hashable, per_month: float) -> list[Rise]:
        """Take one post, in the order of time; return the windows that the habit does not explain, narrowest first.

        per_month: false alarms accepted of this stream in a month.
        """
        self._by_hour.take(seconds, author)
        self._by_day.take(seconds, author)
        counts = [lately.take(seconds, author) for lately in self._lately]
        rises = []
        for window, observed in zip(self.windows, counts, strict=True):
            if observed >= window.fewest:
                rise = self._judge(window, observed, seconds)
                if rise and rise.chance <= per_month / (window.looks * len(self.windows)):
                    rises.append(rise)
        return rises

    def authors(self, hours: int) -> list[Hashable]:
        """Return who spoke in the last so many hours, one of the windows."""
        return list(self._lately[[window.hours for window in self.windows].index(hours)].posts)

    def begin_again(self) -> None:
        """Count from now on: what was said before belongs to an incident that is closed. The habit stays."""
        self._lately = [_Lately(window.hours * HOUR) for window in self.windows]

    def _judge(self, window: Window, observed: int, seconds: float) -> Rise | None:
        if window.hours < DAY:
            known = self._by_hour.of_hours(window.hours, seconds)
        else:
            known = self._by_day.of_days(window.hours // DAY)
        if known is None:
            return None
        expected, spread = known
        return Rise(window.hours, observed, expected, rarity.chance_of_at_least(observed, expected, spread))


class _Lately:
    """Distinct authors of a sliding window."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.queue: deque[tuple[float, Hashable]] = deque()
        self.posts: Counter[Hashable] = Counter()

    def take(self, now: float, author: Hashable) -> int:
        self.queue.append((now, author))
        self.posts[author] += 1
        while self.queue[0][0] <= now - self.seconds or len(self.queue) > MOST_POSTS:
            _, gone = self.queue.popleft()
            self.posts[gone] -= 1
            if not self.posts[gone]:
                del self.posts[gone]
        return len(self.posts)


class _Habit:
    """How many authors an hour brings, each counted once in `again` seconds, over the last four weeks listened to."""

    def __init__(self, again: int) -> None:
        self.again = again
        self.hours: deque[tuple[int, int]] = deque()  # (hour since 1970, authors)
        self._counted: dict[Hashable, float] = {}
        self._worked_out: dict[int, tuple[float, list[float], float] | None] = {}  # until the hour turns
        self._days: dict[int, tuple[float, float] | None] = {}
        self._hour = -1
        self._count = 0

    def take(self, seconds: float, author: Hashable) -> None:
        self._turn(int(seconds // HOUR))
        if seconds - self._counted.get(author, -1e18) >= self.again:
            self._counted[author] = seconds
            self._count += 1

    def of_hours(self, window: int, seconds: float) -> tuple[float, float] | None:
        """Return what the last `window` hours usually bring at this time of the day, and how it spreads."""
        if (kept := self._known(-window)) is None:
            return None
        overall, smooth, spread = kept
        here = int(seconds // HOUR)
        part = seconds % HOUR / HOUR
        expected = part * smooth[here % DAY] + (1.0 - part) * smooth[(here - window) % DAY]
        expected += sum(smooth[(here - back) % DAY] for back in range(1, window))
        return max(expected, overall * window / 4.0, 0.01), spread

    def _known(self, last: int) -> tuple[float, list[float], float] | None:
        """Return the rate of an hour, that of each hour of the day, and the spread; worked out once an hour."""
        if last not in self._worked_out:
            self._worked_out[last] = self._work_out(list(self.hours)[:last])
        return self._worked_out[last]

    @staticmethod
    def _work_out(past: Sequence[tuple[int, int]]) -> tuple[float, list[float], float] | None:
        if len(past) < FEWEST_HOURS:
            return None
        overall = sum(count for _, count in past) / len(past)
        at_hour = [[2.0 * overall, 2.0] for _ in range(DAY)]  # two days of the overall rate: a prior
        for hour, count in past:
            at_hour[hour % DAY][0] += min(count, overall + 4.0 * sqrt(overall) + 2.0)
            at_hour[hour % DAY][1] += 1.0
        rates = [total / days for total, days in at_hour]
        smooth = [(rates[h - 1] + 2.0 * rates[h] + rates[(h + 1) % DAY]) / 4.0 for h in range(DAY)]
        return overall, smooth, _spread([(float(count), smooth[hour % DAY]) for hour, count in past])

    def of_days(self, days: int) -> tuple[float, float] | None:
        """Return what so many days usually bring, and how it spreads: the days before the window teach."""
        if days not in self._days:
            self._days[days] = self._work_out_days(days)
        return self._days[days]

    def _work_out_days(self, days: int) -> tuple[float, float] | None:
        past = [count for _, count in self.hours][: -days * DAY]
        if len(past) < FEWEST_HOURS:
            return None
        totals = [sum(past[end - DAY : end]) for end in range(len(past), DAY - 1, -DAY)]
        middle = sorted(totals)[len(totals) // 2]
        most = middle + 3.0 * sqrt(middle + PRIOR_SPREAD * middle * middle) + 2.0
        kept = [min(float(total), most) for total in totals]
        mean = max(sum(kept) / len(kept), 0.5)
        spread = _spread([(total, mean) for total in kept])
        unsure = spread / len(kept) + 1.0 / max(sum(kept), 1.0)  # the mean itself is only known to so much
        return mean * days, (spread if days == 1 else 0.6 * spread) + unsure

    def _turn(self, hour: int) -> None:
        if self._hour < 0:
            self._hour = hour
        if hour == self._hour:
            return
        self._keep(self._hour, self._count)
        empty = hour - self._hour - 1
        if (
            empty and empty * sum(count for _, count in self.hours) / len(self.hours) <= GAP
        ):  # else nobody listened: silence that is not the public's teaches nothing
            for missing in range(max(self._hour + 1, hour - HISTORY), hour):
                self._keep(missing, 0)
        self._hour, self._count = hour, 0
        self._worked_out, self._days = {}, {}
        if len(self._counted) > MOST_POSTS or hour % DAY == 0:
            since = hour * HOUR - self.again
            self._counted = {who: at for who, at in self._counted.items() if at >= since}

    def _keep(self, hour: int, count: int) -> None:
        self.hours.append((hour, count))
        if len(self.hours) > HISTORY + 4 * DAY:
            self.hours.popleft()


def _spread(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the dispersion a of variance = mean + a * mean**2, drawn to the prior; extremes count as four sigmas."""
    above = PRIOR_SPREAD * PRIOR_WEIGHT
    weight = PRIOR_WEIGHT
    for count, mean in pairs:
        off = min(count, mean + 4.0 * sqrt(mean + PRIOR_SPREAD * mean * mean) + 2.0) - mean
        scale = min(1.0, mean * mean)
        above += (off * off - mean) / max(mean * mean, 0.05) * scale
        weight += scale
    return min(6.0, max(0.03, above / weight))
