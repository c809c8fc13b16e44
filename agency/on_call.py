"""Who is on call at a moment, and when nobody is: judged from shifts and absences, without the database.

A shift for one client comes before a shift for every client. Somebody away, or who may not see the client, is not
on call whatever the rota says. A moment belongs to the shift that begins with it, not to the one that ends with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Stint:
    """A shift as it is judged. `client` is None for every client; `sees` are the clients its person may see, None
    for all of them."""

    id: int
    person: int
    client: int | None
    starts_at: datetime
    ends_at: datetime
    is_primary: bool
    sees: frozenset[int] | None = None

    def is_for(self, client: int) -> bool:
        """True when the shift covers the client and its person may see it."""
        return self.client in (None, client) and (self.sees is None or client in self.sees)

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who cannot be called from one moment to another."""

    person: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DoubleBooked:
    """A person called first for several clients at once, by shifts of their own."""

    person: int
    clients: tuple[int, ...]
    starts_at: datetime
    ends_at: datetime


def present(stints: Iterable[Stint], aways: Iterable[Away]) -> list[Stint]:
    """The shifts less the absences of their people: one cut in two by an absence gives two stints."""
    absent: dict[int, list[Span]] = defaultdict(list)
    for away in aways:
        absent[away.person].append((away.starts_at, away.ends_at))
    return [
        replace(stint, starts_at=begins, ends_at=ends)
        for stint in stints
        for begins, ends in without((stint.starts_at, stint.ends_at), absent[stint.person])
    ]


def without(whole: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span, in order, once the others are taken out of it."""
    begins, ends = whole
    for from_, to in sorted(taken):
        if begins < min(from_, ends):
            yield begins, min(from_, ends)
        begins = max(begins, to)
    if begins < ends:
        yield begins, ends


def ranked(stints: Iterable[Stint], client: int) -> tuple[Stint | None, tuple[Stint, ...]]:
    """(who is called first, the backups in order) among stints of one moment, each person once.

    The client's own shifts come first, then the one that began first. Another primary is the first of the backups;
    without a primary nobody is called first, whatever the backups.
    """
    standing = sorted((one for one in stints if one.is_for(client)), key=_first_called)
    first = standing[0] if standing and standing[0].is_primary else None
    called = {first.person} if first else set()
    backups = []
    for one in standing:
        if one.person not in called:
            called.add(one.person)
            backups.append(one)
    return first, tuple(backups)


def _first_called(stint: Stint) -> tuple[bool, bool, datetime, int]:
    return not stint.is_primary, stint.client is None, stint.starts_at, stint.id


def uncovered(stints: Iterable[Stint], client: int, whole: Span) -> list[Span]:
    """When nobody would be called first for the client; `stints` are already less the absences (see `present`)."""
    covered = [(one.starts_at, one.ends_at) for one in stints if one.is_primary and one.is_for(client)]
    return list(without(whole, covered))


def double_booked(stints: Iterable[Stint]) -> list[DoubleBooked]:
    """People called first for two clients or more by shifts of their own that overlap, in order of time."""
    own: dict[int, list[Stint]] = defaultdict(list)
    for one in stints:
        if one.is_primary and one.client is not None:
            own[one.person].append(one)
    found = [booked for person in own for booked in _booked(own[person])]
    return sorted(found, key=lambda one: (one.starts_at, one.person))


def _booked(stints: Sequence[Stint]) -> Iterator[DoubleBooked]:
    """Of one person: the stretches of time on several clients, cut where the clients change."""
    moments = sorted({moment for one in stints for moment in (one.starts_at, one.ends_at)})
    last: DoubleBooked | None = None
    for begins, ends in pairwise(moments):
        clients = tuple(sorted({one.client for one in stints if one.client is not None and one.holds(begins)}))
        if last and last.clients == clients and last.ends_at == begins:
            last = replace(last, ends_at=ends)
            continue
        if last and len(last.clients) > 1:
            yield last
        last = DoubleBooked(stints[0].person, clients, begins, ends)
    if last and len(last.clients) > 1:
        yield last
