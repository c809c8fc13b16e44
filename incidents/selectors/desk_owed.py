"""What is owed after incidents, across the clients a person may see: late follow-ups and debriefs, one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from agency.models import Client, User
from incidents.selectors.of_clients import ask

MOST_OF_ONE_CLIENT = 20
FARTHEST = timedelta(hours=14)  # no clock on Earth is further ahead of UTC
_OWED = """
(SELECT {client}, 'follow_up', i.number, f.words, f.due_on, NULL::timestamptz, f.owner_id, f.owner_name
FROM {schema}.incidents_followup f JOIN {schema}.incidents_incident i ON i.id = f.incident_id
WHERE f.state = 'open' AND f.due_on < {latest} AND {seen} ORDER BY f.due_on, f.id LIMIT {most})
UNION ALL
(SELECT {client}, 'debrief_' || d.kind, i.number, i.title, NULL, d.planned_at, d.host_id, ''
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
        "latest": (now.astimezone(UTC) + FARTHEST).date(),
        "most": MOST_OF_ONE_CLIENT,
    }
    asked: list[tuple[Owed, date]] = ask(_OWED, clients, values, lambda client, *row: _owed(client, now, *row))
    found = [one for one, today in asked if one.kind != "follow_up" or one.due_on < today]
    return tuple(sorted(found, key=lambda one: (one.owner_id != person.pk, one.due_on, one.client.pk, one.incident)))


def _owed(client: Client, now: datetime, kind: str, incident: int, words: str, *when_and_who: Any) -> tuple[Owed, date]:
    """What is owed, its day where the client lives, and the day it is there now."""
    due_on, planned_at, owner_id, owner_name = when_and_who
    zone = ZoneInfo(client.timezone)
    day = due_on or planned_at.astimezone(zone).date()
    return Owed(client, kind, incident, words, day, owner_id, owner_name), now.astimezone(zone).date()
