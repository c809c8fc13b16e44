"""What needs somebody, across all the clients a person may see: one query a table, whatever the number of clients."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from agency.models import Client, User
from clients.listening.health import Ear, Health
from clients.selectors.hearing import EARS, Hearing, ear_of, judged
from incidents.choices import IncidentState, Qualification, Stream, level_of
from incidents.selectors.alerts import BrokenLadder, Unanswered, broken_ladders, unanswered
from incidents.selectors.desk_webhooks import StoppedWebhook, stopped_webhooks
from incidents.selectors.of_clients import ask

EXPIRES_WITHIN = timedelta(days=30)
MOST_OF_ONE_CLIENT = 20
_WORST_FIRST = (Qualification.CRISIS, Qualification.PARACRISIS, Qualification.SIGNAL)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A proposed or open incident; `lead_id` is None as long as nobody has taken it.

    `stream` and `attack` are those of the signal that raised it, "" when a person opened it. `relief_by_id` is who
    hands it over to the person who asks, by a note not accepted yet.
    """

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
    stream: str
    attack: str
    is_restricted: bool
    relief_by_id: int | None

    @property
    def reference(self) -> str:
        return f"INC-{self.number:04d}"

    @property
    def is_proposed(self) -> bool:
        return self.state == IncidentState.PROPOSED

    @property
    def level(self) -> str:
        return level_of(self.state, self.qualification)

    @property
    def stream_words(self) -> str:
        return str(Stream(self.stream).label) if self.stream else ""


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A signal that nobody has looked at and that no incident was made of; which stream spoke, whether it attacks."""

    client: Client
    id: int
    brand: str
    watch: str
    detected_at: datetime
    observed: int
    expected: float
    window_minutes: int
    stream: str
    attack: str

    @property
    def window(self) -> timedelta:
        """How long the accounts were counted."""
        return timedelta(minutes=self.window_minutes)

    @property
    def stream_words(self) -> str:
        return str(Stream(self.stream).label)


@dataclass(frozen=True, slots=True)
class BlockedEar:
    """A source through which nothing is heard, and why."""

    client: Client
    ear: Ear
    health: Health


@dataclass(frozen=True, slots=True)
class Expiring:
    """A position in force that ends soon, or has ended."""

    client: Client
    id: int
    code: str
    title: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class ClientHearing:
    """How a client is listened to; judged as on its own page."""

    client: Client
    hearing: Hearing

    @property
    def last_heard_at(self) -> datetime | None:
        """The last time one of the ears heard."""
        return max((one.health.since for one in self.hearing.ears if one.health.since), default=None)


@dataclass(frozen=True, slots=True)
class LateTask:
    """A task of an open incident whose hour has passed; `owner_id`: whoever was given it, else who has its duty, else
    the lead."""

    client: Client
    incident: int
    number: int
    words: str
    due_at: datetime
    owner_id: int | None

    @property
    def reference(self) -> str:
        return f"INC-{self.incident:04d}"


@dataclass(frozen=True, slots=True)
class Desk:
    incidents: tuple[GoingOn, ...]
    signals: tuple[ToLookAt, ...]
    ears: tuple[BlockedEar, ...]
    positions: tuple[Expiring, ...]
    hearing: tuple[ClientHearing, ...]
    tasks: tuple[LateTask, ...] = ()
    alerts: tuple[Unanswered, ...] = ()
    broken_ladders: tuple[BrokenLadder, ...] = ()
    stopped_webhooks: tuple[StoppedWebhook, ...] = ()


_INCIDENTS = """
SELECT {client}, i.number, i.title, b.name, i.state, i.kind, i.qualification, i.severity, i.lead_id, i.started_at,
       i.next_update_at, coalesce(s.stream, ''), coalesce(s.attack, ''), i.is_restricted, r.by_id
