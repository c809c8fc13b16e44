"""A situation report is owed by the client's cadence, and whoever owes it is reminded until it is out."""

from datetime import timedelta

import pytest

from agency.models import Client, User
from clients.models import Cadence
from incidents.choices import IncidentKind
from incidents.models import Incident, LateUpdate
from incidents.services import incidents, late_updates
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.letters import Letters
from tests.incidents.test_incidents import ANSWERS
from tests.incidents.test_situation_reports import issue

MILD = dict.fromkeys(ANSWERS, "no")


@pytest.fixture
def cm(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def chief(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def opened(cm: User, chief: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=cm, answers=ANSWERS, by=cm, now=NOW
    )


@pytest.fixture
def late(opened: Incident) -> Incident:
    Incident.objects.update(next_update_at=NOW)
    return Incident.objects.get()


def remind(minutes: float, post: Letters) -> int:
    at = NOW + timedelta(minutes=minutes)
    return sum(late_updates.remind(incident_id=one, post=post, now=at) for one in late_updates.due(now=at))


def test_confirming_owes_a_first_report_within_the_cadence_of_its_severity(opened: Incident) -> None:
    hours = {1: 0.5, 2: 1, 3: 2}[opened.severity or 4]
    assert opened.next_update_at == NOW + timedelta(hours=hours)


def test_the_clients_own_cadence_counts_from_its_hour_on(opened: Incident, cm: User) -> None:
    Cadence.objects.create(severity=opened.severity, minutes=15, in_force_from=NOW, by_id=cm.pk)
    late_updates.owe(incident=opened, now=NOW)
    assert Incident.objects.get().next_update_at == NOW + timedelta(minutes=15)
    late_updates.owe(incident=opened, now=NOW + timedelta(minutes=10))
    assert Incident.objects.get().next_update_at == NOW + timedelta(minutes=15)


def test_at_every_change_nothing_is_owed(cm: User) -> None:
    mild = incidents.open_by_hand(
        brand=factories.brand(), title="Blague", started_at=NOW, lead=cm, answers=MILD, by=cm, now=NOW
    )
    assert (mild.severity, mild.next_update_at) == (4, None)


def test_a_graver_severity_owes_one_sooner_and_so_does_opening_it_again(cm: User, chief: User) -> None:
    mild = incidents.open_by_hand(
        brand=factories.brand(), title="Blague", started_at=NOW, lead=cm, answers=MILD, by=cm, now=NOW
    )
    assert incidents.assess(incident=mild, answers=ANSWERS, by=cm, now=NOW).next_update_at == NOW + timedelta(hours=2)
    Incident.objects.update(state="closed", next_update_at=None)
    again = incidents.reopen(incident=Incident.objects.get(), reason="Cela repart.", by=chief, now=NOW)
    assert again.next_update_at == NOW + timedelta(hours=2)


def test_the_lead_is_reminded_first_then_whoever_leads_the_team_until_it_is_out(
    late: Incident, cm: User, chief: User
) -> None:
    post = Letters()
    for minutes in (0, 60, 120):
        remind(minutes, post)
    assert [to for to, _subject, _body in post.sent] == [cm.email, cm.email, cm.email, chief.email]
    issue(late, cm, next_at=NOW + timedelta(hours=5))
    assert remind(240, post) == 0
    assert not LateUpdate.objects.exists()


def test_it_is_not_asked_for_before_its_next_round(late: Incident) -> None:
    post = Letters()
    assert [remind(minutes, post) for minutes in (0, 1, 5)] == [1, 0, 0]


def test_a_closed_incident_owes_nothing(late: Incident, chief: User) -> None:
    late.next_update_at = None
    late.state, late.closed_at = "closed", NOW
    late.save()
    assert late_updates.due(now=NOW + timedelta(days=1)) == []


def test_two_workers_send_one_message(late: Incident) -> None:
    post = Letters()
    assert late_updates.due(now=NOW) == [late.pk]
    assert [late_updates.remind(incident_id=late.pk, post=post, now=NOW) for _ in range(2)] == [1, 0]


def test_a_lead_whose_server_refuses_is_said_once_and_the_team_s_lead_is_told(
    late: Incident, cm: User, chief: User
) -> None:
    post = Letters(refused={cm.email})
    remind(0, post)
    remind(3, post)
    assert [to for to, _subject, _body in post.sent] == [chief.email]
    assert late.entries.filter(text__contains=str(cm)).filter(text__contains="550").count() == 1


def test_where_one_is_told_the_others_busy_server_waits_for_the_next_round(late, cm: User, chief: User) -> None:
    post = Letters(busy={chief.email})
    for minutes in (0, 60, 120, 122, 124):
        remind(minutes, post)
    assert [to for to, _subject, _body in post.sent] == [cm.email] * 3


def test_when_no_address_takes_it_the_log_names_each_once(late: Incident, cm: User, chief: User) -> None:
    post = Letters(refused={cm.email, chief.email})
    for minutes in (0, 2, 4, 6):
        remind(minutes, post)
    said = [line.text for line in late.entries.filter(text__contains="550").order_by("number")]
    assert [str(one) in words for one, words in zip((cm, chief), said, strict=True)] == [True, True]


def test_a_busy_server_is_tried_again_in_two_minutes(late: Incident, cm: User) -> None:
    post = Letters(busy={cm.email})
    remind(0, post)
    post.busy.clear()
    assert remind(2, post) == 1


def test_of_a_restricted_incident_only_who_knows_is_told_and_its_title_stays_inside(
    late: Incident, cm: User, chief: User
) -> None:
    Incident.objects.update(is_restricted=True, title="Secret", kind=IncidentKind.DRILL)
    post = Letters()
    for minutes in (0, 60, 120):
        remind(minutes, post)
    assert {to for to, _subject, _body in post.sent} == {cm.email}
    assert all("Secret" not in subject + body for _to, subject, body in post.sent)
