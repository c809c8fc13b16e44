"""Files and addresses, as staff see them: looked at before, under way, over; opened once and listed."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import schema_context
from openpyxl import Workbook
from playwright.sync_api import expect

from agency.models import Client, User
from clients.models import MentionImport
from clients.services import imports, inbound
from tests.browser.conftest import House
from tests.browser.eyes import Eyes

pytestmark = pytest.mark.browser
Look = Callable[..., None]
HEADER = ("Date", "Time", "Document ID", "URL", "Author Handle", "Title", "Opening Text", "Hit Sentence", "Reach")
ROWS = (
    (
        "20-Nov-2026",
        "07:15PM",
        "v1",
        "https://gazette.example/1",
        "@marie_c",
        "Bagages",
        "…",
        "Trois heures à quai",
        350,
    ),
    ("hier", "07:16PM", "v2", "https://gazette.example/2", "@noe.b", "Bagages", "…", "Personne ne répond", 120),
    (
        "20-Nov-2026",
        "06:50PM",
        "v3",
        "https://gazette.example/3",
        "",
        "Un vol sans bagages",
        "…",
        "Tout un vol",
        48_000,
    ),
)


def workbook() -> bytes:
    """An export of Meltwater's, three lines of preamble included."""
    book, content = Workbook(), BytesIO()
    for row in (("Recherche : Aldane",), (), HEADER, *ROWS):
        book.worksheets[0].append(row)
    book.create_sheet("Lisez-moi").append(["Export"])
    book.save(content)
    return content.getvalue()


@pytest.fixture
def desk(house: House) -> tuple[Client, User]:
    client = Client.objects.get(schema_name="maison_aldane")
    return client, house.person("lead", client, full_name="Inès Caron")


def handed_in(desk: tuple[Client, User], name: str) -> MentionImport:
    client, ines = desk
    with schema_context(client.schema_name):
        return imports.receive(file=SimpleUploadedFile(name, workbook()), source_name="", by=ines)


def test_an_import_is_looked_at_and_followed(look: Look, desk: tuple[Client, User]) -> None:
    client, ines = desk
    made = handed_in(desk, "meltwater-semaine-47.xlsx")
    look(f"/agence/imports/{made.pk}/", "import-look", user=ines, client=client)
    with schema_context(client.schema_name):
        imports.start(importing=made, mapping=made.mapping, timezone="Europe/Paris", network="", now=timezone.now())
        MentionImport.objects.update(
            state="running", rows_total=48_000, rows_done=12_000, fraction=0.25, new_count=11_200, known_count=780,
            problem_count=20, started_at=timezone.now() - timedelta(seconds=40),
            claimed_until=timezone.now() + timedelta(minutes=1),
        )  # fmt: skip
    look(f"/agence/imports/{made.pk}/", "import-running", user=ines, client=client)
    again = handed_in(desk, "meltwater-semaine-48.xlsx")
    look(f"/agence/imports/{again.pk}/", "import-known-shape", user=ines, client=client)
    with schema_context(client.schema_name):
        imports.stop(importing=MentionImport.objects.get(pk=made.pk), now=timezone.now())
    look(f"/agence/imports/{made.pk}/", "import-stopped", user=ines, client=client)


def test_addresses_for_tools(look: Look, desk: tuple[Client, User]) -> None:
    client, ines = desk
    look("/agence/ecoute/adresses/", "inbound-empty", user=ines, client=client)
    with schema_context(client.schema_name):
        source = inbound.source_for(name="Zapier")
        inbound.open_address(source=source, client=client, by=ines, now=timezone.now(), signing_secret="clef")
    look("/agence/ecoute/adresses/", "inbound", user=ines, client=client)


def test_an_address_is_shown_once(house: House, eyes: Eyes, desk: tuple[Client, User]) -> None:
    client, ines = desk
    page = eyes.open(cookies=house.signed_in(ines, client)).new_page()
    page.goto(house.url("/agence/ecoute/adresses/", client))
    page.locator("#id_name").fill("Zapier")
    page.locator("main form.card button[type=submit]").click()
    expect(page.locator("#secret")).to_contain_text("/api/v1/inbound/")
    eyes.keep(page, "inbound-made")
