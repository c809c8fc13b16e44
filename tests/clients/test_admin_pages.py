"""The stock pages of the client's rooms: who may change what, in how many questions, and what is said."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import Client
from clients.admin.imports import FIELD_WORDS
from clients.choices import ImportState
from clients.listening.tables.columns import FIELDS
from clients.models import Brand, Contact, MentionImport, Watch
from clients.services import imports
from tests.clients.rooms import watch
from tests.conftest import NOW, MakePerson
from tests.loopback import Site, serving

Visit = Callable[..., Browser]
PAGES = ["brand", "watch", "contact"]
CSV = "quand;qui;texte\n17/11/2026 21:58;marie_c;Rien reçu\nhier;lea;Date fausse\n"


@pytest.fixture
def lead(aldane: Client, person: MakePerson, visit: Visit) -> Browser:
    return visit(person("lead", aldane, email="ines@rempart.test"), aldane)


@pytest.fixture
def cm(aldane: Client, person: MakePerson, visit: Visit) -> Browser:
    return visit(person("cm", aldane), aldane)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def fill() -> None:
    for n in range(12):
        watch([f"mot{n}"], brand=f"Marque {n}")
        Contact.objects.create(name=f"Contact {n}", email=f"c{n}@client.test")


@pytest.mark.parametrize("page", PAGES)
def test_a_list_asks_the_same_questions_whatever_its_length(
    lead: Browser, page: str, django_assert_max_num_queries: Any
) -> None:
    fill()
    with django_assert_max_num_queries(22):  # 11, each of which says its schema first
        assert lead.get(f"/agence/clients/{page}/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_lead_adds_and_a_cm_only_reads(lead: Browser, cm: Browser, page: str) -> None:
    assert lead.get(f"/agence/clients/{page}/add/").status_code == 200
    assert cm.get(f"/agence/clients/{page}/add/").status_code == 403
    assert cm.get(f"/agence/clients/{page}/").status_code == 200


def test_a_watch_is_written_with_commas_and_matched_with_the_past(lead: Browser, aldane: Client) -> None:
    brand = Brand.objects.create(name="Aldane")
    form = {
        "brand": brand.pk, "name": "Livraison", "include": "Aldane, @aldane,, aldane.fr,", "exclude": "",
        "ignored_authors": "", "false_alarms_per_month": "1", "is_active": "on",
    }  # fmt: skip
    assert lead.post("/agence/clients/watch/add/", form).status_code == 302
    with schema_context(aldane.schema_name):
        made = Watch.objects.get()
        assert (made.include, made.exclude, made.rematched_to) == (["Aldane", "@aldane", "aldane.fr"], [], 0)
        Watch.objects.update(rematched_to=None)
    same_words = {**form, "name": "Autre nom", "include": "Aldane, @aldane, aldane.fr"}
    lead.post(f"/agence/clients/watch/{made.pk}/change/", same_words)
    with schema_context(aldane.schema_name):
        assert Watch.objects.get().rematched_to is None


def test_every_field_of_a_mention_has_its_words() -> None:
    assert set(FIELD_WORDS) == FIELDS


def test_an_import_goes_from_the_file_to_its_errors(cm: Browser, aldane: Client) -> None:
    sent = cm.post("/agence/imports/", {"file": SimpleUploadedFile("export.csv", CSV.encode()), "source_name": ""})
    assert sent.status_code == 302
    columns = cm.get(sent["Location"]).content.decode()
    assert "Rien reçu" in columns and "cp1252" not in columns
    form = {"text": "texte", "published_at": "quand", "author_handle": "qui", "timezone": "Europe/Paris"}
    assert cm.post(sent["Location"], form).status_code == 302
    assert "0" in cm.get(sent["Location"]).content.decode()
    with schema_context(aldane.schema_name):
        importing = MentionImport.objects.get()
        assert importing.state == ImportState.READY
        imports.run(importing=importing, clock=lambda: NOW)
    assert "hier" in cm.get(sent["Location"]).content.decode()
    listed = cm.get(f"{sent['Location']}erreurs.csv")
    assert listed["Content-Type"] == "text/csv; charset=utf-8" and "3;quand;" in listed.content.decode()


def test_other_columns_are_looked_at_before_anything_is_taken_in(cm: Browser, aldane: Client) -> None:
    sent = cm.post("/agence/imports/", {"file": SimpleUploadedFile("export.csv", CSV.encode()), "source_name": ""})
    form = {"text": "texte", "published_at": "quand", "author_handle": "qui", "timezone": "Europe/Paris", "look": "1"}
    page = cm.post(sent["Location"], form).content.decode()
    assert "17/11" in page or "17 nov" in page
    assert "hier" in page
    with schema_context(aldane.schema_name):
        assert MentionImport.objects.get().state == ImportState.WAITING


def test_the_next_export_of_the_same_shape_needs_one_click(cm: Browser, aldane: Client) -> None:
    form = {"text": "texte", "published_at": "quand", "author_handle": "qui", "timezone": "Europe/Paris"}
    for name in ("un.csv", "deux.csv"):
        sent = cm.post("/agence/imports/", {"file": SimpleUploadedFile(name, CSV.encode()), "source_name": ""})
        page = cm.get(sent["Location"]).content.decode()
        shown = dict(re.findall(r'<select name="(\w+)".*?<option value="([^"]+)" selected', page, re.S))
        assert cm.post(sent["Location"], form if name == "un.csv" else shown).status_code == 302
    assert "un.csv" in page
    with schema_context(aldane.schema_name):
        assert set(MentionImport.objects.values_list("state", flat=True)) == {ImportState.READY}


def test_an_import_is_stopped_from_its_page(cm: Browser, aldane: Client) -> None:
    sent = cm.post("/agence/imports/", {"file": SimpleUploadedFile("export.csv", CSV.encode()), "source_name": ""})
    assert cm.post(f"{sent['Location']}arreter/").status_code == 302
    with schema_context(aldane.schema_name):
        assert MentionImport.objects.get().state == ImportState.STOPPED
    assert cm.get(sent["Location"]).status_code == 200


def test_a_file_that_is_no_table_is_refused_on_its_page(cm: Browser, aldane: Client) -> None:
    workbook = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 workbook")
    answer = cm.post("/agence/imports/", {"file": workbook, "source_name": ""})
    assert answer.status_code == 422 and "errorlist" in answer.content.decode()
    with schema_context(aldane.schema_name):
        assert not MentionImport.objects.exists()


def test_columns_that_are_not_there_are_refused(cm: Browser, aldane: Client) -> None:
    sent = cm.post("/agence/imports/", {"file": SimpleUploadedFile("export.csv", CSV.encode()), "source_name": ""})
    answer = cm.post(sent["Location"], {"text": "absente", "published_at": "quand", "timezone": "Europe/Paris"})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()


def test_the_other_clients_import_is_not_found(
    cm: Browser, tramontel: Client, person: MakePerson, visit: Visit
) -> None:
    sent = cm.post("/agence/imports/", {"file": SimpleUploadedFile("export.csv", CSV.encode()), "source_name": ""})
    stranger = visit(person("cm", tramontel), tramontel)
    assert stranger.get(sent["Location"]).status_code == 404
