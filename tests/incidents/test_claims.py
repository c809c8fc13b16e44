"""“I take it”: one has it, the other is told who."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django_tenants.utils import schema_context

from agency.models import Client, Membership, User
from incidents.models import Incident
from incidents.services import claims, incidents
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal

LATER = NOW + timedelta(minutes=3)


def proposed() -> Incident:
    return Incident.objects.create(number=1, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def test_whoever_takes_it_is_its_lead_and_the_log_says_so(lead: User) -> None:
    incident = claims.claim(incident=proposed(), by=lead, now=LATER)
    assert (incident.lead, incident.state) == (lead, "proposed")
    assert incident.entries.get().by == lead


def test_taking_it_twice_changes_nothing(lead: User) -> None:
    incident = proposed()
    for _twice in range(2):
        claims.claim(incident=incident, by=lead, now=LATER)
    assert incident.entries.count() == 1


def test_the_second_is_told_who_has_it(aldane: Client, lead: User, person: MakePerson) -> None:
    incident = proposed()
    claims.claim(incident=incident, by=lead, now=LATER)
    with pytest.raises(Refused, match=lead.full_name) as caught:
        claims.claim(incident=incident, by=person("cm", aldane), now=LATER)
    assert caught.value.code == "taken"


@pytest.mark.parametrize("role", ["reader", "approver"])
def test_who_may_not_run_it_may_not_take_it(aldane: Client, person: MakePerson, role: str) -> None:
    assert refusal(claims.claim, incident=proposed(), by=person(role, aldane), now=LATER) == "not_this_lead"


def test_what_was_set_aside_is_not_taken(lead: User) -> None:
    incident = incidents.dismiss(incident=proposed(), reason="rien", by=lead, now=LATER)
    assert refusal(claims.claim, incident=incident, by=lead, now=LATER) == "not_proposed"


def test_who_took_a_proposal_hands_it_over(aldane: Client, lead: User, person: MakePerson) -> None:
    incident, other = claims.claim(incident=proposed(), by=lead, now=LATER), person("cm", aldane)
    assert incidents.hand_lead(incident=incident, lead=other, by=lead, now=LATER).lead == other


def test_the_page_asks_for_somebody_until_it_is_taken(visit: Any, aldane: Client, lead: User) -> None:
    incident, desk = proposed(), visit(lead, aldane)
    page = f"/agence/incidents/{incident.number}/"
    assert f"{page}prendre/" in desk.get(page).content.decode()
    assert desk.post(f"{page}prendre/").status_code == 302
    shown = desk.get(page).content.decode()
    assert f"{page}prendre/" not in shown
    given = {**ANSWERS, "title": "Meute", "lead": lead.pk}
    assert desk.post(f"{page}confirmer/", given).status_code == 302
    assert Incident.objects.get().state == "open"


def test_of_ten_who_take_it_at_once_one_has_it(committed: None) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    people = [User.objects.create_user(f"p{number}@rempart.test", full_name=f"P {number}") for number in range(10)]
    Membership.objects.bulk_create(Membership(user=one, client=client, role="cm") for one in people)
    with schema_context(client.schema_name):
        incident = proposed()
    told: list[str] = []

    def take(person: User) -> None:
        with schema_context(client.schema_name):
            connection.set_tenant(client)
            try:
                told.append(f"mine {claims.claim(incident=incident, by=person, now=LATER).lead}")
            except Refused as refused:
                told.append(refused.code)
        connections.close_all()

    threads = [threading.Thread(target=take, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with schema_context(client.schema_name):
        assert sorted(told)[1:] == ["taken"] * 9
        assert Incident.objects.get().entries.count() == 1
