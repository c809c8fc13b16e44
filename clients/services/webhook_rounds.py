"""A round: what is due for all endpoints of all clients is sent, each endpoint on a thread of its own.

The threads wait for networks and know no database; claims and results are this thread's. One that hangs keeps a thread
for fifteen seconds, and nobody else waiting: there is one message at a time to an endpoint, and room for many.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

from django.db import connection
from django_tenants.utils import schema_context

from clients.selectors import webhooks as read
from clients.services import webhook_sending
from clients.services.webhook_sending import Letter, OpenDoor
from clients.webhook_answer import BROKEN, Answer

log = logging.getLogger("rempart.webhooks")

AT_ONCE = 64  # endpoints
SECONDS = 20.0  # of claiming; then what is under way is waited for, and the next tick goes on
LOOK_EVERY_S = 0.5  # while something is under way

Place = tuple[str, int]  # schema, endpoint


class Rounds:
    """One round at a time in a process: a second one would only look for what the first finds anyway."""

    def __init__(self, at_once: int = AT_ONCE, seconds: float = SECONDS) -> None:
        self._at_once = at_once
        self._seconds = seconds
        self._turn = threading.Lock()
        self._is_closed = False

    def close(self) -> None:
        """The process ends: nothing more is claimed."""
        self._is_closed = True

    def go(self, *, open_door: OpenDoor, clock: Callable[[], datetime]) -> int:
        """Sends until nothing is due; returns how many messages left. 0 while another round goes on here."""
        if not self._turn.acquire(blocking=False):
            return 0
        try:
            return self._go(open_door, clock)
        finally:
            self._turn.release()

    def _go(self, open_door: OpenDoor, clock: Callable[[], datetime]) -> int:
        until, sent = time.monotonic() + self._seconds, 0
        under_way: dict[Future[Answer], tuple[Place, Letter]] = {}
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="webhook") as pool:
            while True:
                if time.monotonic() < until and not self._is_closed:
                    self._begin(pool, under_way, open_door, clock)
                if not under_way:
                    return sent
                _give_back_connection()
                done, _others = wait(under_way, LOOK_EVERY_S, FIRST_COMPLETED)
                for future in done:
                    place, letter = under_way.pop(future)
                    _note(place, letter, future, clock())
                    sent += 1

    def _begin(
        self,
        pool: ThreadPoolExecutor,
        under_way: dict[Future[Answer], tuple[Place, Letter]],
        open_door: OpenDoor,
        clock: Callable[[], datetime],
    ) -> None:
        busy = {place for place, _letter in under_way.values()}
        for place in read.endpoints_due(clock()):
            if len(under_way) >= self._at_once:
                return
            if place in busy:
                continue
            letter = _claim(place, clock())
            if letter is not None:
                future = pool.submit(webhook_sending.send, letter, open_door(), clock)
                under_way[future] = (place, letter)


def _claim(place: Place, now: datetime) -> Letter | None:
    schema_name, endpoint_id = place
    try:
        with schema_context(schema_name):
            return webhook_sending.claim(endpoint_id=endpoint_id, now=now)
    except Exception:  # the others must not wait for it
        log.exception("What is due for the webhook %s of %s could not be taken.", endpoint_id, schema_name)
        return None


def _note(place: Place, letter: Letter, future: Future[Answer], now: datetime) -> None:
    schema_name, endpoint_id = place
    try:
        with schema_context(schema_name):
            webhook_sending.note(letter=letter, answer=_answer_of(future, place), now=now)
    except Exception:  # its claim runs out and it is sent again: at least once
        log.exception("What became of a message to the webhook %s of %s is lost.", endpoint_id, schema_name)


def _answer_of(future: Future[Answer], place: Place) -> Answer:
    """What came of it. One that breaks our own sending is an attempt too: it comes to its end, and holds up nobody."""
    try:
        return future.result()
    except Exception:
        log.exception("A message to the webhook %s of %s broke the sending.", place[1], place[0])
        return Answer(None, 0, error=BROKEN)


def _give_back_connection() -> None:
    """While we wait for networks the pool may lend it to others."""
    if not connection.in_atomic_block:
        connection.close()
