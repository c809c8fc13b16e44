"""The clients' tools that the machine stopped telling, across the clients a person may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from agency.models import Client
from incidents.selectors.of_clients import ask

_STOPPED = """
SELECT {client}, e.id, coalesce(nullif(e.description, ''), substring(e.url FROM '://([^/:?#]+)'))
FROM {schema}.clients_webhookendpoint e WHERE NOT e.is_active AND e.stopped_because IN ('gone', 'exhausted')
"""


@dataclass(frozen=True, slots=True)
class StoppedWebhook:
    """A tool that is told nothing any more; a director starts it again, or leaves it stopped."""

    client: Client
    number: int
    name: str


def stopped_webhooks(clients: Sequence[Client]) -> tuple[StoppedWebhook, ...]:
    """By client and name, in one query."""
    found = ask(_STOPPED, clients, {}, StoppedWebhook)
    return tuple(sorted(found, key=lambda one: (one.client.name, one.name, one.number)))
