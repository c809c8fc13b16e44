"""The reading of an attack and the page of an account, seen: light and dark, wide and narrow, and by keyboard alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import Page

from agency.models import Client, User
from clients.models import Mention
from incidents.models import Incident, IncidentMention, ParticipantRole
from incidents.services import incidents, reading, roles
from tests import factories
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.incidents.test_incidents import ANSWERS

TOGETHER = (
    "Demandez donc à @Aldane où est passé votre argent, tout est là https://farce.example/a",
    "Trois semaines pour un drap, @Aldane se moque de nous, relisez ceci https://farce.example/b",
)
PRESSES = 80  # of the Tab key, at most, from the top of the page to what is looked for


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


@pytest.fixture
def struck(lead: User) -> Incident:
    """Three hours of a strike: an origin, six accounts that act together, press in cc, customers and an onlooker."""
    now = timezone.now()
    begun = now - timedelta(hours=3)
    with schema_context("maison_aldane"):
        connection.set_tenant(Client.objects.get(schema_name="maison_aldane"))
        incident = incidents.open_by_hand(
            brand=factories.brand(), title="Coup", started_at=begun, lead=lead, answers=ANSWERS, by=lead, now=begun
        )
        first = _heard(incident, 0, "origine", "Quelle honte, @Aldane. cc @lemondefr @dgccrf", "attack_brand")
        for number in range(6):
            _heard(incident, 2 + number, f"suite_{number}", TOGETHER[0], "attack_brand", first.external_id)
            _heard(incident, 9 + number, f"suite_{number}", TOGETHER[1], "attack_brand", first.external_id)
        for number in range(30):
            _heard(incident, 20 + 4 * number, f"cliente_{number}", f"Où est ma commande {number} ?", "complaint")
        _heard(incident, 40, "fan", "🍿🍿", "popcorn", first.external_id)
        reading.read(incident=incident, now=now)
        return incident


def _heard(incident: Incident, minute: int, handle: str, text: str, intent: str, reply_to: str = "") -> Mention:
    row = factories.mention(text, incident.started_at + timedelta(minutes=minute), handle=handle)
    attack = "yes" if intent == "attack_brand" else "no"
    Mention.objects.filter(pk=row.pk).update(intent=intent, attack=attack, reply_to=reply_to)
    IncidentMention.objects.create(incident=incident, mention=row, attached_at=incident.started_at)
    return row


def test_the_reading_and_an_account_hold_every_bar(house: House, eyes: Eyes, lead: User, struck: Incident) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    with schema_context(client.schema_name):
        wronged = ParticipantRole.objects.get(author__handle="suite_0").author_id
        roles.decide(incident=struck, author_id=wronged, role="", by=lead, now=timezone.now())
    signed_in = house.signed_in(lead, client)
    eyes.look(house.url(f"/agence/incidents/{struck.number}/lecture/", client), "reading", cookies=signed_in)
    eyes.look(house.url(f"/agence/tri/comptes/{wronged}/", client), "account", cookies=signed_in)


def test_a_role_is_changed_and_taken_back_by_keyboard_alone(
    house: House, eyes: Eyes, lead: User, struck: Incident
) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    page = eyes.open(cookies=house.signed_in(lead, client)).new_page()
    page.goto(house.url(f"/agence/incidents/{struck.number}/lecture/", client))
    _tab_to(page, ".decide summary")
    page.keyboard.press("Enter")
    _tab_to(page, ".decide select")
    page.keyboard.press("End")  # the last choice: no role, the machine is wrong
    _tab_to(page, ".decide details button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _states() == {"removed"}
    _tab_to(page, ".decide > form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert _states() == set()


def _tab_to(page: Page, wanted: str) -> None:
    for _press in range(PRESSES):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} is out of the keyboard's reach")


def _states() -> set[str]:
    """What people said so far."""
    with schema_context("maison_aldane"):
        return set(ParticipantRole.objects.exclude(state="presumed").values_list("state", flat=True))
