"""Whether an account posts like a clock: told by the times of its posts alone, as far as they were heard."""

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import NamedTuple

ENOUGH = 50  # posts; under these no pace is read
LONGEST = 6 * 3_600  # seconds: people, too, write once a day at about the same hour
STRICT = 0.02  # of the pace: how far a pause may be from a whole number of paces
NEARLY_ALL = 0.9  # of the pauses
MOST_MISSED = 24  # posts in a row that we may not have heard
FINER = 50  # times coarser than its source's clock must a pace be: where times are rounded, all pauses look alike


class Pace(NamedTuple):
    """So many posts, one every so many seconds or a multiple of it."""

    posts: int
    seconds: int


def pace_of(moments: Sequence[datetime]) -> Pace | None:
    """Return the pace of a clock that the posts keep, None when they keep none. Times in any order, repeats are one."""
    times = sorted({int(moment.timestamp()) for moment in moments})
    if len(times) < ENOUGH:
        return None
    pauses = [later - earlier for earlier, later in pairwise(times)]
    pace = median(pauses)
    if not FINER * math.gcd(*times) <= pace <= LONGEST:
        return None
    kept = sum(_keeps(pause, pace) for pause in pauses)
    return Pace(len(times), round(pace)) if kept >= NEARLY_ALL * len(pauses) else None


def _keeps(pause: int, pace: float) -> bool:
    times = round(pause / pace)
    return 1 <= times <= MOST_MISSED and abs(pause - times * pace) <= STRICT * pace
