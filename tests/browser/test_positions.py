"""The words at hand: found, filled in, copied with one key, approved by somebody else."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import expect

from agency.models import Client, User
from clients.models import Position, PositionCopy
from clients.services import positions, reading
from clients.services.ingest import ingest
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.browser.test_client_rooms import Look
from tests.clients.rooms import feed, said, watch


@pytest.fixture
def words(house: House) -> tuple[Client, User, Position]:
    """A position in use with a blank and new words that wait, one that expired, a mention that asks for the first."""
    client = Client.objects.get(schema_name="maison_aldane")
    marie, ines = (house.person(role, client, full_name=name) for role, name in (("cm", "Marie Roy"), ("lead", "Inès")))
    now, today = timezone.now(), timezone.localdate()
    with schema_context(client.schema_name):
        brand = watch(["aldane"], brand="Maison Aldane", name="La marque").brand
        terms = positions.Terms(brand, "P-07", "Délais de remboursement", owner=ines, audience="Clients en ligne")
        texts = {
            "short_text": "Nous remboursons à {{ville}} sous quatorze jours.",
            "other_short_text": "In {{ville}}, refunds take fourteen days.",
            "do_not_say": "Jamais «\u00a0cas isolé\u00a0».",
        }
        first = positions.write(terms=terms, words=texts, by=marie, now=now)
        positions.approve(position=first, by=ines, today=today, now=now)
        newer = {**texts, "short_text": "Nous remboursons à {{ville}} sous dix jours."}
        positions.reword(position=first, words=newer, why="Le service client s’y engage", by=marie, now=now)
        Position.objects.create(
            brand=brand, code="P-08", title="Origine du lin", short_text="Il vient de Normandie.", approved_by=ines,
            approved_at=now, valid_until=today - timedelta(days=3),
        )  # fmt: skip
        ingest(source=feed(), raws=[said(1, "Aldane, toujours pas remboursée", published_at=now)], now=now)
        reading.read_new(reader=reading.Reader.shipped(), now=now)
    return client, ines, first


def test_the_pages_of_positions(look: Look, words: tuple[Client, User, Position]) -> None:
    client, ines, first = words
    pages = {"": "positions", f"{first.pk}/": "position", f"{first.pk}/mots/": "position-words"}
    for path, name in {**pages, f"{first.pk}/fiche/": "position-facts"}.items():
        look(f"/agence/positions/{path}", name, user=ines, client=client)
    look("/agence/tri/", "triage-position", user=ines, client=client)


def test_the_words_that_wait_at_the_clients(look: Look, house: House, words: tuple[Client, User, Position]) -> None:
    client, _ines, _first = words
    claire = house.person("approver", client, full_name="Claire Marchetti")
    for path, name in (("/mots-a-valider/", "portal-words"), ("/", "portal-home-to-approve")):
        look(path, name, user=claire, client=client)


def test_one_key_fills_in_copies_and_notes(house: House, eyes: Eyes, words: tuple[Client, User, Position]) -> None:
    client, ines, first = words
    page = eyes.open(cookies=house.signed_in(ines, client)).new_page()
    page.goto(house.url("/agence/tri/", client))
    page.keyboard.press("p")
    page.keyboard.type("Brest")
    page.keyboard.press("Enter")
    taken = page.locator("[data-take]").first
    expect(taken.locator("[data-take-said]")).not_to_be_empty()
    with schema_context(client.schema_name):
        copy = PositionCopy.objects.get()
        assert (copy.position, copy.text) == (first, "Nous remboursons à Brest sous quatorze jours.")
        assert copy.mention is not None and copy.by_id == ines.pk
    page.context.close()
