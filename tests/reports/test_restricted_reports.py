"""The report of a restricted incident stays with those who know of it."""

from collections.abc import Callable
from threading import Thread

import pytest
import time_machine
from django.db import connection, connections, transaction
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import Client, Membership, User
from clients.models import Contact, Source
from incidents.models import Briefing, Incident
from incidents.selectors import outlooks
from incidents.services import restriction
from reports.selectors import portal, stories
from reports.selectors import reports as read
from reports.services import reports
from tests import factories
from tests.conftest import MakePerson
from tests.reports import rooms
from tests.reports.rooms import DRAFTED
from tests.reports.test_reports import LATER, refusal


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def restrict(incident: Incident, by: User) -> None:
    restriction.restrict(incident=incident, reason="Une personne est en cause.", by=by, now=LATER)


def test_it_is_not_published_before_the_incident_is_opened_up(lead: User) -> None:
    draft = rooms.drafted(lead)
    restrict(draft.incident, lead)
    assert refusal(reports.publish, report=draft, by=lead, now=LATER) == "restricted"
    restriction.open_up(incident=draft.incident, reason="Tout est public.", by=lead, now=LATER)
    assert reports.publish(report=draft, by=lead, now=LATER).published_at == LATER


def test_who_restricts_and_who_publishes_at_once_do_not_cross(committed: None) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    by = User.objects.create_user("l@rempart.test", full_name="Lead")
    Membership.objects.create(user=by, client=client, role="lead")
    told: list[str] = []

    def publish() -> None:
        try:
            connection.set_tenant(client)
            told.append(refusal(reports.publish, report=draft, by=by, now=LATER))
        finally:
            connections.close_all()

    with schema_context(client.schema_name):
        connection.set_tenant(client)
        draft, publisher = rooms.drafted(by), Thread(target=publish)
        with transaction.atomic():
            restrict(draft.incident, by)
            publisher.start()
            publisher.join(0.5)
        publisher.join(10)
    assert told == ["restricted"]


def test_published_before_it_leaves_the_portal_and_comes_back(lead: User) -> None:
    report = rooms.published(lead)
    assert [list(read.published()), list(read.readable()), list(portal.shown())] == [
        [report],
        [report],
        [report.incident],
    ]
    restrict(report.incident, lead)
    assert [list(read.published()), list(read.readable()), list(portal.shown())] == [[], [], []]
    restriction.open_up(incident=report.incident, reason="Tout est public.", by=lead, now=LATER)
    assert list(read.published()) == [report]


def test_the_room_of_reports_lists_it_for_those_inside_only(lead: User, aldane: Client, person: MakePerson) -> None:
    report = rooms.drafted(lead)
    restrict(report.incident, lead)
    assert list(read.listed(lead)) == [report]
    assert list(read.listed(person("lead", aldane))) == []


def test_no_other_incident_is_compared_with_it(lead: User) -> None:
    closed = rooms.closed(lead)
    later = Incident.objects.create(
        number=9, brand=closed.brand, title="Après", started_at=DRAFTED, proposed_at=DRAFTED, kind=closed.kind
    )
    assert (len(stories.instants_before(later)), len(outlooks.past_of(later, LATER))) == (1, 1)
    restrict(closed, lead)
    assert (stories.instants_before(later), outlooks.past_of(later, LATER)) == ([], ())


def test_whoever_was_told_of_it_is_not_told_that_all_is_calm(
    lead: User, aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    Source.objects.create(name="Presse", url="https://presse.test/fil", last_success_at=LATER)
    told, other = person("approver", aldane), person("approver", aldane)
    Client.objects.filter(pk=aldane.pk).update(language="en")
    User.objects.update(language="en")
    incident = rooms.opened(lead)
    factories.contact(name="Approbatrice", email=told.email.upper())
    Briefing.objects.update(email=told.email.upper(), contact=Contact.objects.get(name="Approbatrice"))
    restrict(incident, lead)
    with time_machine.travel(LATER, tick=False):
        pages = [visit(one, aldane).get("/").content.decode() for one in (told, other, lead)]
    assert ["All is calm" in page for page in pages] == [False, True, True]
    assert "Your agency informs you directly" in pages[0]
    assert not any(incident.reference in page or incident.title in page for page in pages)
