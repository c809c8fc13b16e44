"""Where a rise begins: the window in which it was noticed may hold earlier posts that have nothing to do with it."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

FEWEST = 4  # posts: of fewer none can be called apart


def first_of_rise(moments: Sequence[datetime]) -> int:
    """Return the position of the first post of the rise, the moments given oldest first; 0 when nothing is apart.

    What comes before a silence longer than half of the whole time is another matter, and so on with what is left. Half
    of the posts are kept at least.
    """
    first = 0
    while cut := _apart(moments[first:]):
        if first + cut > len(moments) / 2:
            break
        first += cut
    return first


def _apart(moments: Sequence[datetime]) -> int:
    """Return how many posts come before the longest silence, when it is longer than half of the whole time; else 0."""
    if len(moments) < FEWEST:
        return 0
    silences = [later - earlier for earlier, later in pairwise(moments)]
    longest = max(range(len(silences)), key=silences.__getitem__)
    return longest + 1 if silences[longest] > (moments[-1] - moments[0]) / 2 else 0
