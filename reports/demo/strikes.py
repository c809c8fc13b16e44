"""Strikes: who says what, and how long after the first post. The clock is accelerated: an evening in minutes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reports.demo.quiet import Post

SLOW_START = 6  # posts before it takes
LENGTH = timedelta(minutes=4)


@dataclass(frozen=True)
class Line:
    """One post of a strike: by whom, in which part of the play, and what."""

    part: str
    handle: str
    text: str


@dataclass(frozen=True)
class Strike:
    """A script against one client, and how long it takes from the first post to the last."""

    code: str
    schema_name: str
    lines: Sequence[Line]
    length: timedelta = LENGTH

    def posts(self, number: int, began_at: datetime) -> Iterator[Post]:
        """The posts of the strike's `number`-th performance, in order; the same whenever asked."""
        for index, line in enumerate(self.lines):
            at = began_at + self.length * share(index, len(self.lines))
            yield Post(f"{self.code}-{number}-{index}", line.handle, line.text, at)


def share(index: int, count: int) -> float:
    """When in the strike its `index`-th post of `count` falls, from 0 to 1: a hesitation, a rush, a long tail."""
    first, rush = 0.12, 0.55
    rest = max(1, count - 1 - SLOW_START)
    if index <= SLOW_START:
        return first * index / SLOW_START
    progress = (index - SLOW_START) / rest
    if progress <= 0.65:
        return first + (rush - first) * progress / 0.65
    return rush + (1 - rush) * (progress - 0.65) / 0.35
