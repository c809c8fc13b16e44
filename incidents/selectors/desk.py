"""What needs somebody, across all the clients a person may see: one query a table, whatever the number of clients."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from psycopg import sql

from agency.models import Client
from incidents.choices import IncidentState, Qualification, level_of

EXPIRES_WITHIN = timedelta(days=30)
SILENT_AFTER = timedelta(minutes=15)
MOST_OF_ONE_CLIENT = 20
_WORST_FIRST = (Qualification.CRISIS, Qualification.PARACRISIS, Qualification.SIGNAL)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A proposed or open incident; `lead_id` is None as long as nobody has taken it."""

    client: Client
    number: int
    title: str
    brand: str
    state: str
    kind: str
    qualification: str
    severity: int | None
    lead_id: int | None
    started_at: datetime
    next_update_at: datetime | None

    @property
    def reference(self) -> str:
        return f"INC-{self.number:04d}"

    @property
    def is_proposed(self) -> bool:
        return self.state == IncidentState.PROPOSED

    @property
    def level(self) -> str:
        return level_of(self.state, self.qualification)


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A signal that nobody has looked at and that no incident was made of."""

    client: Client
    id: int
    brand: str
    watch: str
    detected_at: datetime
    observed: int
    expected: float
    window_minutes: int


@dataclass(frozen=True, slots=True)
class BlockedEar:
    """A source that fails, was switched off by its failures, or has been silent too long; `error` in FR and EN."""

    client: Client
    id: int
    name: str
    is_active: bool
    failures: int
    last_success_at: datetime | None
    error: dict[str, str]


@dataclass(frozen=True, slots=True)
class Expiring:
    """A position in force that ends soon, or has ended."""

    client: Client
    id: int
    code: str
    title: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a client is listened to: `sources` at work, the last time one of them answered."""

    client: Client
    sources: int
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class Desk:
    incidents: tuple[GoingOn, ...]
    signals: tuple[ToLookAt, ...]
    ears: tuple[BlockedEar, ...]
    positions: tuple[Expiring, ...]
    hearing: tuple[Hearing, ...]


_INCIDENTS = """
SELECT {client}, i.number, i.title, b.name, i.state, i.kind, i.qualification, i.severity, i.lead_id, i.started_at,
       i.next_update_at
FROM {schema}.incidents_incident i JOIN {schema}.clients_brand b ON b.id = i.brand_id
WHERE i.state IN ('proposed', 'open')
"""
_SIGNALS = """
(SELECT {client}, s.id, b.name, w.name, s.detected_at, s.observed, s.expected, s.window_minutes
FROM {schema}.incidents_signal s JOIN {schema}.clients_watch w ON w.id = s.watch_id
JOIN {schema}.clients_brand b ON b.id = w.brand_id
LEFT JOIN {schema}.incidents_incident i ON i.signal_id = s.id
WHERE s.state = 'new' AND i.id IS NULL ORDER BY s.detected_at DESC, s.id DESC LIMIT {most})
"""
# One failure is weather; two in a row, or a source that its failures switched off, or silence, is somebody's job.
_EARS = """
(SELECT {client}, s.id, s.name, s.is_active, s.failures, s.last_success_at, s.last_error, s.last_error_en
FROM {schema}.clients_source s
WHERE s.failures > CASE WHEN s.is_active THEN 1 ELSE 0 END
   OR (s.is_active AND s.kind = 'feed' AND coalesce(s.last_success_at, s.created_at)
       < {now} - greatest({silent}, 3 * s.every_seconds * interval '1 second'))
ORDER BY s.failures DESC, s.id LIMIT {most})
"""
_POSITIONS = """
(SELECT {client}, p.id, p.code, p.title, p.valid_until
FROM {schema}.clients_position p
WHERE p.approved_at IS NOT NULL AND p.valid_until < {until} ORDER BY p.valid_until, p.id LIMIT {most})
"""
_HEARING = """
SELECT {client}, count(*) FILTER (WHERE s.is_active), max(s.last_success_at) FROM {schema}.clients_source s
"""


def desk(clients: Sequence[Client], *, now: datetime) -> Desk:
    """All of it for those clients, the most pressing first; five queries, none when there is no client."""
    values = {"now": now, "silent": SILENT_AFTER, "until": (now + EXPIRES_WITHIN).date(), "most": MOST_OF_ONE_CLIENT}
    return Desk(
        incidents=tuple(sorted(_read(_INCIDENTS, clients, values, GoingOn), key=_pressing)),
        signals=tuple(sorted(_read(_SIGNALS, clients, values, ToLookAt), key=lambda s: s.detected_at, reverse=True)),
        ears=tuple(sorted(_read(_EARS, clients, values, _blocked), key=lambda ear: (ear.client.name, ear.name))),
        positions=tuple(sorted(_read(_POSITIONS, clients, values, Expiring), key=lambda p: (p.valid_until, p.code))),
        hearing=tuple(_read(_HEARING, clients, values, Hearing)),
    )


def _read(query: str, clients: Sequence[Client], values: dict[str, Any], make: Callable[..., Any]) -> list[Any]:
    """The query in each client's schema, as one UNION ALL; its first column says whose row it is."""
    if not clients:
        return []
    known = {client.pk: client for client in clients}
    literals = {name: sql.Literal(value) for name, value in values.items()}
    parts = [
        sql.SQL(query).format(client=sql.Literal(client.pk), schema=sql.Identifier(client.schema_name), **literals)
        for client in clients
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return [make(known[row[0]], *row[1:]) for row in cursor.fetchall()]


def _blocked(client: Client, *row: Any) -> BlockedEar:
    number, name, is_active, failures, last_success_at, french, english = row
    error = {"fr": french, "en": english or french}
    return BlockedEar(client, number, name, is_active, failures, last_success_at, error)


def _pressing(incident: GoingOn) -> tuple[int, int, bool, datetime]:
    """The worst level, the worst severity, then what waits for a decision, then the oldest."""
    return (
        _WORST_FIRST.index(Qualification(incident.level)),
        incident.severity or 5,
        not incident.is_proposed,
        incident.started_at,
    )
