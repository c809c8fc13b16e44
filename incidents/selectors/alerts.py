"""Alerts that nobody has answered: across the clients a person may see, and on the page of an incident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agency.models import Client, User
from incidents.choices import AlertState, CallState
from incidents.models import Alert, AlertCall, Incident
from incidents.selectors.of_clients import ask

_CALLING = """
SELECT {client}, i.number, i.title, i.state, i.kind, i.qualification, a.severity, a.started_at,
       count(c.id) FILTER (WHERE c.sent_at IS NOT NULL), min(c.due_at) FILTER (
           WHERE c.state = 'due' AND NOT (i.is_restricted AND c.contact_id IS NOT NULL)),
       a.silenced_at IS NOT NULL
FROM {schema}.incidents_alert a JOIN {schema}.incidents_incident i ON i.id = a.incident_id
LEFT JOIN {schema}.incidents_alertcall c ON c.alert_id = a.id
WHERE a.state = 'calling' AND {seen}
GROUP BY i.id, a.id
"""
_BROKEN = """
(SELECT {client}, p.name, count(*), false
FROM {schema}.clients_escalationstep s JOIN {schema}.clients_escalationpolicy p ON p.id = s.policy_id
WHERE p.is_active AND s.is_reachable IS FALSE GROUP BY p.id)
UNION ALL
(SELECT {client}, coalesce(b.name, ''), count(*), true
FROM {schema}.clients_policystep s JOIN {schema}.clients_approvalpolicy p ON p.id = s.policy_id
LEFT JOIN {schema}.clients_brand b ON b.id = p.brand_id
WHERE s.can_pass IS FALSE GROUP BY p.id, b.name)
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An alert under way: how many calls left, and the hour of the next; None when no call is left to make."""

    client: Client
    number: int
    title: str
    state: str
    kind: str
    qualification: str
    severity: int | None
    started_at: datetime
    told: int
    next_at: datetime | None
    is_silenced: bool

    @property
    def reference(self) -> str:
        return f"INC-{self.number:04d}"

    @property
    def is_forgotten(self) -> bool:
        """No call is left to make: nobody was told, or nobody who was told answers."""
        return self.next_at is None

    def waited(self, now: datetime) -> timedelta:
        return max(now - self.started_at, timedelta(0))


@dataclass(frozen=True, slots=True)
class BrokenLadder:
    """A ladder in force with rungs that reached nobody when they were last checked.

    With `is_approvals` a policy of approvals, by the name of its brand ("" for every brand), and its steps that nobody
    could pass.
    """

    client: Client
    name: str
    rungs: int
    is_approvals: bool = False


def unanswered(clients: Sequence[Client], *, person: User | None) -> tuple[Unanswered, ...]:
    """Those of incidents that the person may know of: what nobody is called for any more first, then the oldest."""
    found = ask(_CALLING, clients, {"person": person}, Unanswered)
    return tuple(sorted(found, key=lambda one: (one.is_silenced, not one.is_forgotten, one.started_at, one.number)))


def broken_ladders(clients: Sequence[Client]) -> tuple[BrokenLadder, ...]:
    return tuple(sorted(ask(_BROKEN, clients, {}, BrokenLadder), key=lambda one: (one.client.name, one.name)))


@dataclass(frozen=True, slots=True)
class Told:
    """An alert of an incident with its calls, as its page shows them.

    `held_back`: calls of contacts copied before the incident was restricted; they are given up when their hour comes.
    """

    alert: Alert
    calls: tuple[AlertCall, ...]
    held_back: tuple[AlertCall, ...] = ()

    @property
    def is_calling(self) -> bool:
        return self.alert.state == AlertState.CALLING

    @property
    def next_call(self) -> AlertCall | None:
        waiting = [one for one in self.calls if one.state == CallState.DUE and one not in self.held_back]
        return min(waiting, key=lambda one: (one.due_at, one.place), default=None)

    @property
    def left(self) -> int:
        """How many calls have left."""
        return sum(one.sent_at is not None for one in self.calls)

    @property
    def is_forgotten(self) -> bool:
        return self.is_calling and self.next_call is None


def of_incident(incident: Incident) -> tuple[Told, ...]:
    """The alerts of an incident, the last first, with their calls in the order of the ladder: two queries."""
    known = Alert.objects.filter(incident=incident).select_related("answered_by", "answered_contact", "silenced_by")
    alerts = list(known.order_by("-started_at", "-id")[:10])
    calls = (
        AlertCall.objects.filter(alert__in=alerts).select_related("person", "contact").order_by("place", "due_at", "id")
    )
    rows = list(calls)
    return tuple(_told(one, tuple(call for call in rows if call.alert_id == one.pk), incident) for one in alerts)


def _told(alert: Alert, calls: tuple[AlertCall, ...], incident: Incident) -> Told:
    contacts = (one for one in calls if one.state == CallState.DUE and one.contact_id)
    return Told(alert, calls, tuple(contacts) if incident.is_restricted else ())
