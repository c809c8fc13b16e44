"""Endpoints of the client's tools, what they were told and what is due."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from agency.across import across_clients
from clients.choices import DeliveryState
from clients.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

SHOWN = 100  # deliveries on an endpoint's page

# Who has something to send and nobody sending: see services.webhook_sending.claim, which decides. Oldest first.
_DUE = """
SELECT {name}, e.id, min(d.due_at) FROM {schema}.clients_webhookdelivery d
JOIN {schema}.clients_webhookendpoint e ON e.id = d.endpoint_id
JOIN {schema}.clients_webhookevent v ON v.id = d.event_id
WHERE d.state = 'due' AND d.due_at <= %(now)s AND e.is_active AND (e.quiet_until IS NULL OR e.quiet_until <= %(now)s)
    AND v.withheld_at IS NULL AND v.kind <> 'webhook.test'
    AND NOT EXISTS (
        SELECT FROM {schema}.clients_webhookdelivery c WHERE c.endpoint_id = e.id AND c.claimed_until > %(now)s
    )
GROUP BY e.id
"""


def endpoints_due(now: datetime) -> list[tuple[str, int]]:
    """(schema, endpoint) of all clients' endpoints that something waits for, the longest wait first."""
    rows = across_clients(_DUE, {"now": now})
    return [(str(name), int(number)) for name, number, _since in sorted(rows, key=lambda row: row[2])]


def endpoints() -> QuerySet[WebhookEndpoint]:
    """The client's endpoints with how much waits (`waiting`) and how much was given up (`failed`)."""
    return WebhookEndpoint.objects.select_related("by").annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.DUE)),
        failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
    )


@dataclass(frozen=True)
class Told:
    """The last deliveries of an endpoint, newest first, and how many there are in all."""

    shown: list[WebhookDelivery]
    count: int


def told(endpoint: WebhookEndpoint, state: str = "") -> Told:
    """The endpoint's deliveries, all of them or those in one state, with their events and attempts."""
    rows = WebhookDelivery.objects.filter(endpoint=endpoint)
    rows = rows.filter(state=state) if state in DeliveryState.values else rows
    attempts = Prefetch("attempts", WebhookAttempt.objects.order_by("-at", "-id"))
    found = rows.select_related("event", "endpoint").prefetch_related(attempts).order_by("-event_id")
    return Told(list(found[:SHOWN]), rows.count())
