"""Incidents over REST: read with a key of that client, and only what a person confirmed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agency.models import Client, User
from agency.services import keys
from incidents.models import Incident
from incidents.services import incidents
from tests import factories
from tests.conftest import NOW, MakePerson, host_of
from tests.incidents.test_incidents import ANSWERS

Ask = Callable[..., Any]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def ask(aldane: Client, lead: User) -> Ask:
    _row, key = keys.make(
        client=aldane, name="suite", scopes=["incidents:read"], by=lead, now=timezone.now(), lifetime=timedelta(days=1)
    )

    def get(path: str, host: str = "", bearer: str = key) -> Any:
        return Browser(HTTP_HOST=host or host_of(aldane)).get(path, headers={"Authorization": f"Bearer {bearer}"})

    return get


def opened(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def test_a_confirmed_incident_is_read_with_its_log(ask: Ask, lead: User) -> None:
    number = opened(lead).number
    answer = ask(f"/api/v1/incidents/{number}").json()
    assert (answer["reference"], answer["lead"], answer["severity"]) == ("INC-0001", lead.full_name, 3)
    assert len(answer["log"][0]["hash"]) == 64


def test_what_the_machine_only_proposes_is_not_there(ask: Ask) -> None:
    Incident.objects.create(number=1, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW)
    assert ask("/api/v1/incidents").json()["results"] == []
    assert ask("/api/v1/incidents/1").status_code == 404


def test_a_reader_who_comes_back_with_the_cursor_gets_only_what_is_new(ask: Ask, lead: User) -> None:
    opened(lead)
    cursor = ask("/api/v1/incidents").json()["next"]
    assert ask(f"/api/v1/incidents?cursor={cursor}").json()["results"] == []
    opened(lead)
    assert [row["number"] for row in ask(f"/api/v1/incidents?cursor={cursor}").json()["results"]] == [2]


def test_the_key_of_one_client_is_nobody_at_another(ask: Ask, tramontel: Client) -> None:
    refused = ask("/api/v1/incidents", host=host_of(tramontel))
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    assert refused["Content-Type"] == "application/problem+json"


def test_a_cursor_made_up_is_a_clear_error(ask: Ask) -> None:
    refused = ask("/api/v1/incidents?cursor=%F0%9F%8D%BF")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "bad_cursor")


def test_the_milestones_are_read_with_what_they_measure(ask: Ask, lead: User) -> None:
    answer = ask(f"/api/v1/incidents/{opened(lead).number}").json()
    reached = {one["code"]: (one["reached_at"] is not None, one["by"]) for one in answer["milestones"]}
    (brief,) = [one for one in answer["metrics"] if one["code"] == "brief"]
    assert reached["confirmed"] == (True, lead.full_name)
    assert reached["briefed"] == (False, None)
    assert (brief["state"], brief["minutes"], brief["begins"], brief["ends"]) == ("waiting", None, "started", "briefed")
