"""How many authors an hour and a day usually bring to one stream, and how much that wavers: four weeks, by the hour."""

from collections import deque
from collections.abc import Hashable, Sequence
from math import sqrt

HOUR = 3600
DAY = 24
HISTORY = 28 * DAY  # hours of habit
FEWEST_HOURS = 3 * DAY  # of habit, before anything is judged
MOST_REMEMBERED = 20_000  # authors
WORKED_OUT = 6  # hours: four weeks change little in six of them, and this is most of what a post costs
GAP = 15.0  # authors expected in a row and none seen: nobody listened
PRIOR_SPREAD = 0.3
PRIOR_WEIGHT = 8.0
SPREADS = (0.03, 6.0)
Known = tuple[float, float]  # what is expected, and the dispersion a of variance = mean + a * mean**2


class Habit:
    """The hours of the last four weeks listened to, each author counted once in `again` seconds.

    The hours of an incident that was told teach no more than an ordinary hour: a brand struck every week must not be
    heard less each time. Memory is bounded; an author costs a constant time.
    """

    def __init__(self, again: int) -> None:
        self.again = again
        self.hours: deque[tuple[int, int]] = deque()  # (hour since 1970, authors)
        self._counted: dict[Hashable, float] = {}
        self._rates: tuple[float, list[float]] | None = None
        self._worked_out = -1
        self._spreads: dict[int, float] = {}
        self._days: dict[int, Known | None] = {}
        self._is_fresh = False
        self._hour = -1
        self._count = 0
        self._told_until = -1  # hour

    def take(self, seconds: float, author: Hashable) -> None:
        """Take one post, in the order of time."""
        self._turn(int(seconds // HOUR))
        if seconds - self._counted.get(author, -1e18) >= self.again:
            self._counted[author] = seconds
            self._count += 1

    def told(self, until: float) -> None:
        """Take the hours from now to `until` (seconds) for those of an incident."""
        self._told_until = int(until // HOUR)

    def total(self) -> int:
        """Return how many authors the whole habit rests on."""
        return sum(count for _, count in self.hours)

    def of_hours(self, window: int, seconds: float) -> Known | None:
        """Return what the last `window` hours usually bring at this time of the day; None in the first three days."""
        if (kept := self._known()) is None:
            return None
        overall, smooth = kept
        here = int(seconds // HOUR)
        part = seconds % HOUR / HOUR
        expected = part * smooth[here % DAY] + (1.0 - part) * smooth[(here - window) % DAY]
        expected += sum(smooth[(here - back) % DAY] for back in range(1, window))
        return max(expected, overall * window / 4.0, 0.01), self._spread_of(window, smooth)

    def of_days(self, days: int) -> Known | None:
        """Return what so many days usually bring: the days before the window teach."""
        if days not in self._days:
            self._days[days] = self._work_out_days(days)
        return self._days[days]

    def _known(self) -> tuple[float, list[float]] | None:
        if not self._is_fresh:
            self._rates = _rates(list(self.hours)[:-1])
            self._is_fresh = True
        return self._rates

    def _spread_of(self, window: int, smooth: Sequence[float]) -> float:
        if window not in self._spreads:
            past = list(self.hours)[:-window]
            blocks = (past[end - window : end] for end in range(len(past), window - 1, -window))
            pairs = [
                (float(sum(count for _, count in block)), sum(smooth[hour % DAY] for hour, _ in block))
                for block in blocks
            ]
            self._spreads[window] = _spread(pairs)
        return self._spreads[window]

    def _work_out_days(self, days: int) -> Known | None:
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
        self._keep(self._hour, self._ordinary())
        empty = hour - self._hour - 1
        if empty and empty * self.total() / len(self.hours) <= GAP:
            for missing in range(max(self._hour + 1, hour - HISTORY), hour):
                self._keep(missing, 0)
        # else nobody listened: silence that is not the public's teaches nothing
        self._hour, self._count = hour, 0
        if hour // WORKED_OUT != self._worked_out or len(self.hours) < HISTORY // 4:
            self._worked_out = hour // WORKED_OUT
            self._is_fresh, self._spreads = False, {}
        self._days = {}
        if len(self._counted) > MOST_REMEMBERED or hour % DAY == 0:
            since = hour * HOUR - self.again
            self._counted = {who: at for who, at in self._counted.items() if at >= since}

    def _ordinary(self) -> int:
        """Return what this hour teaches: of an hour of an incident, what is usual at most."""
        if self._hour > self._told_until or (kept := self._known()) is None:
            return self._count
        return min(self._count, round(kept[1][self._hour % DAY]))

    def _keep(self, hour: int, count: int) -> None:
        self.hours.append((hour, count))
        if len(self.hours) > HISTORY + 4 * DAY:
            self.hours.popleft()


def _rates(past: Sequence[tuple[int, int]]) -> tuple[float, list[float]] | None:
    """Return the rate of an hour and that of each hour of the day, smoothed; None when too little is known."""
    if len(past) < FEWEST_HOURS:
        return None
    overall = sum(count for _, count in past) / len(past)
    at_hour = [[2.0 * overall, 2.0] for _ in range(DAY)]  # two days of the overall rate: a prior
    for hour, count in past:
        at_hour[hour % DAY][0] += min(count, overall + 4.0 * sqrt(overall) + 2.0)
        at_hour[hour % DAY][1] += 1.0
    rates = [total / days for total, days in at_hour]
    return overall, [(rates[h - 1] + 2.0 * rates[h] + rates[(h + 1) % DAY]) / 4.0 for h in range(DAY)]


def _spread(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the dispersion a of variance = mean + a * mean**2, drawn to the prior; extremes count as four sigmas."""
    above = PRIOR_SPREAD * PRIOR_WEIGHT
    weight = PRIOR_WEIGHT
    for count, mean in pairs:
        off = min(count, mean + 4.0 * sqrt(mean + PRIOR_SPREAD * mean * mean) + 2.0) - mean
        scale = min(1.0, mean * mean)
        above += (off * off - mean) / max(mean * mean, 0.05) * scale
        weight += scale
    return min(SPREADS[1], max(SPREADS[0], above / weight))
