"""Rises that five minutes cannot show: distinct authors over one hour, three hours, a day and four days.

A small brand is struck by ten accounts in an evening, or by thirty a day for a week. Each window is compared with what
the same stream was used to over the four weeks before it (negative binomial, as in Noufaily et al. 2013).
"""

from collections import Counter, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from . import rarity
from .streams_habit import DAY, HOUR, Habit, Known
from .streams_tail import BLOCKS, HourTail, decades

MOST_POSTS = 20_000  # kept for the longest window; beyond, the five-minute detector sees more
FEWEST_KNOWN = 10  # authors a habit rests on; with fewer, a rise over days must be twice as large
AFTERMATH = 96 * HOUR  # a brand stays restless for days after an alarm: an hour that speaks then must be rarer
LESS_AFTER = 8.0
FEWEST_JUDGED = 3  # authors of an hour, to learn how rare it was
FEWEST_COUNTED = 6  # hours of a day that begins after an alarm


@dataclass(frozen=True, slots=True)
class Window:
    """So many hours, the fewest distinct authors that may be a rise in them, and how many such looks a month has."""

    hours: int
    fewest: int
    looks: float


WINDOWS = (Window(1, 6, 720.0), Window(3, 9, 240.0), Window(24, 15, 30.0), Window(96, 40, 7.5))


@dataclass(frozen=True, slots=True)
class Rise:
    """So many distinct authors in the last hours, so many expected, and the chance of as many by the law."""

    hours: int
    observed: int
    expected: float
    chance: float


class Tide:
    """The habit of one stream by the hour, and who spoke lately. Memory is bounded; a post costs a constant time."""

    def __init__(self, windows: Sequence[Window] = WINDOWS) -> None:
        self.windows = windows
        self._lately = [_Lately(window.hours * HOUR) for window in windows]
        self._by_hour = Habit(HOUR)
        self._by_day = Habit(DAY * HOUR)
        self._tails = [HourTail() for window in windows if window.hours < DAY]
        self._rarest = [0.0] * len(self._tails)
        self._hour = -1
        self._accepted = 1.0
        self._is_aftermath = False
        self._since = -1e18  # what came before belongs to an alarm that was given

    def take(self, seconds: float, author: Hashable, per_month: float) -> list[Rise]:
        """Take one post, in the order of time; return the windows that the habit does not explain, narrowest first.

        per_month: false alarms accepted of this stream in a month.
        """
        self._accepted = per_month
        self._is_aftermath = seconds - self._since < AFTERMATH
        self._by_hour.take(seconds, author)
        self._by_day.take(seconds, author)
        if seconds < self._since:
            return []
        self._turn(int(seconds // HOUR))
        counts = [lately.take(seconds, author) for lately in self._lately]
        rises = (self._rise(which, observed, seconds) for which, observed in enumerate(counts))
        return [rise for rise in rises if rise]

    @property
    def is_known(self) -> bool:
        """Tell whether three days were heard, so that there is a habit to compare with."""
        return self._by_day.of_days(1) is not None

    def told(self, until: float) -> None:
        """Count anew from `until` (seconds): an alarm tells of what is said till then, which does not teach either."""
        for which, tail in enumerate(self._tails):
            tail.add_alarm(self._rarest[which], self._limit(which))
        self.begin_again(until)
        self._by_hour.told(until)
        self._by_day.told(until)

    def begin_again(self, since: float = -1e18) -> None:
        """Count anew, from now or from `since`: what was said before belongs to another incident. The habit stays."""
        self._since = since
        self._lately = [_Lately(window.hours * HOUR) for window in self.windows]
        self._rarest, self._hour = [0.0] * len(self._tails), -1

    def _turn(self, hour: int) -> None:
        """Close the hours before this one: the silent ones were not rare."""
        if self._hour >= 0 and hour > self._hour:
            for which, tail in enumerate(self._tails):
                tail.add(self._rarest[which])
                for _ in range(min(hour - self._hour - 1, BLOCKS)):
                    tail.add(0.0)
            self._rarest = [0.0] * len(self._tails)
        self._hour = hour

    def _limit(self, which: int) -> float:
        """Return the chance under which a window speaks: the hours share half of what is accepted, the days half."""
        window = self.windows[which]
        if window.hours >= DAY:
            return self._accepted / (4.0 * window.looks)
        return self._accepted / (2.0 * window.looks * (LESS_AFTER if self._is_aftermath else 1.0))

    def _rise(self, which: int, observed: int, seconds: float) -> Rise | None:
        window = self.windows[which]
        if observed < (FEWEST_JUDGED if window.hours < DAY else window.fewest):
            return None
        if (rise := self._judge(window, observed, seconds)) is None:
            return None
        chance = rise.chance
        if window.hours < DAY:
            self._rarest[which] = max(self._rarest[which], decades(chance))
            chance = self._tails[which].chance(chance)
        return rise if observed >= window.fewest and chance <= self._limit(which) else None

    def _judge(self, window: Window, observed: int, seconds: float) -> Rise | None:
        known = self._by_hour.of_hours(window.hours, seconds) if window.hours < DAY else self._of_days(window, seconds)
        if known is None or (window.hours >= DAY and observed < 2 * window.fewest and self._is_hardly_known()):
            return None
        expected, spread = known
        return Rise(window.hours, observed, expected, rarity.chance_of_at_least(observed, expected, spread))

    def _is_hardly_known(self) -> bool:
        return self._by_day.total() < FEWEST_KNOWN

    def _of_days(self, window: Window, seconds: float) -> Known | None:
        """Return what the days of a window bring; of a window cut short by an alarm, what its hours bring."""
        known = self._by_day.of_days(window.hours // DAY)
        counted = (seconds - self._since) / HOUR
        if known is None or counted >= window.hours:
            return known
        if counted < FEWEST_COUNTED:
            return None
        part, whole = self._by_hour.of_hours(int(counted), seconds), self._by_hour.of_hours(window.hours, seconds)
        if part is None or whole is None:
            return None
        return max(known[0] * part[0] / whole[0], 0.01), known[1]


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
