"""The firehose of a PDS or a relay (com.atproto.sync.subscribeRepos): every commit, in DAG-CBOR with its blocks.

A frame is two DAG-CBOR maps side by side: a head {op, t} and the body that it names; op -1 is an error, after which
the line is closed. Posts lie in `blocks`, a CAR archive, under the content id that the commit's operation names.
Sources: atproto.com/specs/event-stream and the lexicon com.atproto.sync.subscribeRepos (github.com/bluesky-social/
atproto).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import libipld

from clients.listening.collectors.bluesky.stream import COLLECTIONS, Action, Event, Unreadable, is_gone, moment

PATH = "/xrpc/com.atproto.sync.subscribeRepos"
TOO_BIG = "TooBig"  # our own names for what a commit leaves out
NO_BLOCK = "NoBlock"
_ACTIONS: dict[str, Action] = {"create": "create", "update": "update", "delete": "delete"}


class Firehose:
    """See bluesky_stream.Stream."""

    name = "firehose"
    subprotocols = ()

    def url(self, address: str, position: int | None) -> str:
        """The address, its path added when only a host was given. The server sends what comes after the position."""
        base = address if "/xrpc/" in address else address.rstrip("/") + PATH
        return base if position is None else f"{base}{'&' if '?' in base else '?'}{urlencode({'cursor': position})}"

    def read(self, message: bytes) -> list[Event]:
        """The events of one frame; a commit with no post in it still moves the position. Raises Unreadable."""
        try:
            head, body = libipld.decode_dag_cbor_multi(message)
            if head["op"] == -1:
                return [Event("notice", notice=str(body.get("error") or "error"))]
            return _events(str(head["t"]), body)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise Unreadable(str(error)[:200]) from None

    def beginning(self, now: datetime) -> None:
        """From now on: a relay keeps days of everybody's doings."""
        return

    def again(self, position: int) -> int:
        """The very same: a server sends its events in their order, each once."""
        return position

    def when_silent(self, position: int | None, now: datetime) -> int:
        """The same; without one, the beginning: a server on which nothing happens keeps little, and it is all ours
        to hear. From "now on" would be deaf to what is said between two readings."""
        return position or 0


def _events(kind: str, body: Mapping[str, Any]) -> list[Event]:
    if kind == "#info":
        return [Event("notice", notice=str(body["name"]))]
    position, at = int(body["seq"]), moment(body.get("time"))
    if kind == "#commit":
        return _commit(body, position, at)
    if kind == "#account" and is_gone(body):
        return [Event("account_gone", position, at, str(body["did"]))]
    if kind == "#tombstone":
        return [Event("account_gone", position, at, str(body["did"]))]
    return [Event("other", position, at)]


def _commit(body: Mapping[str, Any], position: int, at: datetime | None) -> list[Event]:
    did, found = str(body["repo"]), [Event("other", position, at)]
    if body.get("tooBig"):
        found.append(Event("notice", position, at, did, notice=TOO_BIG))
    operations = [op for op in body["ops"] if str(op["path"]).partition("/")[0] in COLLECTIONS]
    if not operations:
        return found
    blocks = _blocks(body["blocks"]) if any(op["action"] != "delete" for op in operations) else {}
    for operation in operations:
        action = _ACTIONS.get(operation["action"], "other")
        collection, _slash, rkey = str(operation["path"]).partition("/")
        record = blocks.get(operation.get("cid")) if action != "delete" else None
        if action == "delete" or isinstance(record, Mapping):
            found.append(Event(action, position, at, did, rkey, record, collection=collection))
        elif not body.get("tooBig"):
            found.append(Event("notice", position, at, did, notice=NO_BLOCK))
    return found


def _blocks(archive: bytes) -> Mapping[Any, Any]:
    _head, blocks = libipld.decode_car(archive)
    return blocks  # type: ignore[no-any-return]
