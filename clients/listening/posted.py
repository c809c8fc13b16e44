"""What a tool posted to a source's own address, whatever its shape: a suite's, or our own."""

from __future__ import annotations

import json

from clients.listening.batch import decode_batch
from clients.listening.collectors.brandwatch import rows as brandwatch_rows
from clients.listening.collectors.mentioncom import rows as mentioncom_rows
from clients.listening.collectors.suites import UNREADABLE, Taken
from clients.listening.collectors.talkwalker import rows as talkwalker_rows
from clients.listening.collectors.youscan import rows as youscan_rows

READERS = {
    "brandwatch": brandwatch_rows.posted,
    "talkwalker": talkwalker_rows.posted,
    "mention": mentioncom_rows.posted,
    "youscan": youscan_rows.posted,
}


class NotJson(ValueError):
    """A body that is not JSON, or nested without end."""


class OtherShape(ValueError):
    """A body in which no row has the shape that the source's tool writes."""


def taken(kind: str, body: bytes) -> Taken:
    """The mentions in a body posted to a source of that kind.

    A suite's body is read row by row: one that is none is left out and counted. Any other tool posts our own shape (a
    list of mentions, {"mentions": […]}, or one mention by itself), all or nothing. Raises NotJson, OtherShape, and
    listening.batch.BatchError for our own shape.
    """
    reader = READERS.get(kind)
    if reader is None:
        return Taken(tuple(decode_batch(_as_batch(body))))
    found = reader(_parsed(body))
    if not found.mentions and found.left_out.get(UNREADABLE):
        raise OtherShape
    return found


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotJson from error


def _as_batch(body: bytes) -> bytes:
    """One mention by itself as a list of one."""
    parsed = _parsed(body)
    return b"[" + body + b"]" if isinstance(parsed, dict) and "mentions" not in parsed else body
