"""Where a rise begins: the window in which it was noticed may hold an earlier post that has nothing to do with it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

FEWEST = 4  # posts: of fewer none can be called apart


def first_of_rise(moments: Sequence[datetime]) -> int:
    """Return the position of the first post of the rise, the moments given oldest first; 0 when nothing is apart.

    What comes before a silence longer than half of the whole time is another matter.
    """
    if len(moments) < FEWEST:
        return 0
    half = (moments[-1] - moments[0]) / 2
    silences = [later - earlier for earlier, later in pairwise(moments)]
    longest = max(range(len(silences)), key=silences.__getitem__)
    return longest + 1 if silences[longest] > half and longest + 1 < len(moments) / 2 else 0
