"""What Bluesky's two live streams have in common: events about posts and accounts, in the order of a position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

POSTS = "app.bsky.feed.post"
REPOSTS = "app.bsky.feed.repost"
COLLECTIONS = (POSTS, REPOSTS)

Action = Literal["create", "update", "delete", "account_gone", "notice", "other"]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `position` is the stream's own (0 when it has none), `at` when the stream saw it.

    A "create" or an "update" carries the `record` of a post or a repost (see `collection`), a "delete" only its names,
    "account_gone" only the `did`.
    A "notice" is something that the stream says of itself, under `notice`; "other" only moves the position on.
    """

    action: Action
    position: int = 0
    at: datetime | None = None
    did: str = ""
    rkey: str = ""
    record: Mapping[str, Any] | None = None
    notice: str = ""
    collection: str = POSTS


class Unreadable(ValueError):
    """A message that is not one of the stream's."""


class Stream(Protocol):
    """A way to listen to everything that is posted."""

    @property
    def name(self) -> str: ...

    @property
    def subprotocols(self) -> tuple[str, ...]: ...

    def url(self, address: str, position: int | None) -> str:
        """What to connect to, so as to hear all since a position (None: from now on)."""
        ...

    def read(self, message: bytes) -> list[Event]:
        """The events of one message. Raises Unreadable."""
        ...

    def beginning(self, now: datetime) -> int | None:
        """Where a first reading begins."""
        ...

    def again(self, position: int) -> int:
        """Where to go on from: at or a little before the last position, for what came in the wrong order."""
        ...

    def when_silent(self, position: int | None, now: datetime) -> int | None:
        """The position after a turn in which all was heard and nothing came."""
        ...


def is_gone(account: Mapping[str, Any]) -> bool:
    """Whether an account event says that the account is no more; one put to sleep may wake up with all its posts."""
    return account.get("active") is False and account.get("status") in ("deleted", "takendown")


def moment(written: object) -> datetime | None:
    """An aware moment in UTC, from an ISO 8601 text; None when it is none, or names no zone."""
    if not isinstance(written, str):
        return None
    try:
        parsed = datetime.fromisoformat(written)
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None
