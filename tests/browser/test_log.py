"""The line being written is never lost: session ended, network dropped, page closed. One field, one key."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page, expect

from agency.models import Client, User
from incidents.models import Incident, Picture
from incidents.services import incidents
from tests import factories
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.incidents.test_incidents import ANSWERS
from tests.incidents.test_pictures import png

LINE = "il y a 5 min décision : on ne répond pas"
PUT_ON_THE_CLIPBOARD = """async (bytes) => navigator.clipboard.write([
    new ClipboardItem({"image/png": new Blob([new Uint8Array(bytes)], {type: "image/png"})})
])"""


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


@pytest.fixture
def page(house: House, eyes: Eyes, lead: User) -> Page:
    """The page of an open incident, in the hands of its lead."""
    client, now = Client.objects.get(schema_name="maison_aldane"), timezone.now()
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        given = {"brand": factories.brand(), "title": "Moquerie", "started_at": now, "answers": ANSWERS}
        incident = incidents.open_by_hand(**given, lead=lead, by=lead, now=now)
    context = eyes.open(width=1360)
    context.add_cookies(house.signed_in(lead, client))
    opened = context.new_page()
    opened.goto(house.url(f"/agence/incidents/{incident.number}/", client))
    return opened


def lines() -> list[str]:
    with schema_context("maison_aldane"):
        return [entry.text for entry in Incident.objects.get().entries.order_by("number")][1:]


def test_a_key_a_line_and_enter_with_what_was_understood_shown(page: Page) -> None:
    page.keyboard.press("l")
    page.keyboard.type(LINE)
    expect(page.locator("[data-log-understood]")).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(page.locator("#log-lines")).to_contain_text("on ne répond pas")
    assert lines() == ["on ne répond pas"]
    expect(page.locator("[name=text]").first).to_have_value("")  # and its draft is gone
    page.reload()
    expect(page.locator("[name=text]").first).to_have_value("")


def test_a_line_survives_a_closed_page_and_an_ended_session(page: Page, house: House, lead: User) -> None:
    page.locator("[name=text]").first.fill(LINE)
    page.keyboard.press("Escape")
    address = page.url
    Session.objects.all().delete()
    page.get_by_role("button", name="Ajouter à la main courante").click()
    assert page.url != address
    page.context.add_cookies(house.signed_in(lead, Client.objects.get(schema_name="maison_aldane")))
    page.goto(address)
    expect(page.locator("[name=text]").first).to_have_value(LINE)
    page.get_by_role("button", name="Ajouter à la main courante").click()
    page.wait_for_url("**#log")
    assert lines() == ["on ne répond pas"]


def test_without_a_network_the_line_stays_and_is_sent_once_it_is_back(page: Page) -> None:
    page.locator("[name=text]").first.fill(LINE)
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("[data-log-state]")).not_to_be_empty()
    page.context.set_offline(False)
    page.locator("[name=text]").first.press("Enter")
    page.wait_for_url("**#log")
    assert lines() == ["on ne répond pas"]


def test_a_key_chooses_the_kind_and_the_hand_is_in_the_line(page: Page) -> None:
    page.keyboard.press("d")
    page.keyboard.type("On attend")
    page.keyboard.press("Enter")
    page.wait_for_url("**#log")
    with schema_context("maison_aldane"):
        assert Incident.objects.get().entries.latest("number").kind == "decision"


def test_a_picture_is_pasted_shown_before_it_leaves_and_sealed_with_its_line(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("l")
    page.keyboard.type("La capture du premier message")
    page.evaluate(PUT_ON_THE_CLIPBOARD, list(png(240, 120)))
    page.keyboard.press("Control+V")
    expect(page.locator("[data-picture] img")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#log-lines .evidence img")).to_be_visible()
    assert page.locator(".evidence img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 240
    assert page.evaluate("window.__violations") == []
    with schema_context("maison_aldane"):
        assert Picture.objects.get().entry.text == "La capture du premier message"
