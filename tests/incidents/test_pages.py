"""The staff's pages of an incident, through the client's host."""

from datetime import timedelta

import pytest
import time_machine

from agency.models import Client, User
from incidents.models import Briefing, Incident, TimelineEntry
from incidents.services import watch
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

AT = NOW + timedelta(minutes=20)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def proposed(aldane: Client) -> Incident:
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    watch.look(now=NOW)
    factories.strike(heard_by, NOW)
    watch.look(now=AT)
    return Incident.objects.get()


@pytest.fixture
def desk(visit: object, lead: User, aldane: Client) -> object:
    with time_machine.travel(AT, tick=False):
        yield visit(lead, aldane)  # type: ignore[operator]


def test_a_person_takes_an_incident_from_the_proposal_to_the_closing(
    desk: object, proposed: Incident, lead: User
) -> None:
    page = f"/agence/incidents/{proposed.number}/"
    contact = factories.contact()
    post = desk.post  # type: ignore[attr-defined]
    assert post(f"{page}confirmer/", {**ANSWERS, "title": "Meute", "lead": lead.pk}).status_code == 302
    assert (
        post(f"{page}main-courante/", {"kind": "fact", "text": "Capture faite", "happened": "21 h 59"}).status_code
        == 302
    )
    assert post(f"{page}prevenir/", {"contacts": [contact.pk], "subject": "Meute", "body": "Huit."}).status_code == 302
    given = {"bottom_line": "Huit comptes.", "next_hour": "22:30", "contacts": [contact.pk]}
    assert post(f"{page}point/", given).status_code == 302
    proposed.refresh_from_db()
    debrief = {"hot_at": "2026-11-18T10:00", "hot_host": proposed.lead_id}
    closing = {"note": "Tenir P-07 à jour.", "met": ["1"], **debrief}
    assert post(f"{page}clore/", closing).status_code == 302
    proposed.refresh_from_db()
    assert (proposed.state, proposed.situation_reports.count(), Briefing.objects.count()) == ("closed", 1, 2)
    assert TimelineEntry.objects.get(text="Capture faite").happened_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize("page", ["", "confirmer/"])
def test_the_proposal_says_why(desk: object, proposed: Incident, page: str) -> None:
    answer = desk.get(f"/agence/incidents/{proposed.number}/{page}")  # type: ignore[attr-defined]
    assert answer.status_code == 200
    assert "remboursement" in answer.content.decode().lower()


def test_a_refused_line_comes_back_with_what_was_typed(desk: object, proposed: Incident) -> None:
    given = {"kind": "fact", "text": "Une phrase à garder", "happened": "quand ?"}
    answer = desk.post(f"/agence/incidents/{proposed.number}/main-courante/", given)  # type: ignore[attr-defined]
    assert answer.status_code == 422
    assert "Une phrase à garder" in answer.content.decode()


def test_what_somebody_else_wrote_is_shown_and_never_run(desk: object, proposed: Incident, lead: User) -> None:
    factories.mention("<script>alert(1)</script>", AT, heard_by=proposed.signal.watch)
    watch.look(now=AT + timedelta(minutes=6))
    page = desk.get(f"/agence/incidents/{proposed.number}/").content.decode()  # type: ignore[attr-defined]
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_page_that_did_not_move_answers_304_in_few_queries(
    desk: object, proposed: Incident, django_assert_max_num_queries: object
) -> None:
    page = f"/agence/incidents/{proposed.number}/"
    etag = desk.get(page)["ETag"]  # type: ignore[attr-defined]
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        answer = desk.get(page, HTTP_IF_NONE_MATCH=etag, HTTP_X_LIVE="1")  # type: ignore[attr-defined]
    assert answer.status_code == 304


def test_the_page_asks_the_database_a_committed_number_of_times(
    desk: object, proposed: Incident, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(48):  # type: ignore[operator]
        desk.get(f"/agence/incidents/{proposed.number}/")  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["", "ouvrir/"])
def test_the_list_and_the_opening_by_hand_are_there_even_with_nothing(desk: object, path: str) -> None:
    assert desk.get(f"/agence/incidents/{path}").status_code == 200  # type: ignore[attr-defined]
