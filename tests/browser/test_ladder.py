"""The alert chain, its link and an alert that nobody answers, seen: light and dark, wide and narrow, no violation."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client
from clients.services import ladders
from tests import factories
from tests.browser.conftest import House
from tests.incidents.ladders import Night, night, on_call, proposal

Look = Callable[..., None]


def called(house: House) -> tuple[Client, Night]:
    """A proposal of ten minutes ago: one address refused, the next person called; another that nobody was told of."""
    client, ago = Client.objects.get(schema_name="maison_aldane"), timezone.now() - timedelta(minutes=12)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        there = night(client, house.person)
        for one, rank in ((there.cm, "primary"), (there.backup, "backup")):
            on_call(one, client, rank=rank, hours=24 * 365)
        factories.contact(position="Directrice de la communication", phone="+33 1 99 00 10 11")
        ladders.propose_default(by=there.lead, client=client, now=ago)
        there.post.refused.add(there.cm.email)
        proposal(ago)
        there.ring(ago)
    return client, there


def test_the_alert_chain_its_link_and_the_band(house: House, look: Look) -> None:
    client, there = called(house)
    look("/agence/chaine-d-alerte/", "alert-chain", user=there.lead, client=client)
    look("/agence/incidents/1/", "alert-calling", user=there.lead, client=client)
    look("/", "desk-alert", user=there.lead)
    look(there.link(), "alert-link", client=client)
