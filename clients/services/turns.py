"""Whose turn it is: the due sources of all clients, fairly. A storm on one client never delays another."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from django_tenants.utils import schema_context

from agency.vault import Unsealable
from clients.listening.collectors.protocol import OutgoingNetwork
from clients.models import Source
from clients.selectors import everywhere
from clients.selectors.everywhere import SourceTurn
from clients.services import listening
from clients.services.claims import Claim, Interrupted

log = logging.getLogger("rempart.listening")

SECONDS = 25.0  # of turns in one go
LOOK_EVERY_S = 1.0
LOOK_AGAIN_S = 0.2  # when all that was seen is taken
SLOW_S = 8.0
LONG_AGO = datetime.min.replace(tzinfo=UTC)

OpenDoor = Callable[[str], OutgoingNetwork]


class Board:
    """What is due, as this process sees it: its threads take their turns here, the claim in the database decides.

    Who has the fewest readings under way comes first, then who has waited longest. Of the places that the others leave
    free a client takes half at most: however many of its sources hang, there is room for whoever comes next. Sources
    that took long the last time (streams, sites that hang) share half of all places, and of their client's.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._due: list[SourceTurn] = []
        self._elsewhere: Counter[str] = Counter()  # under way in other processes
        self._here: Counter[str] = Counter()
        self._held: dict[tuple[str, int], float] = {}  # since when, on the monotonic clock
        self._slow: set[tuple[str, int]] = set()
        self._interrupted: list[tuple[str, Claim]] = []
        self._looked_at = -LOOK_EVERY_S
        self._is_closed = False

    def next(self, now: datetime) -> SourceTurn | None:
        """The turn to take, to be given back by `done`; None when nobody is due who may take a place."""
        with self._lock:
            if self._is_closed:
                return None
            age = time.monotonic() - self._looked_at
            if age >= LOOK_EVERY_S or (not self._due and age >= LOOK_AGAIN_S):
                self._look(now)
            turn = min((turn for turn in self._due if self._has_place(turn)), key=self._rank, default=None)
            if turn is not None:
                self._due.remove(turn)
                self._held[turn.key] = time.monotonic()
                self._here[turn.schema_name] += 1
            return turn

    def done(self, turn: SourceTurn) -> None:
        with self._lock:
            seconds = time.monotonic() - self._held.pop(turn.key)
            if seconds > SLOW_S:
                self._slow.add(turn.key)
            else:
                self._slow.discard(turn.key)
            self._here[turn.schema_name] -= 1

    def has_more(self) -> bool:
        """Whether somebody waits who may take a place."""
        with self._lock:
            return not self._is_closed and any(self._has_place(turn) for turn in self._due)

    def give_back(self, schema_name: str, claim: Claim) -> None:
        """A reading that the database interrupted: its source is due again as soon as the database is there."""
        with self._lock:
            self._interrupted.append((schema_name, claim))

    def close(self) -> None:
        """The process is asked to stop: no more turns."""
        self._is_closed = True

    def _look(self, now: datetime) -> None:
        while self._interrupted:
            schema_name, claim = self._interrupted[-1]
            with schema_context(schema_name):
                claim.release()
            self._interrupted.pop()
        seen = [turn for turn in everywhere.turns(now) if turn.key not in self._held]
        self._due = [turn for turn in seen if not turn.is_under_way]
        self._elsewhere = Counter(turn.schema_name for turn in seen if turn.is_under_way)
        self._looked_at = time.monotonic()

    def _has_place(self, turn: SourceTurn) -> bool:
        own = self._here[turn.schema_name]
        free_of_others = self._places - (self._here.total() - own)
        share = (free_of_others + 1) // 2
        return own < share and (turn.key not in self._slow or self._has_slow_place(turn, share))

    def _has_slow_place(self, turn: SourceTurn, share: int) -> bool:
        slow = [schema_name for schema_name, number in self._held if (schema_name, number) in self._slow]
        return len(slow) < max(self._places // 2, 1) and slow.count(turn.schema_name) < max(share // 2, 1)

    def _rank(self, turn: SourceTurn) -> tuple[int, datetime, str, int]:
        under_way = self._here[turn.schema_name] + self._elsewhere[turn.schema_name]
        return under_way, turn.due_at or LONG_AGO, turn.schema_name, turn.source_id


def take_turns(
    *,
    board: Board,
    open_door: OpenDoor,
    clock: Callable[[], datetime],
    wake_another: Callable[[], None],
    wake_reader: Callable[[str], None],
    seconds: float = SECONDS,
) -> int:
    """Reads due sources one after the other until none is left or `seconds` are over; returns how many.

    `wake_another` is called when more is due than one can read, `wake_reader(schema_name)` when something new came.
    """
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        turn = board.next(clock())
        if turn is None:
            return count
        try:
            if not count and board.has_more():
                wake_another()
            if _take(turn, board, open_door, clock()):
                wake_reader(turn.schema_name)
        finally:
            board.done(turn)
        count += 1
    if board.has_more():
        wake_another()
    return count


def _take(turn: SourceTurn, board: Board, open_door: OpenDoor, now: datetime) -> bool:
    """One source's turn, in its client's schema; True when it brought something to read."""
    with schema_context(turn.schema_name):
        source = Source.objects.filter(pk=turn.source_id).first()
        if source is None:
            return False
        try:
            heard = listening.listen(source=source, http=open_door(_account(source)), now=now)
        except Interrupted as interruption:
            log.warning("The database went away under %s of %s.", turn.source_id, turn.schema_name)
            board.give_back(turn.schema_name, interruption.claim)
            return False
        except Exception:  # a source that breaks us must not silence the others
            log.exception("The source %s of %s broke its reading.", turn.source_id, turn.schema_name)
            listening.push_later(source=source, now=now)
            return False
        return heard.outcome == "read"


def _account(source: Source) -> str:
    try:
        return listening.account_of(source)
    except Unsealable:  # the reading itself will say so in words
        return ""
