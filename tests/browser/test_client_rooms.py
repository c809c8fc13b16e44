"""The client's rooms in peace: the list to sort, imports, sources, positions, watches."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import expect

from agency.models import Client, User
from clients.models import MentionImport, Position
from clients.services import imports, reading
from clients.services.ingest import ingest
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.clients.rooms import feed, said, watch

pytestmark = pytest.mark.browser
Look = Callable[..., None]
SAID = (
    ("marie_c", 240, "Trois semaines que j’attends mon remboursement, toujours rien. Personne ne répond."),
    ("cm_rapid", 15_300, "@MaisonAldane trois semaines pour un remboursement, vraiment ? cc @directrice @consofr"),
    ("lea_social", 120, "Je sors le popcorn"),
    ("jules_tw", 860, "Ça sent le rétropédalage chez @MaisonAldane"),
    ("noe.b", 90, "Quelqu’un a le numéro du service client de Maison Aldane ?"),
    ("avocat_conso", 5_400, "J’ai saisi mon avocat, Maison Aldane recevra une mise en demeure cette semaine."),
    ("amie_lin", 310, "Un confrère, franchement ? Courage à l’équipe, vos draps sont superbes."),
)
CSV = "date;auteur;texte\n17/11/2026 21:58;marie_c;Rien reçu\nhier;lea;Date fausse\n17/11/2026;demi\n"


@pytest.fixture
def aldane_desk(house: House) -> tuple[Client, User]:
    """Seven posts of the last hour, read; a position; a watch; two sources, one of which does not answer."""
    client = Client.objects.get(schema_name="maison_aldane")
    ines = house.person("lead", client, full_name="Inès Caron")
    now = timezone.now()
    with schema_context(client.schema_name):
        brand = watch(["aldane", "@maisonaldane"], brand="Maison Aldane", name="La marque").brand
        Position.objects.create(
            brand=brand, code="P-07", title="Délais de remboursement", approved_by=ines, approved_at=now,
            short_text="Nous remboursons sous quatorze jours.", valid_until=(now + timedelta(days=75)).date(),
        )  # fmt: skip
        Position.objects.create(
            brand=brand, code="P-08", title="Origine du lin", short_text="Le lin vient de Normandie."
        )
        source = feed("Presse régionale", last_success_at=now)
        feed("Forum des clients", failures=3, last_error="le site ne répond pas", due_at=now + timedelta(hours=1))
        raws = [
            said(n, text, author_handle=handle, followers=followers, published_at=now - timedelta(minutes=3 * n))
            for n, (handle, followers, text) in enumerate(SAID)
        ]
        ingest(source=source, raws=raws, now=now)
        reading.read_new(reader=reading.Reader.shipped(), now=now)
    return client, ines


def test_the_list_to_sort(look: Look, aldane_desk: tuple[Client, User]) -> None:
    client, ines = aldane_desk
    look("/agence/tri/", "triage", user=ines, client=client)
    look("/agence/tri/?vue=ecartees", "triage-empty", user=ines, client=client)


def test_a_strike_is_sorted_by_keys_alone(house: House, eyes: Eyes, aldane_desk: tuple[Client, User]) -> None:
    client, ines = aldane_desk
    page = eyes.open(cookies=house.signed_in(ines, client)).new_page()
    page.goto(house.url("/agence/tri/", client))
    page.keyboard.press("j")
    expect(page.locator("#pane blockquote")).to_contain_text("trois semaines pour un remboursement, vraiment")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("1 mention")
    assert page.locator("#mentions .row").count() == len(SAID) - 1
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("2 mentions")
    eyes.keep(page, "triage-toast")
    page.keyboard.press("z")
    expect(page.locator("#mentions .row")).to_have_count(len(SAID) - 1)


def test_the_stock_pages(look: Look, aldane_desk: tuple[Client, User]) -> None:
    client, ines = aldane_desk
    look("/agence/positions/", "client-positions", user=ines, client=client)
    look("/agence/clients/watch/", "client-watchs", user=ines, client=client)
    look("/agence/clients/watch/add/", "client-watch-add", user=ines, client=client)


def test_an_import_from_the_file_to_its_errors(look: Look, aldane_desk: tuple[Client, User]) -> None:
    client, ines = aldane_desk
    look("/agence/imports/", "imports-empty", user=ines, client=client)
    with schema_context(client.schema_name):
        file = SimpleUploadedFile("export.csv", CSV.encode())
        made = imports.receive(file=file, source_name="", by=ines)
    look(f"/agence/imports/{made.pk}/", "import-columns", user=ines, client=client)
    with schema_context(client.schema_name):
        imports.start(importing=made, mapping=made.mapping, timezone="Europe/Paris", network="x", now=timezone.now())
    look(f"/agence/imports/{made.pk}/", "import-waiting", user=ines, client=client)
    with schema_context(client.schema_name):
        imports.run(importing=MentionImport.objects.get(), clock=timezone.now)
    look(f"/agence/imports/{made.pk}/", "import-done", user=ines, client=client)
    look("/agence/imports/", "imports", user=ines, client=client)
