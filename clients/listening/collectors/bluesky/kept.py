"""The posts that were kept of late: what an edit, a deletion or an account that goes may be about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

AT_MOST = 500  # posts remembered in the cursor
FOR = timedelta(hours=72)


class Kept:
    """External ids with the content id that they had, in the order in which they were last looked at."""

    def __init__(self, cursor: Mapping[str, Any], now: datetime) -> None:
        self._now = int(now.timestamp())
        oldest = self._now - int(FOR.total_seconds())
        self._posts: dict[str, tuple[str, int]] = {}
        for address, content, since in cursor.get("kept") or ():
            if since >= oldest:
                self._posts[address] = (content, since)

    def __contains__(self, address: str) -> bool:
        return address in self._posts

    def is_same(self, address: str, content: str) -> bool:
        """Whether the post is known with the very same content."""
        known = self._posts.get(address)
        return known is not None and bool(content) and known[0] == content

    def keep(self, address: str, content: str) -> None:
        """Looked at just now; it is forgotten 72 hours after it was first kept."""
        _content, since = self._posts.pop(address, ("", self._now))
        self._posts[address] = (content, since)

    def forget(self, addresses: Iterable[str]) -> None:
        """They are gone at the source."""
        for address in addresses:
            self._posts.pop(address, None)

    def of(self, did: str) -> Iterator[str]:
        """The posts of one account."""
        return (address for address in list(self._posts) if address.startswith(f"at://{did}/"))

    def longest_unseen(self, count: int, besides: Iterable[str]) -> list[str]:
        """The posts that have not been looked at for longest."""
        seen = set(besides)
        return [address for address in self._posts if address not in seen][:count]

    def as_list(self) -> list[list[Any]]:
        """For the cursor: the most recently looked at, a list because JSON objects lose their order in a database."""
        return [[address, content, since] for address, (content, since) in list(self._posts.items())[-AT_MOST:]]
