"""Writing in the log without thinking: the moment and the kind stand in the line, and nothing is lost or doubled."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from agency.models import Client, User
from incidents.models import Incident, TimelineEntry
from incidents.services import incidents, timeline
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

AT = NOW + timedelta(minutes=20)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    given = {"brand": factories.brand(), "title": "Moquerie", "started_at": NOW, "answers": ANSWERS}
    return incidents.open_by_hand(**given, lead=lead, by=lead, now=NOW)


@pytest.fixture
def desk(visit: Any, lead: User, aldane: Client) -> Any:
    with time_machine.travel(AT, tick=False):
        yield visit(lead, aldane)


def add(desk: Any, incident: Incident, **given: object) -> Any:
    return desk.post(f"/agence/incidents/{incident.number}/main-courante/", given)


def last(incident: Incident) -> TimelineEntry:
    return incident.entries.latest("number")


def test_one_field_is_enough(desk: Any, incident: Incident) -> None:
    assert add(desk, incident, text="décision : 21h50 on attend").status_code == 302
    line = last(incident)
    assert (line.kind, line.text, line.happened_at) == ("decision", "on attend", NOW - timedelta(minutes=8))


def test_what_was_understood_is_said_before_and_after(desk: Any, incident: Incident) -> None:
    page = f"/agence/incidents/{incident.number}/"
    assert "16/11" not in (before := desk.get(f"{page}main-courante/lire/", {"text": "hier 23:10 vu"}).content.decode())
    assert "23:10" in before
    add(desk, incident, text="hier 23:10 vu")
    assert "23:10" in desk.get(page).content.decode()


@pytest.mark.parametrize("text", ["Rien à dire", "", "\0", "x" * 3000])
def test_of_a_line_that_names_no_moment_nothing_is_claimed(desk: Any, incident: Incident, text: str) -> None:
    answer = desk.get(f"/agence/incidents/{incident.number}/main-courante/lire/", {"text": text})
    assert answer.status_code == 200
    assert "22:" not in answer.content.decode()


def test_a_moment_given_apart_wins_over_the_one_in_the_line(desk: Any, incident: Incident) -> None:
    add(desk, incident, text="21:50 vu", happened="hier 23:10")
    assert last(incident).happened_at == NOW.replace(hour=22, minute=10) - timedelta(days=1)


@pytest.mark.parametrize("text", ["21:50", "aujourd’hui 23:59 vu", "décision :", "   "])
def test_a_line_without_a_sentence_or_ahead_of_time_comes_back_whole(desk: Any, incident: Incident, text: str) -> None:
    answer = add(desk, incident, text=text)
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()
    assert incident.entries.count() == 1


def test_the_same_line_sent_twice_is_one_and_another_text_is_another(desk: Any, incident: Incident) -> None:
    token = str(uuid4())
    for text in ("Vu", "Vu", "Revu"):
        assert add(desk, incident, text=text, token=token).status_code == 302
    assert [line.text for line in incident.entries.order_by("number")][1:] == ["Vu", "Revu"]
    assert timeline.broken_links(incident) == []


def test_a_token_that_is_none_is_said_and_the_line_stays(desk: Any, incident: Incident) -> None:
    assert add(desk, incident, text="Vu", token="' or 1=1").status_code == 422


def test_a_correction_happened_when_the_line_it_strikes_did(desk: Any, incident: Incident) -> None:
    add(desk, incident, text="21:50 vingt comptes")
    first = last(incident)
    add(desk, incident, text="douze comptes", corrects=first.number, kind="fact")
    assert (last(incident).happened_at, last(incident).corrects) == (first.happened_at, first)


def test_a_correction_may_move_the_line(desk: Any, incident: Incident) -> None:
    add(desk, incident, text="21:50 vingt comptes")
    add(desk, incident, text="vingt comptes", corrects=last(incident).number, happened="21:40")
    assert last(incident).happened_at == NOW - timedelta(minutes=18)


def test_the_page_knows_its_own_lines_by_their_token(desk: Any, incident: Incident, lead: User) -> None:
    token = uuid4()
    add(desk, incident, text="Vu", token=str(token))
    page = desk.get(f"/agence/incidents/{incident.number}/").content.decode()
    assert f'data-token="{token}"' in page
    assert f'data-log="{lead.pk}/{incident.number}"' in page


def test_the_page_says_that_the_chain_is_whole_with_its_last_seal(desk: Any, incident: Incident) -> None:
    page = desk.get(f"/agence/incidents/{incident.number}/").content.decode()
    assert f'id="log-seal" data-live-region>{incident.entries.count()} li' in page
    assert last(incident).hash[:8] in page.split('id="log-seal"')[1]


def test_the_page_says_which_line_was_changed_behind_its_back(desk: Any, incident: Incident) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE incidents_timelineentry DISABLE TRIGGER log_is_append_only")
        cursor.execute("UPDATE incidents_timelineentry SET text = 'autre chose'")
    page = desk.get(f"/agence/incidents/{incident.number}/").content.decode()
    assert "La ligne 1 a été changée après son inscription." in page
    assert 'id="log-seal" data-live-region></p>' in page


def test_a_long_log_shows_its_last_lines_and_all_when_asked(desk: Any, incident: Incident, lead: User) -> None:
    for number in range(40):
        timeline.log(incident=incident, kind="fact", text=f"Fait numéro {number}.", happened_at=NOW, by=lead, now=NOW)
    page = desk.get("/agence/incidents/1/").content.decode()
    assert "Fait numéro 39." in page and "Fait numéro 2." not in page and "?journal=tout#log" in page
    whole = desk.get("/agence/incidents/1/?journal=tout").content.decode()
    assert "Fait numéro 2." in whole and "?journal=tout#log" not in whole
