"""What is owed after incidents, across the clients a person may see: late follow-ups and debriefs, one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from agency.models import Client, User
from incidents.selectors.of_clients import ask

MOST_OF_ONE_CLIENT = 20
_OWED = """
(SELECT {client}, 'follow_up', i.number, f.words, f.due_on, f.owner_id, f.owner_name
FROM {schema}.incidents_followup f JOIN {schema}.incidents_incident i ON i.id = f.incident_id
WHERE f.state = 'open' AND f.due_on < {today} AND {seen} ORDER BY f.due_on, f.id LIMIT {most})
UNION ALL
(SELECT {client}, 'debrief_' || d.kind, i.number, i.title, (d.planned_at AT TIME ZONE {zone})::date, d.host_id, ''
FROM {schema}.incidents_debrief d JOIN {schema}.incidents_incident i ON i.id = d.incident_id
WHERE d.signed_at IS NULL AND d.planned_at < {now} AND {seen} ORDER BY d.planned_at, d.id LIMIT {most})
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """A follow-up or a debrief (`debrief_hot`, `debrief_cold`) whose day has passed, and who owes it."""

    client: Client
    kind: str
    incident: int
    words: str
    due_on: date
    owner_id: int | None
    owner_name: str

    @property
    def reference(self) -> str:
        return f"INC-{self.incident:04d}"


def owed(clients: Sequence[Client], *, person: User, now: datetime) -> tuple[Owed, ...]:
    """What is late, the person's own first, then the latest."""
    values = {
        "person": person,
        "now": now,
        "today": timezone.localdate(now),
        "most": MOST_OF_ONE_CLIENT,
        "zone": timezone.get_current_timezone_name(),
    }
    found: list[Owed] = ask(_OWED, clients, values, Owed)
    return tuple(sorted(found, key=lambda one: (one.owner_id != person.pk, one.due_on, one.client.pk, one.incident)))
