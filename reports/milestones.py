"""How long each step of an incident took, and what this client is used to. No Django here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from incidents.metrics import HEARD_LIVE

STEPS = ("duration", "briefed", "detected", "confirmed", "first_report")


@dataclass(frozen=True)
class Instants:
    """When each thing happened in one incident; None when it did not."""

    started_at: datetime
    raised_at: datetime | None = None
    opened_at: datetime | None = None
    briefed_at: datetime | None = None
    reported_at: datetime | None = None
    closed_at: datetime | None = None
    spoken_at: datetime | None = None


@dataclass(frozen=True)
class Milestone:
    """One step's length, None when it was not reached, and the median of the client's earlier incidents."""

    step: str
    length: timedelta | None
    median: timedelta | None
    earlier: int


def milestones(instants: Instants, earlier: Iterable[Instants]) -> tuple[Milestone, ...]:
    """Every step of STEPS, each beside the median of the earlier incidents that reached it."""
    past = [_lengths(one) for one in earlier]
    mine = _lengths(instants)
    return tuple(_milestone(step, mine[step], [one[step] for one in past]) for step in STEPS)


def _milestone(step: str, length: timedelta | None, past: Sequence[timedelta | None]) -> Milestone:
    known = [one.total_seconds() for one in past if one is not None]
    usual = timedelta(seconds=median(known)) if known else None
    return Milestone(step, length, usual, len(known))


def _lengths(one: Instants) -> dict[str, timedelta | None]:
    detected = _between(one.started_at, one.raised_at)
    live = detected is not None and detected <= HEARD_LIVE
    return {
        "duration": _between(one.started_at, one.closed_at),
        "briefed": _between(one.started_at, one.briefed_at),
        "detected": detected if live else None,
        "confirmed": _between(one.raised_at, one.opened_at) if live else None,
        "first_report": _between(one.opened_at, one.reported_at),
    }


def _between(first: datetime | None, last: datetime | None) -> timedelta | None:
    return max(last - first, timedelta(0)) if first and last else None
