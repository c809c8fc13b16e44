"""The day's desk: what needs somebody across the clients a person may see, and only those."""

from datetime import timedelta

import pytest
import time_machine
from django_tenants.utils import schema_context

from agency.models import Shift, User
from clients.models import Brand, Position, Source, Watch
from clients.services import webhooks
from incidents.admin.desk import next_step
from incidents.models import Incident, Signal
from incidents.selectors.desk import desk
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def _the_clock_stands(db):
    with time_machine.travel(NOW, tick=False):
        yield


def strike(client, number=1, **fields):
    with schema_context(client.schema_name):
        brand, _ = Brand.objects.get_or_create(name=f"Marque {client.name}")
        proposed = {"title": f"Coup {number}", "started_at": NOW, "proposed_at": NOW, "qualification": "paracrisis"}
        return Incident.objects.create(number=number, brand=brand, **{**proposed, **fields})


def hear(client, **fields):
    with schema_context(client.schema_name):
        source = {"name": "Fil", "kind": "feed", "url": "https://f.test/", "last_success_at": NOW, **fields}
        return Source.objects.create(**source)


def expire(client, days, **fields):
    with schema_context(client.schema_name):
        brand, _ = Brand.objects.get_or_create(name="Marque")
        last = (NOW + timedelta(days=days)).date()
        given = {"code": f"P-{days}", "title": "Remboursement", "valid_until": last, "approved_at": NOW, **fields}
        return Position.objects.create(brand=brand, **given)


def notice(client, **fields):
    with schema_context(client.schema_name):
        brand, _ = Brand.objects.get_or_create(name="Marque")
        watch, _ = Watch.objects.get_or_create(brand=brand, name="Nom")
        seen = {"started_at": NOW, "detected_at": NOW, "raised_at": NOW, "observed": 34, "expected": 4.2}
        return Signal.objects.create(watch=watch, window_minutes=60, **{**seen, **fields})


def test_a_quiet_day_says_that_nothing_needs_you(person, visit, tramontel):
    hear(tramontel)
    page = visit(person("cm", tramontel)).get("/").content.decode()
    assert "Rien ne vous attend" in page
    assert "Ferries Tramontel" in page


def test_the_desk_shows_the_clients_of_the_person_and_no_other(person, visit, tramontel, aldane):
    strike(tramontel, title="Le nôtre")
    strike(aldane, title="Celui des autres")
    page = visit(person("cm", tramontel)).get("/").content.decode()
    assert "Le nôtre" in page
    assert "Celui des autres" not in page
    assert "Maison Aldane" not in page


@pytest.mark.parametrize(
    ("stream", "attack", "words"),
    [
        ("attack", "yes", ("heard in: What reads as an attack", "reads as an attack")),
        ("all", "no", ("heard in: Everything", "does not read as an attack")),
        ("urgent", "uncertain", ("heard in: Legal, safety, call to action", "attack or not: uncertain")),
    ],
)
def test_a_signal_and_its_incident_say_which_stream_spoke_and_whether_it_attacks(
    person, visit, tramontel, stream, attack, words
):
    signal = notice(tramontel, stream=stream, attack=attack)
    director = person("director")
    type(director).objects.update(language="en")
    assert all(said in visit(director).get("/").content.decode() for said in words)
    strike(tramontel, signal=signal)
    page = visit(director).get("/").content.decode()
    assert "Signals to look at" not in page
    assert all(said in page for said in words)


def test_an_incident_opened_by_hand_has_no_stream(person, visit, tramontel):
    strike(tramontel)
    director = person("director")
    type(director).objects.update(language="en")
    page = visit(director).get("/").content.decode()
    assert "Coup 1" in page
    assert not any(said in page for said in ("heard in:", "an attack", "attack or not"))


def test_who_works_for_the_whole_agency_sees_every_client(person, visit, tramontel, aldane):
    strike(tramontel, title="Le nôtre")
    strike(aldane, title="Celui des autres")
    page = visit(person("director")).get("/").content.decode()
    assert "Le nôtre" in page
    assert "Celui des autres" in page


def test_the_worst_comes_first_and_a_decision_before_the_rest(tramontel, person):
    lead = {"lead": person("cm"), "state": "open"}
    strike(tramontel, 1, qualification="signal", severity=4, **lead)
    strike(tramontel, 2, severity=2, **lead)
    strike(tramontel, 3, qualification="crisis", severity=1, **lead)
    strike(tramontel, 4, severity=2)
    assert [one.number for one in desk([tramontel], person=None, now=NOW).incidents] == [3, 4, 2, 1]


def test_closed_and_dismissed_incidents_are_not_on_the_desk(tramontel):
    strike(tramontel, 1, state="closed")
    strike(tramontel, 2, state="dismissed")
    assert desk([tramontel], person=None, now=NOW).incidents == ()


def test_a_signal_leaves_the_desk_when_an_incident_is_made_of_it(tramontel):
    alone, taken = notice(tramontel), notice(tramontel, started_at=NOW - timedelta(hours=1))
    strike(tramontel, signal=taken)
    notice(tramontel, started_at=NOW - timedelta(hours=2), state="dismissed")
    assert [one.id for one in desk([tramontel], person=None, now=NOW).signals] == [alone.pk]


