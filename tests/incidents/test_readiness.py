"""Is a client ready for tonight: each thing judged, one sentence, the worst of each client on the agency's page."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agency.models import Client, User
from clients.models import Contact, Playbook, Position
from clients.selectors.hearing import hearing
from incidents.models import FollowUp, Incident
from incidents.readiness import Facts, State, readiness
from incidents.selectors import desk_owed
from incidents.selectors import readiness as read
from incidents.services import incidents
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

ALL_WELL = Facts(
    contacts=3, rungs=4, positions=5, playbooks=6, ears=2, last_drill_at=NOW - timedelta(days=30), broken_rungs=0
)


def state_of(code: str, **facts: object) -> State:
    return next(line.state for line in readiness(replace(ALL_WELL, **facts), NOW).lines if line.code == code)  # type: ignore[arg-type]


def test_when_all_is_well_it_is_said_in_one_sentence() -> None:
    told = readiness(ALL_WELL, NOW)
    assert {line.state for line in told.lines} == {State.READY}
    assert (told.sentence.fr, told.sentence.en) == ("Prêt pour cette nuit.", "Ready for tonight.")


@pytest.mark.parametrize(
    ("code", "facts", "state"),
    [
        ("contacts", {"contacts": 0}, State.MISSING),
        ("contacts", {"unreachable_contacts": 3}, State.MISSING),
        ("contacts", {"unreachable_contacts": 1}, State.LOOK),
        ("ladder", {"rungs": 0}, State.MISSING),
        ("ladder", {"broken_rungs": 4}, State.MISSING),
        ("ladder", {"broken_rungs": 1}, State.LOOK),
        ("approvals", {"stuck_approvals": 1}, State.LOOK),
        ("rota", {"hours_without": 0.2}, State.LOOK),
        ("rota", {"hours_without": 336.0}, State.MISSING),
        ("positions", {"positions": 0}, State.MISSING),
        ("positions", {"expired": 1}, State.LOOK),
        ("positions", {"unapproved": 2}, State.LOOK),
        ("playbooks", {"playbooks": 0}, State.MISSING),
        ("playbooks", {"stale_playbooks": 1}, State.LOOK),
        ("ears", {"ears": 0}, State.MISSING),
        ("ears", {"deaf_ears": 1}, State.LOOK),
        ("drill", {"last_drill_at": None}, State.LOOK),
        ("drill", {"last_drill_at": NOW - timedelta(days=400)}, State.LOOK),
        ("debriefs", {"debriefs_late": 1}, State.LOOK),
        ("follow_ups", {"follow_ups_late": 1}, State.LOOK),
    ],
)
def test_each_thing_has_its_state_and_its_reason(code: str, facts: dict[str, object], state: State) -> None:
    assert state_of(code, **facts) == state
    told = readiness(replace(ALL_WELL, **facts), NOW)  # type: ignore[arg-type]
    assert told.worst.code == code and told.worst.why.fr in told.sentence.fr and told.worst.why.en in told.sentence.en


def test_what_fails_tonight_is_said_before_what_can_wait() -> None:
    told = readiness(replace(ALL_WELL, follow_ups_late=9, ears=0, last_drill_at=None), NOW)
    assert told.sentence.en.startswith("Not ready for tonight: sources heard")
    assert (told.count(State.MISSING), told.count(State.LOOK)) == (1, 2)


def test_the_facts_are_those_of_the_client(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    brand = factories.brand()
    Contact.objects.create(name="Ana", email="ana@aldane.test")
    Position.objects.create(
        brand=brand, code="P-1", title="x", short_text="x", approved_at=NOW, valid_until=date(2026, 11, 20)
    )
    Position.objects.create(brand=brand, code="P-2", title="x", short_text="x")
    Playbook.objects.create(code="F-1", title="x", owner=lead, review_on=date(2027, 1, 1))
    Playbook.objects.create(code="F-2", title="x", owner=lead)
    facts = read.facts_of([aldane], {}, person=lead, now=NOW)[aldane.pk]
    assert (facts.contacts, facts.positions, facts.expiring, facts.unapproved) == (1, 1, 1, 1)
    assert (facts.playbooks, facts.stale_playbooks, facts.hours_without) == (2, 1, 336.0)


def opened(by: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=by, answers=ANSWERS, by=by, now=NOW
    )


def test_what_is_restricted_counts_for_nobody_outside(aldane: Client, person: MakePerson) -> None:
    lead, other = person("lead", aldane), person("cm", aldane)
    FollowUp.objects.create(
        incident=opened(lead), words="x", owner=lead, due_on=date(2026, 11, 1), remind_at=NOW, by_id=1, created_at=NOW
    )
    Incident.objects.update(is_restricted=True)
    late = [read.facts_of([aldane], {}, person=one, now=NOW)[aldane.pk].follow_ups_late for one in (lead, other, None)]
    assert late == [1, 0, 0]


def test_a_graver_incident_closed_without_a_hot_debrief_is_owed_one(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    opened(lead)
    Incident.objects.update(state="closed", severity=1, closed_at=NOW)
    assert read.facts_of([aldane], {}, person=lead, now=NOW)[aldane.pk].debriefs_late == 1


def test_the_page_says_one_sentence_and_leads_to_where_it_is_mended(visit, aldane: Client, person: MakePerson) -> None:
    page = visit(person("cm", aldane), aldane).get("/agence/preparation/").text
    assert read.of_client(aldane, hearing(NOW), person=None, now=NOW).sentence.fr.split(" ")[0] in page
    assert "/agence/suites/" in page and "/garde/" in page


def test_two_clients_take_no_more_questions_than_one(
    aldane: Client, tramontel: Client, person: MakePerson, django_assert_num_queries
) -> None:
    director = person("director")
    for clients in ([aldane], [aldane, tramontel]):
        with django_assert_num_queries(4):  # the counts and the shifts, each after its SET search_path
            assert len(read.of_clients(clients, {}, person=director, now=NOW)) == len(clients)
        with django_assert_num_queries(2):
            assert desk_owed.owed(clients, person=director, now=NOW) == ()


def test_the_agencys_page_names_each_client_and_the_desk_brings_it_in(
    visit, aldane: Client, tramontel: Client, person: MakePerson
) -> None:
    browser = visit(person("director"))
    page = browser.get("/preparation/").text
    assert aldane.name in page and tramontel.name in page
    assert "hx-get" in browser.get("/").text
