"""What the desk says of the rota: who is on call for whom, one's own shift, and the hours that nobody holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agency.models import Client, Shift, User
from agency.selectors.rota import Booked, Gap, OnCall, booked_in, gaps_in, laid, on_call_in

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Held:
    """Clients that the same people are on call for, by name; `is_everybody` when there are no others."""

    clients: tuple[Client, ...]
    on_call: OnCall
    is_everybody: bool


@dataclass(frozen=True, slots=True)
class DeskRota:
    """`mine` is one's shift under way, else the next one of the coming days; `offered` are those one is asked to take.

    `is_planned` is False as long as nothing at all is on the rota: a rota to begin.
    """

    held: tuple[Held, ...]
    gaps: tuple[Gap, ...]
    booked: tuple[Booked, ...]
    mine: Shift | None
    offered: tuple[Shift, ...]
    is_planned: bool
    now: datetime

    @property
    def is_on_call(self) -> bool:
        return self.mine is not None and self.mine.starts_at <= self.now

    @property
    def more_gaps(self) -> int:
        return len(self.gaps) - 1

    @property
    def gap_now(self) -> bool:
        return any(gap.starts_at <= self.now for gap in self.gaps)

    @property
    def key(self) -> object:
        """What a page that shows it must be asked again for."""
        held = [([one.pk for one in row.clients], row.on_call) for row in self.held]
        shifts = [(one.pk, one.starts_at, one.ends_at) for one in (*self.offered, *((self.mine,) if self.mine else ()))]
        gaps = [(len(gap.clients), gap.starts_at > self.now and gap.starts_at, gap.ends_at) for gap in self.gaps]
        return held, shifts, gaps, self.is_on_call


def desk_rota(clients: Sequence[Client], person: User, now: datetime) -> DeskRota:
    """All of it for those clients: two queries whatever their number."""
    whole = (now, (now + AHEAD).replace(minute=0, second=0, microsecond=0))  # the page stays the same within the hour
    rota = laid(clients, whole)
    shifts = sorted(rota.rows, key=lambda row: (row.starts_at, row.pk))
    return DeskRota(
        held=_held(clients, on_call_in(rota, clients, now)),
        gaps=gaps_in(rota, clients, whole),
        booked=booked_in(rota, clients),
        mine=next((row for row in shifts if row.person_id == person.pk), None),
        offered=tuple(row for row in shifts if row.offered_to_id == person.pk),
        is_planned=bool(rota.rows),
        now=now,
    )


def _held(clients: Sequence[Client], found: dict[int, OnCall]) -> tuple[Held, ...]:
    """Clients with the same people together; those that nobody is called first for come first."""
    same: dict[OnCall, list[Client]] = {}
    for client in clients:
        same.setdefault(found[client.pk], []).append(client)
    is_everybody = len(same) == 1 and len(clients) > 1
    rows = [Held(tuple(together), on_call, is_everybody) for on_call, together in same.items()]
    return tuple(sorted(rows, key=lambda row: (row.on_call.primary is not None, row.clients[0].name)))
