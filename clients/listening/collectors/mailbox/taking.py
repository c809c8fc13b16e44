"""The mails that came into a folder, as they are: for what answers them, not for what listens. Nothing is changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from agency.http import DoorError
from clients.listening.collectors.failures import from_door
from clients.listening.collectors.mailbox.opening import Box, box_of, broken, open_folder, with_token
from clients.listening.collectors.mailbox.session import BROKEN, Session, open_session
from clients.listening.collectors.protocol import OutgoingNetwork
from clients.listening.words import Words

SECONDS = 60.0  # a reading, from the connection to the leave
MESSAGES = 60  # a reading; the next one follows in seconds
PIECE = 256_000  # bytes of a message: what was written stands before what is attached
TOGETHER = 15  # messages asked for at once


@dataclass(frozen=True, slots=True)
class Came:
    """One mail: its UID, when the server received it (aware, None where it does not say), its first bytes."""

    uid: int
    received_at: datetime | None
    content: bytes


@dataclass
class Taken:
    """What a reading brought: all up to `uid` of the folder's `validity`. `trouble` says why it ended early.

    `session` is a provider's token to keep, where there is a new one.
    """

    validity: int
    uid: int
    mails: list[Came] = field(default_factory=list)
    session: dict[str, Any] | None = None
    trouble: Words | None = None


def take(
    settings: Mapping[str, Any],
    *,
    validity: int,
    uid: int,
    since: date,
    again: Collection[int],
    http: OutgoingNetwork,
    now: datetime,
) -> Taken:
    """At most MESSAGES mails: those asked for `again`, then those received since a day, after `uid`, oldest first.

    Of a folder made anew (another UIDVALIDITY) all of them. What breaks after some mails leaves those in the answer.
    Raises CollectError.
    """
    box, session_to_keep = with_token(box_of(settings), settings, http=http, now=now)
    taken = Taken(validity, uid, session=session_to_keep)
    try:
        with open_session(http, box.host, box.port, security=box.security, seconds=SECONDS) as session:
            _take(session, box, taken, since, again)
    except DoorError as error:
        raise from_door(error) from error
    except BROKEN as error:
        failure = broken(error)
        if not taken.mails:
            raise failure from None
        taken.trouble = Words(failure.words_fr, failure.words_en)
    return taken


def _take(session: Session, box: Box, taken: Taken, since: date, again: Collection[int]) -> None:
    validity = open_folder(session, box)
    if validity != taken.validity:
        taken.validity, taken.uid, again = validity, 0, ()
    older = sorted(again)[:MESSAGES]
    for first in range(0, len(older), TOGETHER):
        taken.mails += _read(session, older[first : first + TOGETHER])
    fresh = session.uids_after(taken.uid, since)[: MESSAGES - len(older)]
    for first in range(0, len(fresh), TOGETHER):
        together = fresh[first : first + TOGETHER]
        taken.mails += _read(session, together)
        taken.uid = together[-1]


def _read(session: Session, uids: list[int]) -> list[Came]:
    envelopes = {one.uid: one for one in session.envelopes(uids)}
    bodies = session.bodies(list(envelopes), PIECE) if envelopes else {}
    return [Came(uid, envelopes[uid].received_at, bodies[uid]) for uid in uids if uid in bodies]


def name_of(settings: Mapping[str, Any]) -> str:
    """The folder's name in a cursor, from which nobody reads whose it is. Raises CollectError."""
    return box_of(settings).of
