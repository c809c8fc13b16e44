"""What a debrief says, and when: hot within 48 hours of the closing, cold two to four weeks after. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

HOT_WITHIN = timedelta(hours=48)
COLD_FROM, COLD_UNTIL = timedelta(weeks=2), timedelta(weeks=4)
MUST_BE_HELD = frozenset({1, 2})  # the severities that cannot close without a hot debrief planned
CLOCKS_MAY_DIFFER = timedelta(minutes=2)
THREE_WEEKS = timedelta(weeks=3)
LONGEST = {"people": 1000, "happened": 8000, "worked": 4000, "failed": 4000, "changes": 4000}


@dataclass(frozen=True, slots=True)
class Told:
    """What a debrief says: who was there, what happened, what worked, what did not, what we change."""

    people: str = ""
    happened: str = ""
    worked: str = ""
    failed: str = ""
    changes: str = ""


def window(kind: str, closed_at: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last moment for which it may be planned; aware datetimes.

    The window is counted from the closing, from now while the incident is open. Once it has passed, a debrief that was
    missed may still be held: within the 48 hours, or the two weeks, that follow.
    """
    closing = closed_at or now
    if kind == "hot":
        first, last, more = now - CLOCKS_MAY_DIFFER, closing + HOT_WITHIN, HOT_WITHIN
    else:
        first, last, more = closing + COLD_FROM, closing + COLD_UNTIL, COLD_FROM
    return (first, last) if now < last else (now - CLOCKS_MAY_DIFFER, now + more)


def is_planned_well(planned_at: datetime, held: bool, now: datetime) -> bool:
    """Whether a hot debrief lets its incident close now: held already, or ahead and within the 48 hours."""
    return held or now - CLOCKS_MAY_DIFFER <= planned_at <= now + HOT_WITHIN
