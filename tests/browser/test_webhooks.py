"""The webhooks as a director sees them: one that works, one that the machine stopped, and the log of one."""

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client
from clients.models import WebhookAttempt, WebhookDelivery
from clients.services import webhook_events, webhooks
from clients.webhook_events import CODES
from tests.browser.conftest import House
from tests.browser.eyes import Eyes

pytestmark = pytest.mark.browser
OPEN_ALL = """
    document.addEventListener("DOMContentLoaded", () =>
        document.querySelectorAll("details.more").forEach((one) => { one.open = true; }));
"""


def test_the_webhooks_and_the_log_of_one(house: House, eyes: Eyes) -> None:
    client, now = Client.objects.get(schema_name="maison_aldane"), timezone.now()
    director = house.person("director", full_name="Hélène Marchand")
    cookies = house.signed_in(director, client)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        told = {"client": client, "by": director, "now": now}
        url = "https://outils.aldane.example/crises/crochet?espace=communication-de-crise"
        endpoint, _secret = webhooks.make(url=url, events=CODES, description="Tableau de bord", **told)
        gone, _secret = webhooks.make(url="https://ancien-outil.aldane.example/", events=["incident.opened"], **told)
        webhooks.close(gone, "gone", now)
        for number, state in enumerate(("delivered", "failed", "due"), 1):
            facts = {"reference": f"INC-000{number}", "title": "Remboursements en retard", "severity": 2}
            event = webhook_events.note(kind="incident.opened", subject=f"incident/{number}", facts=facts, now=now)
            row = WebhookDelivery.objects.get(event=event)
            WebhookDelivery.objects.filter(pk=row.pk).update(state=state, tries=number - 1, delivered_at=now)
            WebhookAttempt.objects.create(
                delivery=row, at=now, status=500, milliseconds=84, answer="x" * 300, error="status"
            )
    eyes.look(house.url("/agence/webhooks/", client), "webhooks", cookies=cookies)
    page = house.url(f"/agence/webhooks/{endpoint.pk}/", client)
    eyes.look(page, "webhook", cookies=cookies, prepare=lambda shown: shown.add_init_script(OPEN_ALL))
    eyes.look(house.url(f"/agence/webhooks/{gone.pk}/", client), "webhook-stopped", cookies=cookies)
