"""What a report reads of an incident's steps: its milestones, which a person may have moved."""

from datetime import timedelta

import pytest

from agency.models import Client, User
from incidents.models import Incident, Milestone, MilestoneKind
from incidents.services import incidents, milestones
from reports.selectors import stories
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def test_a_moment_moved_by_a_person_is_the_reports(incident: Incident, lead: User) -> None:
    kind, at = MilestoneKind.objects.get(code="confirmed"), NOW - timedelta(minutes=9)
    milestones.move(incident=incident, kind=kind, at=at, reason="Au téléphone.", by=lead, now=NOW)
    assert stories.instants_of(incident).opened_at == at


def test_an_incident_without_milestones_is_read_from_what_was_done(incident: Incident) -> None:
    Milestone.objects.all().delete()
    found = stories.instants_of(incident)
    assert (found.started_at, found.opened_at, found.reported_at) == (NOW, NOW, None)
