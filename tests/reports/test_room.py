"""The staff's reports room, through the client's host."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client as Browser

from agency.models import Client, User
from reports.documents.content import Change
from reports.models import Report
from reports.services import reports
from tests.conftest import MakePerson
from tests.reports import rooms
from tests.reports.rooms import DRAFTED

Visit = Callable[..., Browser]
WORDS = {
    "title": "L’attaque venait d’un confrère",
    "bottom_line": "Aucun client perdu.",
    "decision_asked": "Tenir P-07 à jour.",
}


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def draft(lead: User) -> Report:
    return rooms.drafted(lead)


@pytest.fixture
def desk(visit: Visit, lead: User, aldane: Client) -> Browser:
    return visit(lead, aldane)


def rows(*changes: tuple[str, str, str]) -> dict[str, str]:
    """The rows of changes as the page sends them, with one left empty."""
    given = {"form-TOTAL_FORMS": str(len(changes) + 1), "form-INITIAL_FORMS": "0"}
    for index, row in enumerate([*changes, ("", "", "")]):
        given |= {f"form-{index}-{name}": value for name, value in zip(("what", "who", "before"), row, strict=True)}
    return given


def worded(desk: Browser, path: str, *changes: tuple[str, str, str], **words: str) -> dict[str, str]:
    """The form of a draft as its page sends it."""
    return {**WORDS, **rows(*changes), **words, "seen": rooms.marks_on(desk.get(path).content)}


def send(desk: Browser, path: str, given: dict[str, str] | None = None) -> int:
    answer = desk.post(path, given or {})
    connection.set_tenant(Client.objects.get(schema_name="maison_aldane"))
    return answer.status_code


def test_a_draft_is_worded_signed_and_made_anew(desk: Browser, draft: Report) -> None:
    path = f"/agence/rapports/{draft.pk}/"
    assert send(desk, path, worded(desk, path, ("Revoir P-07", "Claire", "2026-12-15"))) == 302
    draft.refresh_from_db()
    assert reports.content_of(draft).changes == (Change("Revoir P-07", "Claire", date(2026, 12, 15)),)
    assert send(desk, f"{path}publier/") == 302
    assert send(desk, f"{path}nouvelle-version/") == 302
    assert list(Report.objects.order_by("version").values_list("state", flat=True)) == ["published", "draft"]


@pytest.mark.parametrize("row", [("Revoir", "", ""), ("", "Claire", ""), ("Revoir", "Claire", "")])
def test_a_change_without_who_or_when_comes_back_with_what_was_typed(
    desk: Browser, draft: Report, row: tuple[str, str, str]
) -> None:
    path = f"/agence/rapports/{draft.pk}/"
    answer = desk.post(path, worded(desk, path, row))
    assert answer.status_code == 422
    assert WORDS["title"] in answer.content.decode() and not draft.changes


def test_a_name_that_outs_somebody_comes_back(desk: Browser, draft: Report) -> None:
    path = f"/agence/rapports/{draft.pk}/"
    answer = desk.post(path, worded(desk, path, title="C’était @cm_rapid"))
    assert answer.status_code == 422 and "@cm_rapid" in answer.content.decode()


@pytest.mark.parametrize("ending", ["", "apercu/", "publier/", "rapport.pdf", "rapport.json"])
def test_every_page_of_a_draft_opens(desk: Browser, draft: Report, ending: str) -> None:
    assert desk.get(f"/agence/rapports/{draft.pk}/{ending}").status_code == 200


def test_the_stock_list_leads_to_the_room(desk: Browser, draft: Report) -> None:
    assert desk.get("/agence/reports/report/").status_code == 200
    assert desk.get(f"/agence/reports/report/{draft.pk}/change/")["Location"] == f"/agence/rapports/{draft.pk}/"


def test_a_cm_words_but_does_not_publish(visit: Visit, draft: Report, aldane: Client, person: MakePerson) -> None:
    desk = visit(person("cm", aldane), aldane)
    path = f"/agence/rapports/{draft.pk}/"
    assert send(desk, path, worded(desk, path)) == 302
    assert send(desk, f"/agence/rapports/{draft.pk}/publier/") == 403
    assert Report.objects.get().state == "draft"


def test_the_clients_people_find_no_room(visit: Visit, draft: Report, aldane: Client, person: MakePerson) -> None:
    browser = visit(person("owner", aldane), aldane)
    assert {
        browser.get(f"/agence/rapports/{path}").status_code for path in ("", f"{draft.pk}/", f"{draft.pk}/apercu/")
    } == {404}


def test_a_published_page_says_who_read_it_and_refuses_words(desk: Browser, lead: User) -> None:
    report = rooms.published(lead)
    assert send(desk, f"/agence/rapports/{report.pk}/", {**WORDS, **rows()}) == 200
    assert send(desk, f"/agence/rapports/{report.pk}/publier/") == 302
    report.refresh_from_db()
    assert (report.state, report.published_at) == ("published", report.published_at)
    assert report.title != WORDS["title"] and report.drafted_at == DRAFTED


def test_the_room_asks_the_database_a_committed_number_of_times(
    desk: Browser, draft: Report, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert draft.incident.title in desk.get("/agence/rapports/").content.decode()