FROM {schema}.incidents_incident i JOIN {schema}.clients_brand b ON b.id = i.brand_id
LEFT JOIN {schema}.incidents_signal s ON s.id = i.signal_id
LEFT JOIN {schema}.incidents_relief r ON r.incident_id = i.id AND r.state = 'offered' AND r.to_id = {person}
WHERE i.state IN ('proposed', 'open') AND {seen}
"""
_SIGNALS = """
(SELECT {client}, s.id, b.name, w.name, s.detected_at, s.observed, s.expected, s.window_minutes,
    s.stream, s.attack
FROM {schema}.incidents_signal s JOIN {schema}.clients_watch w ON w.id = s.watch_id
JOIN {schema}.clients_brand b ON b.id = w.brand_id
LEFT JOIN {schema}.incidents_incident i ON i.signal_id = s.id
WHERE s.state = 'new' AND i.id IS NULL ORDER BY s.detected_at DESC, s.id DESC LIMIT {most})
"""
_POSITIONS = """
(SELECT {client}, p.id, p.code, p.title, p.valid_until
FROM {schema}.clients_position p
WHERE p.approved_at IS NOT NULL AND p.retired_at IS NULL AND p.valid_until < {until}
ORDER BY p.valid_until, p.id LIMIT {most})
"""

_TASKS = """
(SELECT {client}, i.number, t.number, t.words, t.due_at, coalesce(t.owner_id, d.person_id, i.lead_id)
FROM {schema}.incidents_task t JOIN {schema}.incidents_incident i ON i.id = t.incident_id
LEFT JOIN {schema}.incidents_dutyholder d ON d.incident_id = i.id AND d.duty = t.duty AND d.person_id IN (
    SELECT m.user_id FROM public.agency_membership m JOIN public.agency_user u ON u.id = m.user_id AND u.is_active
    WHERE (m.client_id IS NULL OR m.client_id = {client}) AND m.role IN ('cm', 'lead', 'director'))
WHERE t.state = 'open' AND i.state = 'open' AND t.due_at < {now} AND {seen}
ORDER BY t.due_at, t.id LIMIT {most})
"""


def desk(clients: Sequence[Client], *, person: User | None, now: datetime) -> Desk:
    """All of it that the person may know of, for those clients, the most pressing first.

    Five queries, and one more when an incident is open. None is nobody in particular: nothing restricted.
    """
    values = {"until": (now + EXPIRES_WITHIN).date(), "most": MOST_OF_ONE_CLIENT, "now": now, "person": person}
    hears = heard(clients, now)
    incidents = tuple(sorted(ask(_INCIDENTS, clients, values, GoingOn), key=_pressing))
    return Desk(
        incidents=incidents,
        signals=tuple(sorted(ask(_SIGNALS, clients, values, ToLookAt), key=lambda s: s.detected_at, reverse=True)),
        ears=tuple(BlockedEar(one.client, deaf.ear, deaf.health) for one in hears for deaf in one.hearing.deaf),
        positions=tuple(sorted(ask(_POSITIONS, clients, values, Expiring), key=lambda p: (p.valid_until, p.code))),
        hearing=hears,
        tasks=_late_tasks(incidents, values),
        alerts=unanswered([one for one in clients if any(i.client.pk == one.pk for i in incidents)], person=person),
        broken_ladders=broken_ladders(clients),
        stopped_webhooks=stopped_webhooks(clients),
    )


def _late_tasks(incidents: Sequence[GoingOn], values: dict[str, Any]) -> tuple[LateTask, ...]:
    """The latest first, of open incidents that are shown: one query, none when nothing is open."""
    shown = {(one.client.pk, one.number) for one in incidents if not one.is_proposed}
    clients = {one.client.pk: one.client for one in incidents if not one.is_proposed}
    found = ask(_TASKS, list(clients.values()), values, LateTask)
    mine = (one for one in found if (one.client.pk, one.incident) in shown)
    return tuple(sorted(mine, key=lambda one: (one.due_at, one.incident, one.number)))


def heard(clients: Sequence[Client], now: datetime) -> tuple[ClientHearing, ...]:
    """Every client, by name, those without a source too."""
    ears: dict[int, list[Ear]] = {client.pk: [] for client in clients}
    for client, ear in ask(EARS, clients, {}, lambda client, *row: (client, ear_of(*row))):
        ears[client.pk].append(ear)
    return tuple(
        ClientHearing(client, judged(ears[client.pk], now)) for client in sorted(clients, key=lambda one: one.name)
    )


def _pressing(incident: GoingOn) -> tuple[int, int, bool, datetime]:
    """The worst level, the worst severity, then what waits for a decision, then the oldest."""
    return (
        _WORST_FIRST.index(Qualification(incident.level)),
        incident.severity or 5,
        not incident.is_proposed,
        incident.started_at,
    )
