"""Playbooks and tasks, seen: light and dark, wide and narrow, without a violation."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.models import Playbook
from clients.services import playbooks as peace
from incidents.models import Incident, Task
from incidents.services import incidents, to_do
from incidents.services.nature import Nature
from tests import factories
from tests.browser.conftest import House
from tests.incidents.test_incidents import ANSWERS

Look = Callable[..., None]


@pytest.fixture
def lead(house: House) -> User:
    return house.person("lead", Client.objects.get(schema_name="maison_aldane"))


def follow(lead: User) -> tuple[Incident, Playbook]:
    """An outage opened twenty-five minutes ago: a step done, others late."""
    client, ago = Client.objects.get(schema_name="maison_aldane"), timezone.now() - timedelta(minutes=25)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        copied = peace.copy_starters(by=lead, now=ago)
        incident = incidents.open_by_hand(
            brand=factories.brand(), title="La boutique ne répond plus", started_at=ago, lead=lead, answers=ANSWERS,
            nature=Nature(type="outage"), by=lead, now=ago,
        )  # fmt: skip
        to_do.finish(task=Task.objects.get(number=1), by=lead, now=timezone.now())
        return incident, copied[0]


def test_the_tasks_of_an_incident_and_the_playbook_they_come_from(lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    incident, playbook = follow(lead)
    look(f"/agence/incidents/{incident.number}/", "tasks-open", user=lead, client=client)
    look("/agence/fiches/", "playbooks", user=lead, client=client)
    look(f"/agence/fiches/{playbook.pk}/", "playbook", user=lead, client=client)


def test_the_desk_with_late_tasks(lead: User, look: Look) -> None:
    follow(lead)
    look("/", "desk-late-tasks", user=lead)


def test_a_client_without_playbooks_is_offered_the_starter_set(lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    look("/agence/fiches/", "playbooks-none", user=lead, client=client)


def test_a_playbook_is_edited_with_its_steps_in_order(lead: User, look: Look) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    _incident, playbook = follow(lead)
    look(f"/agence/clients/playbook/{playbook.pk}/change/", "playbook-edit", user=lead, client=client)
