"""From the alert on the desk to an incident confirmed: at most 30 seconds and 6 keystrokes, no mouse."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from agency.models import Client, User
from incidents.models import Incident
from incidents.services import reading, watch
from tests import factories
from tests.browser.conftest import House
from tests.browser.eyes import Eyes

MOST_KEYS, MOST_SECONDS = 6, 30


@pytest.fixture
def lead(house: House) -> User:
    client = Client.objects.get(schema_name="maison_aldane")
    now = timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        heard_by = factories.watch()
        factories.quiet_weeks(heard_by, now - timedelta(minutes=40))
        factories.strike(heard_by, now - timedelta(minutes=40), accounts=30, minutes=30)
        watch.look(now=now)
        reading.read(incident=Incident.objects.get(), now=now)
    return house.person("lead", client)


def stored() -> Incident:
    with schema_context("maison_aldane"):
        return Incident.objects.select_related("lead").get()


class Keyboard:
    """Keys pressed one by one, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1


def test_an_alert_is_confirmed_in_six_keys_and_half_a_minute(house: House, eyes: Eyes, lead: User) -> None:
    context = eyes.open(width=1360)
    context.add_cookies(house.signed_in(lead))
    page = context.new_page()
    page.goto(house.url("/"))
    expect(page.locator("[data-key=g]")).to_be_visible()
    hand, began = Keyboard(page), time.monotonic()
    hand.press("g")
    page.wait_for_url("**/incidents/1/")
    hand.press("c")
    page.wait_for_url("**/confirmer/")
    expect(page.locator("[data-take] button")).to_be_visible()
    hand.press("a")
    expect(page.locator("[data-taken]")).not_to_be_empty()
    hand.press("Enter")
    page.wait_for_url("**/incidents/1/")
    took = time.monotonic() - began
    print(f"{hand.pressed} keys, {took:.1f} s from the desk to the incident confirmed")
    opened = stored()
    assert (opened.state, opened.lead) == ("open", lead)
    assert (hand.pressed <= MOST_KEYS, took <= MOST_SECONDS) == (True, True)


def test_one_two_three_answer_the_next_question_and_a_switched_off_key_answers_none(
    house: House, eyes: Eyes, lead: User
) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    context = eyes.open(width=1360)
    context.add_cookies(house.signed_in(lead, client))
    page = context.new_page()
    page.goto(house.url("/agence/incidents/1/confirmer/", client))
    for key in ("2", "2", "1", "3", "2"):
        page.keyboard.press(key)
    answers = page.locator("[data-answers] [type=radio]:checked")
    assert answers.evaluate_all("all => all.map((one) => one.value)") == ["no", "no", "yes", "unknown", "no"]
    expect(page.locator("[data-answers] button[type=submit]")).to_be_focused()
    lead.uses_keys = False
    lead.save(update_fields=["uses_keys"])
    page.reload()
    page.keyboard.press("a")
    expect(answers).to_have_count(0)
