"""How often a situation report is owed at each severity: the client's own rows, the house's where it has none."""

from dataclasses import dataclass
from datetime import datetime

from clients.models import Cadence

# Minutes between two reports; None: at every change.
HOUSE: dict[int, int | None] = {1: 30, 2: 60, 3: 120, 4: None}
LEAST, MOST = 5, 720


@dataclass(frozen=True, slots=True)
class Pace:
    """The cadence of a severity: `minutes` None is at every change; `since` None is the house's own."""

    severity: int
    minutes: int | None
    since: datetime | None = None


def in_force(at: datetime) -> tuple[Pace, ...]:
    """The four cadences at that moment, the gravest first; one query."""
    found = {severity: Pace(severity, minutes) for severity, minutes in HOUSE.items()}
    for row in Cadence.objects.filter(in_force_from__lte=at).order_by("in_force_from", "id"):
        found[row.severity] = Pace(row.severity, row.minutes, row.in_force_from)
    return tuple(found[severity] for severity in sorted(found))


def minutes_at(severity: int | None, at: datetime) -> int | None:
    """Minutes between two reports at that severity, None at every change; without a severity as at the least."""
    return next(pace.minutes for pace in in_force(at) if pace.severity == (severity or max(HOUSE)))
