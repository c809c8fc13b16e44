"""Strikes: who says what, what it answers, and how long after the first post. An evening in minutes: a quick clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reports.demo.quiet import Account, Post

SLOW_START = 6  # posts before it takes
LENGTH = timedelta(minutes=4)
_NOBODY = Account()


@dataclass(frozen=True)
class Line:
    """One post of a strike: by whom, in which part of the play, and what.

    `name` lets later lines point at it: `answers` or `quotes` one of them.
    """

    part: str
    handle: str
    text: str
    name: str = ""
    answers: str = ""
    quotes: str = ""


@dataclass(frozen=True)
class Strike:
    """A script against one client, and how long it takes from the first post to the last.

    `accounts`: how those who speak present themselves, by handle.
    """

    code: str
    schema_name: str
    lines: Sequence[Line]
    length: timedelta = LENGTH
    accounts: Mapping[str, Account] = field(default_factory=dict)

    def posts(self, number: int, began_at: datetime) -> Iterator[Post]:
        """The posts of the strike's `number`-th performance, in order; the same whenever asked."""
        called = {line.name: f"{self.code}-{number}-{index}" for index, line in enumerate(self.lines) if line.name}
        for index, line in enumerate(self.lines):
            yield Post(
                number=f"{self.code}-{number}-{index}",
                handle=line.handle,
                text=line.text,
                published_at=began_at + self.length * share(index, len(self.lines)),
                account=self.accounts.get(line.handle, _NOBODY),
                answers=called[line.answers] if line.answers else "",
                quotes=called[line.quotes] if line.quotes else "",
            )


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
