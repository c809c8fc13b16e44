"""The situation report under the hand: its outputs follow the typing, nothing typed is lost, it leaves once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from agency.models import Client, User
from clients.models import Contact
from incidents.models import Briefing, Incident, SituationReport
from incidents.services import acknowledgements, briefings, incidents, situation_reports
from tests import factories
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.browser.test_incident import Look
from tests.incidents.letters import Letters
from tests.incidents.test_incidents import ANSWERS

SAID = "Huit comptes relaient, aucun client réel."


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


@pytest.fixture
def opened(lead: User) -> Incident:
    """An open incident whose client has two contacts: one acts, one decides and rests."""
    client, now = Client.objects.get(schema_name="maison_aldane"), timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        factories.contact()
        factories.contact("yann@aldane.test", name="Yann Keravel", wants="executive", rank=2)
        given = {"brand": factories.brand(), "title": "Moquerie", "started_at": now, "answers": ANSWERS}
        return incidents.open_by_hand(**given, lead=lead, by=lead, now=now)


@pytest.fixture
def page(house: House, eyes: Eyes, lead: User, opened: Incident) -> Page:
    client = Client.objects.get(schema_name="maison_aldane")
    context = eyes.open(width=1360)
    context.add_cookies(house.signed_in(lead, client))
    there = context.new_page()
    there.goto(house.url(f"/agence/incidents/{opened.number}/point/", client))
    return there


def issued() -> list[str]:
    with schema_context("maison_aldane"):
        return list(SituationReport.objects.values_list("bottom_line", flat=True))


def test_the_outputs_follow_the_typing_and_nothing_is_lost_without_a_network_or_a_session(
    page: Page, house: House, lead: User
) -> None:
    box, send = page.locator("[name=bottom_line]"), page.locator("form[data-compose] button.is-primary")
    box.fill(SAID)
    for where in ("plain", "email", "slack", "whatsapp", "executive"):
        expect(page.locator(f"#text-{where}")).to_contain_text(SAID)
    page.context.set_offline(True)
    send.click()
    expect(page.locator("[data-compose-state]")).not_to_be_empty()
    page.context.set_offline(False)
    address = page.url
    Session.objects.all().delete()
    send.click()
    page.wait_for_url(lambda url: url != address)
    page.context.add_cookies(house.signed_in(lead, Client.objects.get(schema_name="maison_aldane")))
    page.goto(address)
    expect(box).to_have_value(SAID)
    send.dblclick()
    page.wait_for_url(lambda url: "/point/" not in url)
    assert issued() == [SAID]
    page.goto(address)
    expect(box).not_to_have_value(SAID)  # it is sent: its draft is gone


def test_who_was_told_who_has_read_it_and_the_page_behind_the_link(
    opened: Incident, lead: User, look: Look, house: House
) -> None:
    client, now = Client.objects.get(schema_name="maison_aldane"), timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        then = now - timedelta(hours=2)
        contacts = list(Contact.objects.order_by("rank"))
        situation_reports.issue(
            incident=opened, bottom_line=SAID, expected="Valider P-07.", done="", do_not="", figures=[],
            next_at=then + timedelta(hours=1), is_last=False, contacts=contacts, by=lead, now=then,
        )  # fmt: skip
        for number in briefings.due(now=then):
            briefings.send(briefing_id=number, post=Letters(), now=then)
        first, second = Briefing.objects.order_by("contact__rank").select_related("contact", "incident")
        acknowledgements.acknowledge(briefing=first, now=then + timedelta(minutes=4))
        link = "/lu/" + acknowledgements.address_of(second, now).split("/lu/")[1]
    look(f"/agence/incidents/{opened.number}/point/1/", "told", user=lead, client=client)
    look("/agence/cadence/", "cadence", user=lead, client=client)
    look(link, "read", client=client)
