"""A client's tool is told by the house's own clock and worker, which dies with a message in hand: nothing is lost, and
the tool hears each incident in its order.
"""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_tenants.utils import schema_context

from agency.models import Client, Membership, User
from clients.models import WebhookDelivery, WebhookEvent
from clients.services import webhooks
from clients.webhook_events import CODES
from incidents.models import Incident
from incidents.services import incidents
from tests import factories
from tests.clients.webhook_receiver import receiver
from tests.flows.processes import celery, kill, listener, wait_until
from tests.incidents.test_incidents import ANSWERS


def opened(lead: User) -> Incident:
    now = datetime.now(UTC)
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=now, lead=lead, answers=ANSWERS, by=lead, now=now
    )


def closed(incident: Incident, lead: User) -> None:
    incidents.assess(incident=incident, answers=ANSWERS, by=lead, now=datetime.now(UTC))
    incidents.close(incident=incident, note="Tout va.", unmet="Calme.", by=lead, now=datetime.now(UTC))


@pytest.mark.usefixtures("committed")
def test_a_worker_killed_with_a_message_in_hand_loses_nothing_and_keeps_the_order(tmp_path: Path) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    lead = User.objects.create_user("l@rempart.test", full_name="Lead")
    Membership.objects.create(user=lead, client=client, role="lead")
    with (
        receiver() as tool,
        schema_context(client.schema_name),
        celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile="),
    ):
        connection.set_tenant(client)
        secret = webhooks.make(client=client, url=tool.url, events=CODES, by=lead, now=datetime.now(UTC))[1]
        hangs = tool.released = threading.Event()
        first = opened(lead)
        with listener() as struck:
            wait_until(lambda: bool(tool.got))
            kill(struck)
        assert WebhookDelivery.objects.get().state == "due"  # the tool has it, and nobody here knows
        closed(first, lead)
        second = opened(lead)
        closed(second, lead)
        hangs.set()
        tool.released = None
        WebhookDelivery.objects.update(claimed_until=datetime.now(UTC) - timedelta(seconds=1))  # a minute passes
        with listener():
            wait_until(lambda: not WebhookDelivery.objects.exclude(state="delivered").exists())
        heard = [one.checked(secret) for one in tool.got]
        assert tool.got[0].headers["webhook-id"] == tool.got[1].headers["webhook-id"]  # once more, and known by it
        assert [one["seq"] for one in heard[1:]] == list(
            WebhookEvent.objects.order_by("id").values_list("id", flat=True)
        )
        for incident in (first, second):
            told = [one["type"] for one in heard[1:] if one["data"]["incident"] == incident.number]
            assert told == ["incident.opened", "incident.updated", "incident.closed"]
