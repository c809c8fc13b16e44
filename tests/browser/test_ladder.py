"""The alert chain, its link and an alert that nobody answers, seen: light and dark, wide and narrow, no violation."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client
from clients.models import ApprovalPolicy, Contact
from clients.services import approval_policies, ladders
from incidents.models import Briefing, Incident
from incidents.services import acknowledgements, briefings, incidents, restriction
from tests import factories
from tests.browser.conftest import House
from tests.incidents.ladders import Night, night, on_call, proposal
from tests.incidents.test_incidents import ANSWERS

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


def test_restricted_while_it_calls_and_an_approval_nobody_can_give(house: House, look: Look) -> None:
    client, there = called(house)
    told = house.person("approver", client, full_name="Claire Marchand")
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        incident, now = Incident.objects.get(), timezone.now()
        incidents.confirm(incident=incident, title="Meute", lead=there.lead, answers=ANSWERS, by=there.lead, now=now)
        claire = Contact.objects.get()
        Contact.objects.update(email=told.email)
        briefings.brief(incident=incident, contacts=[claire], subject="Meute", body="Huit.", by=there.lead, now=now)
        Briefing.objects.update(state="sent", sent_at=now, email=told.email)
        ApprovalPolicy.objects.create().steps.create(rank=1, role="owner", needed=2)
        approval_policies.check_each(client=client, now=now)
        restriction.restrict(incident=incident, reason="Une personne est en cause.", by=there.lead, now=now)
        link = acknowledgements.address_of(Briefing.objects.get(), now).partition("/lu/")[2]
        acknowledgements.withdraw_link(briefing=Briefing.objects.get(), by=there.lead, now=now)
    look("/agence/incidents/1/", "alert-restricted", user=there.lead, client=client)
    look("/agence/chaine-d-alerte/", "approvals-checked", user=there.lead, client=client)
    look("/", "portal-told", user=told, client=client)
    look(f"/lu/{link}", "link-withdrawn", client=client, status=410)
