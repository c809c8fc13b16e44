"""Hours under fire of people, from the log of every client they work for; nothing is stored, nothing is compared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agency.access import clients_of
from agency.models import Client, Shift, User
from clients.listening.words import Words
from incidents.care import KEPT, RESTED, UnderFire, prompt, under_fire
from incidents.selectors.of_clients import ask

_MARKS = """
SELECT {client}, e.by_id, e.logged_at
FROM {schema}.incidents_timelineentry e JOIN {schema}.incidents_incident i ON i.id = e.incident_id
WHERE e.by_id = ANY({people}) AND e.logged_at >= {since} AND {seen}
"""
_OPEN = """
SELECT {client}, i.opened_at, i.closed_at FROM {schema}.incidents_incident i
WHERE i.opened_at IS NOT NULL AND coalesce(i.closed_at, {now}) >= {since} AND {seen}
"""


@dataclass(frozen=True, slots=True)
class Hours:
    """A person's hours, and why a hand-over should be prepared (None: it need not)."""

    person: User
    told: UnderFire
    why: Words | None


def hours_of(people: Sequence[User], *, asked_by: User, client: Client, now: datetime) -> list[Hours]:
    """In the order of the people given: never ranked. `client` sets the limits; only what `asked_by` may read."""
    marks = _marks(people, asked_by, now)
    found = []
    for person in people:
        told = under_fire(marks.get(person.pk, ()), now) if marks.get(person.pk) else RESTED
        found.append(Hours(person, told, prompt(told, in_a_row=client.care_hours, in_a_day=client.care_hours_a_day)))
    return found


def _marks(people: Sequence[User], asked_by: User, now: datetime) -> dict[int, list[datetime]]:
    """Each person's lines of the log, and the beginnings and ends of their shifts while an incident was open."""
    clients = list(clients_of(asked_by))
    values = {"people": [one.pk for one in people], "since": now - KEPT, "now": now, "person": asked_by}
    found: dict[int, list[datetime]] = defaultdict(list)
    for person, at in ask(_MARKS, clients, values, lambda _client, *row: row):
        found[person].append(at)
    shifts = list(
        Shift.objects.filter(person__in=people, taken_off_at=None, ends_at__gte=now - KEPT, starts_at__lte=now)
    )
    if shifts:
        spans = ask(_OPEN, clients, values, lambda client, *row: (client.pk, *row))
        for shift in shifts:
            found[shift.person_id] += _edges(shift, spans, now)
    return found


def _edges(shift: Shift, spans: Sequence[tuple[int, datetime, datetime | None]], now: datetime) -> list[datetime]:
    """Taking the desk over, or leaving it, under fire is an act: waiting for a call at home is none."""
    mine = [(begin, end or now) for client, begin, end in spans if shift.client_id in {None, client}]
    edges = (shift.starts_at, shift.ends_at)
    return [at for at in edges if at <= now and any(begin <= at <= end for begin, end in mine)]