def test_a_failing_a_broken_and_a_silent_source_are_all_said(tramontel):
    hear(tramontel, name="va bien", failures=1)
    hear(tramontel, name="échoue", failures=2, last_error="503")
    hear(tramontel, name="disparue", failures=1, is_active=False)
    hear(tramontel, name="muette", last_success_at=NOW - timedelta(minutes=26))
    hear(tramontel, name="lente", last_success_at=NOW - timedelta(minutes=16), every_seconds=3600)
    hear(tramontel, name="arrêtée", is_active=False, last_success_at=None)
    assert {one.ear.name for one in desk([tramontel], person=None, now=NOW).ears} == {"échoue", "disparue", "muette"}


def test_a_client_that_is_not_heard_is_never_called_calm(person, visit, tramontel):
    hear(tramontel, failures=5, last_error="503", last_error_en="503")
    page = visit(person("cm", tramontel)).get("/").content.decode()
    assert "Nothing needs you" not in page
    assert "Rien n’a besoin de vous" not in page


def test_positions_that_end_within_thirty_days_are_to_renew(tramontel):
    for days in (-1, 29, 31):
        expire(tramontel, days)
    expire(tramontel, 5, approved_at=None)
    assert [one.code for one in desk([tramontel], person=None, now=NOW).positions] == ["P--1", "P-29"]


def test_the_first_step_is_the_decision_then_the_late_update(tramontel, person):
    cm = person("cm")
    late = {"state": "open", "severity": 2, "lead": cm, "next_update_at": NOW - timedelta(minutes=5)}
    strike(tramontel, 1, **late)
    assert next_step(desk([tramontel], person=None, now=NOW), cm, NOW).path == "/agence/incidents/1/point/"
    strike(tramontel, 2, severity=3)
    assert next_step(desk([tramontel], person=None, now=NOW), cm, NOW).path == "/agence/incidents/2/"


def test_nobody_on_call_now_is_the_step_of_whoever_plans_the_rota(person, visit, tramontel):
    hear(tramontel)
    cm, lead = person("cm", tramontel), person("lead", tramontel)
    User.objects.update(language="en")
    later = {
        "starts_at": NOW + timedelta(hours=2),
        "ends_at": NOW + timedelta(hours=9),
        "made_by": lead,
        "made_at": NOW,
    }
    Shift.objects.create(person=cm, client=tramontel, **later)
    pages = [visit(one).get("/").content.decode() for one in (lead, cm)]
    assert ["Put somebody on call" in page for page in pages] == [True, False]
    assert 'href="/garde/" data-key="g"' in pages[0] and "Nothing needs you" not in pages[0]
    Shift.objects.update(starts_at=NOW - timedelta(hours=1))
    assert "Put somebody on call" not in visit(lead).get("/").content.decode()


def test_the_page_answers_304_until_something_moves(person, visit, tramontel):
    browser = visit(person("cm", tramontel))
    etag = browser.get("/")["ETag"]
    poll = {"HTTP_X_LIVE": "1", "HTTP_IF_NONE_MATCH": etag}
    assert browser.get("/", **poll).status_code == 304
    strike(tramontel)
    assert browser.get("/", **poll).status_code == 200


def test_an_update_that_becomes_late_moves_the_page(person, visit, tramontel):
    cm = person("cm", tramontel)
    browser = visit(cm)
    strike(tramontel, state="open", severity=2, lead=cm, next_update_at=NOW + timedelta(minutes=5))
    etag = browser.get("/")["ETag"]
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        assert browser.get("/", HTTP_X_LIVE="1", HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_what_a_client_wrote_is_shown_as_text(person, visit, tramontel):
    strike(tramontel, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in visit(person("cm", tramontel)).get("/").content.decode()


def test_the_desk_asks_as_many_queries_for_one_client_as_for_two(
    person, visit, tramontel, aldane, django_assert_num_queries
):
    for client in (tramontel, aldane):
        strike(client)
        hear(client, failures=3)
        expire(client, 3)
        notice(client, started_at=NOW - timedelta(hours=1))
    one, both = visit(person("cm", tramontel)), visit(person("director"))
    for browser in (one, both):
        with django_assert_num_queries(30):  # fifteen, each after its SET search_path
            browser.get("/")


def test_a_person_without_a_client_is_told_so(person, visit, tramontel):
    cm = person("cm", tramontel)
    browser = visit(cm)
    tramontel.is_active = False
    tramontel.save()
    assert browser.get("/").status_code == 200


def test_a_webhook_that_the_machine_stopped_is_said_on_the_desk_until_a_person_knows(person, visit, aldane):
    director, cm = person("director"), person("cm", aldane)
    told = {"url": "https://outil.example/x", "events": ["incident.opened"], "by": director, "now": NOW}
    endpoint, _secret = webhooks.make(client=aldane, **told)
    webhooks.close(endpoint, "gone", NOW)
    page = f"/agence/webhooks/{endpoint.pk}/"
    assert page in str(visit(director).get("/").content)
    shown = str(visit(cm).get("/").content)
    assert "outil.example" in shown and page not in shown
    with schema_context(aldane.schema_name):
        webhooks.stop(endpoint=endpoint, client=aldane, by=director, now=NOW)
    assert "outil.example" not in str(visit(director).get("/").content)
