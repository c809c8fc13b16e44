"""The door to the outer network, as the settings want it: the edges open it, services are handed it."""

import ssl
import time
from functools import cache

import httpcore
import httpx
from django.conf import settings
from django.db import connection

from agency import clock, pace
from agency.http import Busy, Door
from agency.pauses import retry_after

FIRST_PATIENCE_S = 2.0  # a reading not yet begun gives its thread to another
PATIENCE_S = 15.0  # one that is under way would lose what it has read so far
TOO_MANY, UNAVAILABLE = 429, 503
WEBHOOK_TIMEOUT_S = 15.0
WEBHOOK_ANSWER_BYTES = 16_384


class PacedDoor(Door):
    """A door for one reading: no request leaves it before its host's turn, and a host that asks for a pause gets it.

    `account` names the credentials that the reading uses, where a request's Authorization does not: a pause asked with
    429 holds for that account only (networks count by token), a 429 without one and any 503 for everybody.
    """

    account = ""
    _has_gone_out = False

    def trusted(self) -> ssl.SSLContext:
        """The system's certificates, read once a process."""
        return _trusted()

    def wait_for_turn(self, place: str, account: str) -> float:
        """Seconds waited. Raises Busy when the host's next free moment is too far away."""
        patience = PATIENCE_S if self._has_gone_out else FIRST_PATIENCE_S
        try:
            seconds = pace.take(place, account=self.account or account, patience_s=patience)
        except pace.NoRoom as error:
            raise Busy(error.seconds) from error
        finally:
            _give_back_connection()
        self._has_gone_out = True
        if seconds:
            time.sleep(seconds)
        return seconds

    def heed(self, place: str, account: str, status: int, headers: httpx.Headers) -> None:
        """A 429 or 503 that says when to come back is passed on to whoever uses the host."""
        if status not in (TOO_MANY, UNAVAILABLE):
            return
        seconds = retry_after(headers.get("retry-after", ""), clock.now())
        if seconds:
            whose = self.account or account if status == TOO_MANY else ""
            pace.pause(place, account=whose, seconds=seconds)
            _give_back_connection()


def door(account: str = "") -> PacedDoor:
    """A door for one reading, with the house's time-out, size limit, pace and rule on private addresses."""
    opened = PacedDoor(
        timeout_s=settings.OUTGOING_TIMEOUT_SECONDS,
        max_bytes=settings.OUTGOING_MAX_BYTES,
        allow_private=settings.OUTGOING_ALLOW_PRIVATE,
        version=settings.VERSION,
    )
    opened.account = account
    return opened


def webhook_door() -> Door:
    """A door for one message to a client's own tool: no pace, which would need the database, and a short answer.

    A tool that asks for a pause is left alone by its own row (clients.webhook_answer).
    """
    return Door(
        timeout_s=WEBHOOK_TIMEOUT_S,
        max_bytes=WEBHOOK_ANSWER_BYTES,
        allow_private=settings.OUTGOING_ALLOW_PRIVATE,
        version=settings.VERSION,
        tls=_trusted(),
    )


def own_door() -> PacedDoor:
    """A door to a server that whoever runs the house has named in its settings: it may stand on a private network."""
    opened = door()
    opened.allow_private = True
    return opened


def _give_back_connection() -> None:
    """While we are out the pool may lend it to others, and a database that is restarted does not cut us off."""
    if not connection.in_atomic_block:
        connection.close()


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, read once a process."""
    return httpcore.default_ssl_context()
