"""Jetstream: everything that is posted on Bluesky as JSON. Positions are moments, in microseconds since 1970.

Two forms of the same stream are read, known by their address: "/subscribe", which all servers speak, and
"/xrpc/network.bsky.jetstream.subscribeEvents" of version 2, which says aloud when it cannot go back far enough. Both
take a moment as cursor (version 2 where it is 10^15 or more), so one position is good for all servers.
Sources: github.com/bluesky-social/jetstream, docs/README.md §5 and lexicons/network/bsky/jetstream.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from clients.listening.collectors.bluesky.stream import COLLECTIONS, Action, Event, Unreadable, is_gone, moment

FIRST_LOOK_BACK = timedelta(minutes=5)  # so that whoever adds the source sees at once that it works
REWIND = timedelta(seconds=5)  # servers see the same event at slightly different moments
SILENCE_MARGIN = timedelta(minutes=1)  # their clock may be behind ours
SILENCE_TRUSTED = timedelta(minutes=10)
KEPT_FOR = timedelta(hours=36)  # how far back the public servers go
_VERSION_2 = "subscribeEvents"
_ACTIONS: dict[str, Action] = {"create": "create", "update": "update", "delete": "delete"}


class Jetstream:
    """See bluesky_stream.Stream."""

    name = "jetstream"
    subprotocols = ()

    def url(self, address: str, position: int | None) -> str:
        """The address with what we ask for: posts and reposts, and what becomes of accounts."""
        wanted: list[tuple[str, str | int]] = (
            [*(("collections", name) for name in COLLECTIONS), ("kinds", "commit"), ("kinds", "account")]
            if _VERSION_2 in address
            else [("wantedCollections", name) for name in COLLECTIONS]
        )
        if position is not None:
            wanted.append(("cursor", position))
        return f"{address}{'&' if '?' in address else '?'}{urlencode(wanted)}"

    def read(self, message: bytes) -> list[Event]:
        """The event of one message, in either form. Raises Unreadable."""
        try:
            said = msgspec.json.decode(message)
            if "payload" in said or said.get("$type") == "error":
                return [_version_2(said)]
            return [_version_1(said)]
        except (msgspec.DecodeError, RecursionError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unreadable(str(error)[:200]) from None

    def beginning(self, now: datetime) -> int:
        """A few minutes ago."""
        return _microseconds(now - FIRST_LOOK_BACK)

    def again(self, position: int) -> int:
        """A few seconds earlier."""
        return position - REWIND // timedelta(microseconds=1)

    def when_silent(self, position: int | None, now: datetime) -> int:
        """A minute ago, or later where the last event was. From an old position a server may be searching for long
        before it sends anything: that position is kept."""
        if position is not None and position < _microseconds(now - SILENCE_TRUSTED):
            return position
        return max(position or 0, _microseconds(now - SILENCE_MARGIN))


def _version_1(said: dict[str, Any]) -> Event:
    position = int(said["time_us"])
    at, did = _at(position), str(said["did"])
    if said.get("kind") == "commit":
        return _commit(said["commit"], position, at, did)
    if said.get("kind") == "account" and is_gone(said["account"]):
        return Event("account_gone", position, at, did)
    return Event("other", position, at)


def _version_2(said: dict[str, Any]) -> Event:
    if said["$type"] == "error":
        return Event("notice", notice=str(said["error"]))
    payload = said["payload"]
    kind = payload["$type"].rpartition("#")[2]
    if kind == "info":
        return Event("notice", notice=str(payload["name"]))
    at = moment(payload.get("witnessedAt") or payload["time"])
    if at is None:
        raise Unreadable("no time")
    if kind == "commit":
        return _commit(payload, _microseconds(at), at, str(payload["did"]))
    if kind == "account" and is_gone(payload["account"]):
        return Event("account_gone", _microseconds(at), at, str(payload["did"]))
    return Event("other", _microseconds(at), at)


def _commit(commit: dict[str, Any], position: int, at: datetime | None, did: str) -> Event:
    action = _ACTIONS.get(commit["operation"], "other")
    collection = str(commit["collection"])
    if collection not in COLLECTIONS or action == "other":
        return Event("other", position, at)
    record = None if action == "delete" else commit["record"]
    if record is not None and not isinstance(record, dict):
        raise Unreadable("a record that is no object")
    return Event(action, position, at, did, str(commit["rkey"]), record, collection=collection)


def _at(position: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(position / 1e6, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
