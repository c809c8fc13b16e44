"""Conversations that catch fire: distinct accounts of one thread in half an hour."""

from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from math import ceil

HALF_HOUR = 1800
MONTH = 30 * 86_400
FEWEST = 5
MOST_THREADS = 5_000
MOST_PEAKS = 2_000
MOST_IN_A_THREAD = 5_000


class Threads:
    """Who spoke lately in each thread that is alive; the quietest for longest is dropped first."""

    def __init__(self, per_month: float) -> None:
        self._rank = max(1, ceil(per_month))
        self._alive: OrderedDict[str, tuple[deque[tuple[float, Hashable]], Counter[Hashable]]] = OrderedDict()
        self._peaks: deque[tuple[float, str, int]] = deque(maxlen=MOST_PEAKS)

    def take(self, now: float, thread: str, author: Hashable) -> int:
        """Take one post; return how many accounts spoke in its thread for half an hour when that is out of the habit.

        Five at least, and more than the threads of the last month reached more often than is accepted; 0 otherwise.
        """
        spoke, authors = self._alive.pop(thread, (deque(maxlen=MOST_IN_A_THREAD), Counter()))
        spoke.append((now, author))
        authors[author] += 1
        while spoke[0][0] <= now - HALF_HOUR:
            gone = spoke.popleft()[1]
            authors[gone] -= 1
            if authors[gone] <= 0:
                del authors[gone]
        self._alive[thread] = (spoke, authors)
        if len(self._alive) > MOST_THREADS:
            self._alive.popitem(last=False)
        if len(authors) < FEWEST:
            return 0
        bar = self._bar(now, thread)
        self._peaks.append((now, thread, len(authors)))
        return len(authors) if len(authors) >= bar else 0

    def _bar(self, now: float, thread: str) -> int:
        """Return how many it takes: more than all but the few liveliest other threads of the last month."""
        while self._peaks and self._peaks[0][0] < now - MONTH:
            self._peaks.popleft()
        highest: dict[str, int] = {}
        for at, other, count in self._peaks:
            if other != thread and at < now - HALF_HOUR:
                highest[other] = max(highest.get(other, 0), count)
        known = sorted(highest.values(), reverse=True)
        return max(FEWEST, known[self._rank - 1] + 1 if len(known) >= self._rank else FEWEST)
