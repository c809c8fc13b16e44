"""The client decides which words are used: who may, what is read, and that reading decides nothing."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import AuditEvent, Client, User
from clients.models import Brand, Position
from clients.services import positions
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]
PAGE = "/mots-a-valider/"


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def claire(aldane: Client, person: MakePerson) -> User:
    return person("approver", aldane)


@pytest.fixture
def approver(aldane: Client, claire: User, visit: Visit) -> Browser:
    return visit(claire, aldane)


@pytest.fixture
def position(aldane: Client, marie: User) -> Position:
    terms = positions.Terms(brand=Brand.objects.create(name="Aldane"), code="P-01", title="Délais")
    return positions.write(terms=terms, words={"short_text": "Sous 14 jours <b>."}, by=marie, now=NOW)


def test_an_approver_reads_the_words_and_signs_them(
    approver: Browser, aldane: Client, claire: User, position: Position
) -> None:
    page = approver.get(PAGE).content.decode()
    assert "Sous 14 jours &lt;b&gt;." in page and f"{PAGE}{position.pk}/valider/" in page
    approver.post(f"{PAGE}{position.pk}/valider/", {"version": 1})
    with schema_context(aldane.schema_name):
        assert Position.objects.get().approved_by_id == claire.pk
    assert AuditEvent.objects.get(action="position.approved").user == claire
    assert "empty-state" in approver.get(PAGE).content.decode()


def test_a_refusal_takes_a_note_and_is_read_by_the_agency(
    approver: Browser, aldane: Client, position: Position
) -> None:
    url = f"{PAGE}{position.pk}/refuser/"
    assert "level-crise" in approver.post(url, {"version": 1, "note": " \0"}, follow=True).content.decode()
    approver.post(url, {"version": 1, "note": "Dix jours, pas quatorze"})
    with schema_context(aldane.schema_name):
        version = Position.objects.get().versions.get()
    assert (version.state, version.note) == ("refused", "Dix jours, pas quatorze")


def test_words_that_changed_meanwhile_are_not_approved_unread(
    approver: Browser, aldane: Client, marie: User, position: Position
) -> None:
    positions.reword(position=position, words={"short_text": "Sous 10 jours."}, why="Plus court", by=marie, now=NOW)
    for version in ("1", "", "\0", "x", "9" * 30):
        approver.post(f"{PAGE}{position.pk}/valider/", {"version": version})
    with schema_context(aldane.schema_name):
        assert Position.objects.get().approved_at is None


def test_reading_decides_nothing(approver: Browser, aldane: Client, position: Position) -> None:
    for act in ("valider", "refuser"):
        assert approver.get(f"{PAGE}{position.pk}/{act}/", {"version": 1, "note": "x"}).status_code == 405
    with schema_context(aldane.schema_name):
        assert Position.objects.get().versions.get().state == "waiting"


@pytest.mark.parametrize("role", ["reader", "cm", "lead"])
def test_whoever_may_not_approve_finds_nothing(
    role: str, aldane: Client, person: MakePerson, visit: Visit, position: Position
) -> None:
    browser = visit(person(role, aldane, email="autre@rempart.test"), aldane)
    assert browser.get(PAGE).status_code == 404 and PAGE not in browser.get("/").content.decode()
    assert browser.post(f"{PAGE}{position.pk}/valider/", {"version": 1}).status_code == 404
    with schema_context(aldane.schema_name):
        assert Position.objects.get().approved_at is None


def test_the_home_tells_an_approver_that_words_wait(approver: Browser, position: Position) -> None:
    assert 'id="to-approve" data-live-region><p>' in approver.get("/").content.decode()
    approver.post(f"{PAGE}{position.pk}/valider/", {"version": 1})
    assert 'id="to-approve" data-live-region></div>' in approver.get("/").content.decode()


def test_a_retired_position_waits_for_nobody(
    approver: Browser, aldane: Client, marie: User, position: Position
) -> None:
    positions.retire(position=position, by=marie, now=NOW)
    assert "P-01" not in approver.get(PAGE).content.decode()
    assert approver.post(f"{PAGE}{position.pk}/valider/", {"version": 1}).status_code == 404
