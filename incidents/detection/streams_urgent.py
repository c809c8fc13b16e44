"""Urgent words: one account is enough where people are in danger or a legal step is taken; the rest must be several.

A grave mention speaks at the first, and again twelve hours after the last that spoke, however recent: a second burnt
child is news. Only a client that hears grave words all the time waits for a second account. Other words of law, danger
or boycott are a manner of speaking in most mouths: they speak when more accounts than usual say them within a day.
"""

from collections import deque
from collections.abc import Hashable

from .streams_tide import Tide, Window

HOUR = 3600
DAY = 24 * HOUR
MONTH = 30 * DAY
SILENCE = 12 * HOUR
TOGETHER = 3  # accounts in a day, before the habit is known
WINDOWS = (Window(3, TOGETHER, 240.0), Window(24, TOGETHER, 30.0))
# Grave mentions that may speak alone in a month, at least; then it takes a second account within a day.
ALONE_ON_DANGER, ALONE_ON_LAW = 4.0, 1.0
MOST_LATELY = 1_000


class Urgent:
    """Who said urgent things lately, and what was told of them. Memory is bounded."""

    def __init__(self, per_month: float, share: float) -> None:
        self._share = share
        self._most = {True: max(ALONE_ON_DANGER, 2.0 * per_month), False: max(ALONE_ON_LAW, per_month)}
        self._tide = Tide(WINDOWS)
        self._lately: deque[tuple[float, Hashable, bool]] = deque(maxlen=MOST_LATELY)
        self._alone: dict[bool, deque[float]] = {True: deque(maxlen=100), False: deque(maxlen=100)}
        self._told_at = {True: -1e18, False: -1e18}  # of danger, of anything else

    def take(self, now: float, kind: str, author: Hashable, *, is_grave: bool) -> int:
        """Take one urgent mention; return how many accounts to tell of, 0 when it waits.

        kind: "safety", "legal_threat" or "call_to_action".
        """
        is_danger = kind == "safety"
        rises = self._tide.take(now, author, self._share)
        self._lately.append((now, author, is_grave))
        while self._lately[0][0] <= now - DAY:
            self._lately.popleft()
        together = len({who for _, who, _ in self._lately})
        is_much = bool(rises) if self._tide.is_known else together >= TOGETHER
        if now - self._told_at[is_danger] < SILENCE:
            return 0
        if not is_much and not (is_grave and self._may_speak_alone(now, is_danger=is_danger)):
            return 0
        self._told_at[is_danger] = now
        if is_much:  # what was counted together tells of danger and of law alike
            self._told_at = {True: now, False: now}
            self._tide.begin_again()
        return together

    def _may_speak_alone(self, now: float, *, is_danger: bool) -> bool:
        spoke = self._alone[is_danger]
        while spoke and spoke[0] <= now - MONTH:
            spoke.popleft()
        grave = len({who for _, who, grave in self._lately if grave})
        if len(spoke) >= self._most[is_danger] and grave < 2:
            return False
        spoke.append(now)
        return True
