"""What a collector is, what it returns, and the two ways in which it may fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from agency.http import Response
from clients.listening.raw import RawMention
from clients.listening.words import Words


class OutgoingHTTP(Protocol):
    """The part of `agency.http.Door` that collectors use. Raises agency.http.DoorError."""

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, auth: tuple[str, str] | None = None
    ) -> Response:
        """GET a URL, redirects followed."""
        ...


@dataclass(frozen=True)
class Fetched:
    """One reading of a source.

    `cursor` is to be saved in the transaction that saves the mentions, and handed back next time. `unchanged`: the
    source says that it has nothing new. `bytes` came over the wire. `moved_to` is the source's new permanent URL,
    empty when it has not moved. `notes` say what was odd without being a failure.
    """

    mentions: tuple[RawMention, ...]
    cursor: dict[str, Any]
    unchanged: bool = False
    bytes: int = 0
    moved_to: str = ""
    notes: tuple[Words, ...] = field(default=())


class CollectError(Exception):
    """A source that could not be read. `code` is stable; the words are for the people who watch over it."""

    def __init__(self, code: str, words: Words, retry_after: float | None = None) -> None:
        super().__init__(words.en)
        self.code = code
        self.words_fr = words.fr
        self.words_en = words.en
        self.retry_after = retry_after


class PassingFailure(CollectError):
    """May well be over next time. `retry_after` is in seconds when the source asks for a pause, else None."""


class PermanentFailure(CollectError):
    """Will not heal by itself: a person has to change the source."""


class Collector(Protocol):
    """Reads one kind of source."""

    kind: str

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingHTTP, now: datetime
    ) -> Fetched:
        """What is new since `cursor` ({} at first). Raises PassingFailure or PermanentFailure."""
        ...
