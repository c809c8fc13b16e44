"""Tasks over REST: read with the incident, each with its playbook, in a number of queries that does not grow."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agency.models import Client, User
from agency.services import keys
from incidents.models import Incident, Task
from incidents.services import incidents, to_do
from incidents.services.nature import Nature
from tests import factories
from tests.conftest import NOW, MakePerson, host_of
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def read(client: Client, lead: User, incident: Incident) -> dict:
    now = timezone.now()
    _row, key = keys.make(
        client=client, name="suite", scopes=["incidents:read"], by=lead, now=now, lifetime=timedelta(days=1)
    )
    bearer = {"Authorization": f"Bearer {key}"}
    return Browser(HTTP_HOST=host_of(client)).get(f"/api/v1/incidents/{incident.number}", headers=bearer).json()


def test_an_incident_is_read_with_its_tasks_and_where_they_come_from(aldane: Client, lead: User) -> None:
    factories.playbook(types=["outage"], steps=("Suspendre", "Dire"))
    incident = incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, nature=Nature("outage"),
        by=lead, now=NOW,
    )  # fmt: skip
    to_do.finish(task=Task.objects.get(words="Dire"), by=lead, now=NOW)
    told = read(aldane, lead, incident)["tasks"]
    assert [(one["words"], one["state"], one["done_by"]) for one in told] == [
        ("Suspendre", "open", None), ("Dire", "done", lead.full_name),
    ]  # fmt: skip
    assert {(one["playbook"], one["playbook_version"], one["owner"]) for one in told} == {("F-01", 1, lead.full_name)}
