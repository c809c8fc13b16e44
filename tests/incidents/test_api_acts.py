"""Integrations open, lead, log and close incidents by the services that people use, and are named in every line."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from agency.models import Client, User
from agency.services import keys
from incidents.models import Alert, Incident, IncidentMention, Milestone, TimelineEntry
from incidents.services import incidents, restriction, timeline
from tests import factories
from tests.conftest import NOW, MakePerson, host_of
from tests.incidents.test_incidents import ANSWERS

Ask = Callable[..., Any]
INCIDENTS = "/api/v1/incidents"
ALL = ["incidents:read", "incidents:write", "incidents:close"]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    factories.brand()
    return person("lead", aldane)


@pytest.fixture
def ask_with(aldane: Client, lead: User) -> Callable[[list[str]], Ask]:
    def with_scopes(scopes: list[str]) -> Ask:
        key = keys.make(
            client=aldane, name="Zendesk", scopes=scopes, by=lead, now=timezone.now(), lifetime=timedelta(days=1)
        )[1]
        browser = Browser(HTTP_HOST=host_of(aldane))

        def ask(method: str, path: str, said: object = None, **headers: str) -> Any:
            given = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): v for name, v in headers.items()}}
            body = "" if said is None else json.dumps(said)
            answer = browser.generic(method, INCIDENTS + path, body, content_type="application/json", headers=given)
            connection.set_tenant(aldane)
            return answer

        return ask

    return with_scopes


@pytest.fixture
def ask(ask_with: Callable[[list[str]], Ask]) -> Ask:
    return ask_with(ALL)


@pytest.fixture
def said(lead: User) -> dict[str, Any]:
    return {"title": "Colis perdus", "lead": lead.email, "answers": ANSWERS}


@pytest.fixture
def incident(lead: User) -> Incident:
    made = incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    return Incident.objects.get(pk=made.pk)


def test_a_program_opens_an_incident_and_is_named_in_its_log(ask: Ask, said: dict[str, Any], lead: User) -> None:
    seen = factories.mention("Où est mon colis ?", NOW)
    answer = ask("POST", "", {**said, "mentions": [seen.pk]})
    assert (answer.status_code, answer["Location"]) == (201, f"{INCIDENTS}/1")
    assert (answer.json()["state"], answer.json()["lead"], answer.json()["severity"]) == ("open", lead.full_name, 3)
    confirmed = [line for line in answer.json()["log"] if "Zendesk" in line["text"]]
    assert [(line["kind"], line["by"]) for line in confirmed] == [("decision", None)]
    assert list(IncidentMention.objects.values_list("mention_id", "by_id")) == [(seen.pk, None)]


def test_a_program_that_opens_answers_no_alert(ask: Ask, said: dict[str, Any]) -> None:
    ask("POST", "", said)
    assert not Milestone.objects.filter(kind__code="acknowledged").exists()
    assert Milestone.objects.get(kind__code="confirmed").by is None
    assert not Alert.objects.filter(state="answered").exists()


def test_opened_twice_under_one_key_it_is_one_incident(ask: Ask, said: dict[str, Any]) -> None:
    first, again = (ask("POST", "", said, Idempotency_Key="colis-1") for _twice in range(2))
    assert (first.content, again["ETag"], again["Location"]) == (again.content, first["ETag"], first["Location"])
    assert (Incident.objects.count(), again["Idempotent-Replayed"]) == (1, "true")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"lead": "personne@rempart.test"}, 422, "no_lead"),
        ({"lead": "pas une adresse"}, 400, "invalid"),
        ({"answers": {"harm": "yes"}}, 400, "invalid"),
        ({"title": " "}, 400, "invalid"),
        ({"title": "x" * 100_000}, 400, "invalid"),
        ({"title": "a\0b"}, 400, "invalid"),
        ({"brand": "Inconnue"}, 422, "no_brand"),
        ({"mentions": [99]}, 422, "no_mention"),
        ({"mentions": list(range(1, 502))}, 400, "invalid"),
        ({"started_at": "2999-01-01T00:00:00Z"}, 422, "in_the_future"),
        ({"started_at": "0921-09-11T09:28:54Z"}, 400, "invalid"),
        ({"started_at": "0001-01-01T00:00:00Z"}, 400, "invalid"),
        ({"started_at": "9999-12-31T23:59:59-12:00"}, 400, "invalid"),
        ({"type": "licorne"}, 400, "invalid"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words(
    ask: Ask, said: dict[str, Any], wrong: dict[str, Any], status: int, code: str
) -> None:
    answer = ask("POST", "", {**said, **wrong})
    assert (answer.status_code, answer.json()["code"], Incident.objects.count()) == (status, code, 0)


def test_a_line_is_added_with_the_name_of_the_key_and_the_chain_holds(ask: Ask, incident: Incident) -> None:
    answer = ask("POST", "/1/log", {"kind": "action", "text": "Ticket 4512 ouvert"})
    assert (answer.status_code, answer.json()["kind"], answer.json()["by"]) == (201, "action", None)
    assert answer.json()["text"].startswith("Ticket 4512 ouvert (") and "Zendesk" in answer.json()["text"]
    assert timeline.broken_links(incident) == []


def test_a_line_strikes_another_once(ask: Ask, incident: Incident) -> None:
    wrong = ask("POST", "/1/log", {"text": "Ticket 4512"}).json()["number"]
    right = {"text": "Ticket 4513", "corrects": wrong}
    assert ask("POST", "/1/log", right).json()["corrects"] == wrong
    assert [ask("POST", "/1/log", {**right, "corrects": one}).json()["code"] for one in (wrong, 999)] == [
        "corrected_already",
        "no_line",
    ]


def test_a_line_of_another_century_is_refused(ask: Ask, incident: Incident) -> None:
    assert ask("POST", "/1/log", {"text": "x", "happened_at": "1899-12-31T00:00:00Z"}).status_code == 400


@pytest.mark.parametrize("text", ["", " \n", "x" * 1801, "a\0b"])
def test_a_line_that_is_none_is_refused(ask: Ask, incident: Incident, text: str) -> None:
    before = TimelineEntry.objects.count()
    assert ask("POST", "/1/log", {"text": text}).status_code == 400
    assert TimelineEntry.objects.count() == before


def test_an_incident_is_closed_and_opened_again_by_who_has_read_it(ask: Ask, incident: Incident) -> None:
    read = ask("GET", "/1")
    close = {"to": "closed", "why": "Les colis sont arrivés", "unmet": "Convenu avec le client"}
    closed = ask("POST", "/1/transitions", close, If_Match=read["ETag"])
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    again = ask("POST", "/1/transitions", {"to": "open", "why": "Ça repart"}, If_Match=closed["ETag"])
    assert (again.status_code, again.json()["state"]) == (200, "open")
    assert [line["by"] for line in again.json()["log"] if "Zendesk" in line["text"]] == [None] * 3
    assert timeline.broken_links(incident) == []


def test_who_has_not_read_the_last_version_decides_nothing(ask: Ask, incident: Incident) -> None:
    stale = ask("GET", "/1")["ETag"]
    ask("POST", "/1/log", {"text": "Du nouveau"})
    close = {"to": "closed", "why": "Fini", "unmet": "x"}
    for tag in (stale, '"x"', "", f'"r{"9" * 5000}-{"0" * 32}"'):
        answer = ask("POST", "/1/transitions", close, If_Match=tag)
        assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
    assert ask("POST", "/1/transitions", close).json()["code"] == "if_match_needed"
    assert ask("POST", "/1/transitions", close, If_Match="*").status_code == 200


@pytest.mark.parametrize("to", ["open", "proposed", "dismissed"])
def test_a_move_that_is_none_names_those_that_are(ask: Ask, incident: Incident, to: str) -> None:
    answer = ask("POST", "/1/transitions", {"to": to, "why": "x"}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_move")
    assert [one["message"] for one in answer.json()["errors"]] == ["closed"]


def test_a_grave_incident_waits_for_people_to_plan_its_debrief(ask: Ask, said: dict[str, Any]) -> None:
    ask("POST", "", {**said, "answers": {**ANSWERS, "harm": "yes"}})
    answer = ask("POST", "/1/transitions", {"to": "closed", "why": "x", "unmet": "x"}, If_Match="*")
    assert (answer.status_code, answer.json()["code"]) == (422, "no_debrief")


def test_parts_are_given_and_given_back(ask: Ask, incident: Incident, lead: User, person: MakePerson) -> None:
    cm = person("cm")
    given = ask("PUT", "/1/duties/scribe", {"holder": cm.email.upper()}, If_Match="*")
    assert given.status_code == 200
    held = {one["duty"]: one["holder"] for one in ask("GET", "/1/duties").json()}
    assert (held["scribe"], held["lead"]) == (cm.full_name, lead.full_name)
    back = ask("DELETE", "/1/duties/scribe", If_Match=given["ETag"])
    assert {one["duty"]: one["holder"] for one in back.json()["duties"]}["scribe"] == lead.full_name
    assert ask("DELETE", "/1/duties/scribe", If_Match="*").json()["code"] == "the_leads_already"


def test_the_lead_is_handed_over_and_never_taken_away(ask: Ask, incident: Incident, person: MakePerson) -> None:
    other, outside = person("director"), person("owner", Client.objects.get(schema_name="maison_aldane"))
    assert ask("PUT", "/1/duties/lead", {"holder": other.email}, If_Match="*").json()["lead"] == other.full_name
    assert ask("PUT", "/1/duties/lead", {"holder": outside.email}, If_Match="*").json()["code"] == "no_such_person"
    assert ask("DELETE", "/1/duties/lead", If_Match="*").json()["code"] == "wrong_duty"
    assert ask("PUT", "/1/duties/roi", {"holder": other.email}, If_Match="*").json()["code"] == "wrong_duty"


def test_a_restricted_incident_is_not_there_to_act_on(ask: Ask, incident: Incident, lead: User) -> None:
    restriction.restrict(incident=incident, reason="Secret", by=lead, now=NOW)
    before = TimelineEntry.objects.count()
    for method, path, said in (
        ("GET", "/1", None),
        ("GET", "/1/duties", None),
        ("POST", "/1/log", {"text": "x"}),
        ("POST", "/1/transitions", {"to": "closed", "why": "x"}),
        ("PUT", "/1/duties/lead", {"holder": lead.email}),
        ("DELETE", "/1/duties/scribe", None),
    ):
        assert ask(method, path, said, If_Match="*").status_code == 404
    assert TimelineEntry.objects.count() == before


def test_what_was_answered_before_it_was_restricted_is_not_told_again(
    ask: Ask, said: dict[str, Any], lead: User
) -> None:
    asked = [
        ("", said, "1"),
        ("/1/log", {"text": "Ticket 4512"}, "2"),
        ("/1/transitions", {"to": "closed", "why": "Fini", "unmet": "x"}, "3"),
    ]
    assert [ask("POST", path, what, Idempotency_Key=key, If_Match="*").status_code for path, what, key in asked] == [
        201, 201, 200,
    ]  # fmt: skip
    restriction.restrict(incident=Incident.objects.get(), reason="Secret", by=lead, now=timezone.now())
    again = [ask("POST", path, what, Idempotency_Key=key, If_Match="*") for path, what, key in asked]
    assert [one.status_code for one in again] == [404, 404, 404]
    assert not any("Colis" in one.content.decode() for one in again)
    assert Incident.objects.count() == 1


@pytest.mark.parametrize(
    ("scopes", "method", "path"),
    [
        (["incidents:read"], "POST", ""),
        (["incidents:read"], "POST", "/1/log"),
        (["incidents:write"], "POST", "/1/transitions"),
        (["incidents:write"], "GET", "/1/duties"),
        (["incidents:close"], "PUT", "/1/duties/lead"),
    ],
)
def test_a_key_does_what_its_scopes_say_only(
    ask_with: Callable[[list[str]], Ask], incident: Incident, scopes: list[str], method: str, path: str
) -> None:
    assert ask_with(scopes)(method, path, {}, If_Match="*").status_code == 403
