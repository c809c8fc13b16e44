"""What a collector is, what it returns, and the ways in which it may fail."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

from agency.http import Response
from clients.listening.raw import RawMention
from clients.listening.words import Words

NO_WORDS = Words("", "")


class OutgoingNetwork(Protocol):
    """The part of `agency.http.Door` that collectors use. Raises agency.http.DoorError."""

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        auth: tuple[str, str] | None = None,
        listen_s: float | None = None,
    ) -> Response:
        """GET a URL, redirects followed. With `listen_s` a body without end is read for so many seconds."""
        ...

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> Response:
        """Send a request; only GET and HEAD follow redirects."""
        ...

    def connect(self, host: str, port: int) -> socket.socket:
        """A TCP connection to an address that was checked, for what is not HTTP; its time-out is the door's."""
        ...

    def trusted(self) -> ssl.SSLContext:
        """The certificates that we trust, for TLS over `connect`."""
        ...


@dataclass(frozen=True)
class Setting:
    """One thing that a person fills in to add a source; the form is drawn from these.

    `name` is the key in the settings handed to `fetch`. A "secret" is encrypted at rest and never shown again. "words"
    is a list of texts, "choice" one of `choices` (value, words). `is_destination` says where the secrets are sent, and
    how safely: changing it asks for them again (every "url" is one).
    """

    name: str
    label: Words
    help: Words = NO_WORDS
    kind: Literal["text", "url", "secret", "number", "flag", "choice", "words"] = "text"
    is_required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    default: Any = ""
    is_destination: bool = False


@dataclass(frozen=True)
class Quota:
    """What the network still lets us ask: `left` calls (or posts) until `resets_at`; None where it does not say."""

    left: int | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True)
class Fetched:
    """One reading of a source.

    `cursor` is to be saved in the transaction that saves the mentions, and handed back next time. `unchanged`: the
    source says that it has nothing new. `bytes` came over the wire in `calls` requests. `moved_to` is the source's new
    permanent URL, empty when it has not moved. `notes` say what was odd without being a failure. `deleted` are
    external ids that the source says are gone. `billed` counts the units (posts, calls) that the network bills.
    `has_more`: a cap was reached, the rest waits at the source and should be read at once. `session` is what a sign-in
    gave (a token): it is sealed like a secret and handed back as settings["session"]; None leaves the present one.
    """

    mentions: tuple[RawMention, ...]
    cursor: dict[str, Any]
    unchanged: bool = False
    bytes: int = 0
    moved_to: str = ""
    notes: tuple[Words, ...] = field(default=())
    deleted: tuple[str, ...] = ()
    calls: int = 1
    billed: int = 0
    quota: Quota | None = None
    has_more: bool = False
    session: dict[str, Any] | None = None


class CollectError(Exception):
    """A source that could not be read. `code` is stable; the words are for the people who watch over it."""

    def __init__(self, code: str, words: Words, retry_after: float | None = None, quota: Quota | None = None) -> None:
        super().__init__(words.en)
        self.code = code
        self.words_fr = words.fr
        self.words_en = words.en
        self.retry_after = retry_after
        self.quota = quota


class PassingFailure(CollectError):
    """May well be over next time. `retry_after` is in seconds when the source asks for a pause, else None."""


class PermanentFailure(CollectError):
    """Will not heal by itself: a person has to change the source."""


class HeldBack(CollectError):
    """Not a failure: a quota, a budget or a host's pace asks us to wait `retry_after` seconds. No call was made."""


class Collector(Protocol):
    """Reads one kind of source. One file, one line in the registry, a folder of captured payloads, its tests.

    `settings` declares what a person fills in. `unit_price` is in US dollars a billed unit, 0 where reading is free.
    """

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> Words: ...
    @property
    def settings(self) -> tuple[Setting, ...]: ...
    @property
    def unit_price(self) -> Decimal: ...

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """What is new since `cursor` ({} at first). Raises PassingFailure, PermanentFailure or HeldBack.

        `settings` holds what was declared (secrets in clear), and besides: "url" (may be ""), "wanted" (the client's
        active watches, a tuple of clients.listening.matching.Wanted: what a network is asked for when no query is
        given) and "at_most" (billed units that the budget still pays, None without a budget).
        """
        ...
