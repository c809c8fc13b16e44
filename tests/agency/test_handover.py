"""The pass from the agency's desk to a client's: short-lived, single-use, for one person, one client, one host."""

from datetime import timedelta

import pytest
from django.http import Http404

from agency.models import AuditEvent, HandOver
from agency.services import handover, people
from tests.conftest import NOW


def make_pass(person, client, path="/agence/"):
    return handover.issue(by=person, schema_name=client.schema_name, path=path, address="192.0.2.1", now=NOW)[1]


def redeem(token, client, after=timedelta(seconds=10)):
    return handover.redeem(token=token, client=client, address=None, now=NOW + after)


def test_staff_walk_from_the_desk_to_a_clients_page(person, visit, tramontel):
    answer = visit(person("cm", tramontel)).post("/clients/tramontel/entrer/", {"path": "/agence/"})
    assert answer["Location"].startswith("http://tramontel.localhost/entrer/")
    browser = visit(None, tramontel)
    assert browser.get(answer["Location"].removeprefix("http://tramontel.localhost"))["Location"] == "/agence/"
    assert browser.get("/agence/").status_code == 200
    assert {e.action for e in AuditEvent.objects.filter(action__startswith="handover")} == {
        "handover.issued",
        "handover.used",
    }


def test_a_link_to_a_clients_page_comes_back_to_it_by_the_agencys_door(person, visit, tramontel):
    stranger = visit(None, tramontel)
    door = stranger.get(stranger.get("/agence/?x=1")["Location"])["Location"]
    assert door == "http://agence.localhost/clients/tramontel/entrer/?path=%2Fagence%2F%3Fx%3D1"
    page = visit(person("cm", tramontel)).get(door.removeprefix("http://agence.localhost"))
    assert 'value="/agence/?x=1"' in page.content.decode()


def test_a_pass_serves_once(person, tramontel):
    token = make_pass(person("cm", tramontel), tramontel)
    redeem(token, tramontel)
    with pytest.raises(handover.PassRefused):
        redeem(token, tramontel)


def test_a_pass_lasts_a_minute(person, tramontel):
    token = make_pass(person("cm"), tramontel)
    with pytest.raises(handover.PassRefused):
        redeem(token, tramontel, timedelta(seconds=60))


def test_a_pass_to_one_client_opens_no_other(person, tramontel, aldane):
    token = make_pass(person("director"), tramontel)
    with pytest.raises(handover.PassRefused):
        redeem(token, aldane)
    assert redeem(token, tramontel)


def test_a_pass_dies_with_the_role(person, tramontel):
    cm, director = person("cm", tramontel), person("director")
    token = make_pass(cm, tramontel)
    people.take_role(membership=cm.memberships.get(), by=director, now=NOW)
    with pytest.raises(handover.PassRefused):
        redeem(token, tramontel)
    assert AuditEvent.objects.get(action="handover.refused").user == cm


@pytest.mark.parametrize("role", ["reader", "approver", "owner"])
def test_a_clients_person_gets_no_pass(role, person, tramontel):
    with pytest.raises(Http404):
        make_pass(person(role, tramontel), tramontel)


def test_the_secret_is_not_kept(person, tramontel):
    token = make_pass(person("cm"), tramontel)
    assert token not in str(HandOver.objects.values())


@pytest.mark.parametrize(
    "path", ["https://elsewhere.test/", "//elsewhere.test/", "/\\elsewhere.test", "x", "/" + "a" * 400]
)
def test_a_pass_leads_to_a_page_of_the_house_only(person, tramontel, path):
    make_pass(person("cm"), tramontel, path)
    assert HandOver.objects.get().path == "/"


def test_leaving_the_agencys_desk_leaves_the_clients_too(person, visit, tramontel):
    desk, there = visit(person("cm", tramontel)), visit(None, tramontel)
    there.get(desk.post("/clients/tramontel/entrer/", {})["Location"].removeprefix("http://tramontel.localhost"))
    assert there.get("/agence/").status_code == 200
    desk.post("/compte/logout/")
    assert there.get("/agence/").status_code == 302
