"""Milestones and metrics through the client's host, and over REST."""

from datetime import timedelta

import pytest
import time_machine

from agency.choices import Role
from agency.models import Client, User
from incidents.metrics import Measured
from incidents.models import Incident, MetricKind, Milestone, MilestoneKind
from incidents.selectors.milestones import told
from incidents.services import incidents, situation_reports
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def browser(visit, lead: User, aldane: Client):
    with time_machine.travel(NOW, tick=False):
        yield visit(lead, aldane)


def opened(lead: User, *, briefed_after: int = 0) -> Incident:
    incident = incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    if briefed_after:
        now = NOW + timedelta(minutes=briefed_after)
        situation_reports.issue(
            incident=incident, bottom_line="Calme.", expected="", done="", do_not="", figures=[], next_at=None,
            is_last=True, contacts=[], by=lead, now=now,
        )  # fmt: skip
    return incident


def closed(lead: User, briefed_after: int) -> Incident:
    incident = opened(lead, briefed_after=briefed_after)
    Incident.objects.filter(pk=incident.pk).update(state="closed", closed_at=NOW + timedelta(hours=2))
    return incident


def brief(incident: Incident) -> Measured:
    (found,) = [one.found for one in told(incident).metrics if one.kind.code == "brief"]
    return found


def test_the_page_tells_each_milestone_its_hour_and_who(browser, lead: User) -> None:
    page = browser.get(f"/agence/incidents/{opened(lead).number}/").content.decode()
    card = page.partition('id="milestones"')[2].partition("</section>")[0]
    assert all(words in card for words in ("Pris en compte", lead.full_name, "Temps jusqu’au premier point"))


def test_the_habit_is_the_clients_own_median(browser, lead: User) -> None:
    for minutes in (10, 20, 60):
        closed(lead, minutes)
    found = brief(opened(lead))
    assert (found.state, found.usual, found.earlier) == ("waiting", timedelta(minutes=20), 3)


def test_a_restricted_incident_counts_in_no_habit(browser, lead: User) -> None:
    Incident.objects.filter(pk=closed(lead, 10).pk).update(is_restricted=True)
    found = brief(opened(lead))
    assert found.earlier == 0


def test_the_aim_of_its_severity_is_the_aim(browser, lead: User) -> None:
    MetricKind.objects.filter(code="brief").update(target_3=15, target_1=5)
    found = brief(opened(lead, briefed_after=16))
    assert (found.aim, found.is_over_the_aim) == (timedelta(minutes=15), True)


def test_what_is_switched_off_is_not_shown(browser, lead: User) -> None:
    MilestoneKind.objects.filter(code="first_word").update(is_active=False)
    assert "first_word" not in {one.kind.code for one in told(opened(lead)).milestones}


def test_a_person_moves_a_milestone_from_the_page(browser, lead: User) -> None:
    incident, kind = opened(lead), MilestoneKind.objects.get(code="acknowledged")
    page = f"/agence/incidents/{incident.number}/"
    given = {"milestone-kind": kind.pk, "milestone-at": "21:30", "milestone-reason": "Au téléphone."}
    answer = browser.post(f"{page}jalons/", given)
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#milestones")
    assert Milestone.objects.get(kind=kind).reached_at == NOW - timedelta(minutes=28)


@pytest.mark.parametrize("at", ["", "bientôt", "x" * 50_000, "\0", "🔥", "23:59"])
def test_a_moment_that_is_none_moves_nothing_and_says_so(browser, lead: User, at: str) -> None:
    incident, kind = opened(lead), MilestoneKind.objects.get(code="briefed")
    answer = browser.post(
        f"/agence/incidents/{incident.number}/jalons/", {"milestone-kind": kind.pk, "milestone-at": at}, follow=True
    )
    assert answer.status_code == 200
    assert answer.context["messages"]
    assert not Milestone.objects.filter(kind=kind).exists() or at == "23:59"


def test_what_came_with_the_house_is_renamed_and_never_deleted(browser, lead: User) -> None:
    kind = MilestoneKind.objects.get(code="briefed")
    page = f"/agence/incidents/milestonekind/{kind.pk}"
    assert browser.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    browser.post(f"{page}/change/", {"words": "Client prévenu", "place": "60", "is_active": "on", "code": "autre"})
    kind.refresh_from_db()
    assert (kind.words, kind.code) == ("Client prévenu", "briefed")


def test_ticked_in_the_list_it_is_not_deleted_either(browser, lead: User) -> None:
    kind = MilestoneKind.objects.get(code="first_word")
    browser.post(
        "/agence/incidents/milestonekind/",
        {"action": "delete_selected", "_selected_action": [kind.pk], "post": "yes"},
    )
    assert MilestoneKind.objects.filter(pk=kind.pk).exists()


def test_a_client_adds_its_own_and_measures_with_it(browser, lead: User) -> None:
    browser.post("/agence/incidents/milestonekind/add/", {"words": "Rappelé", "code": "rappele", "place": "75"})
    own = MilestoneKind.objects.get(code="rappele")
    begins = MilestoneKind.objects.get(code="started")
    given = {"words": "Délai de rappel", "code": "rappel", "place": "60", "from_kind": begins.pk, "to_kind": own.pk}
    browser.post("/agence/incidents/metrickind/add/", given)
    assert not own.is_built_in
    assert MetricKind.objects.get(code="rappel").to_kind == own


def test_a_metric_from_a_milestone_to_itself_is_refused(browser, lead: User) -> None:
    begins = MilestoneKind.objects.get(code="started")
    given = {"words": "Rien", "code": "rien", "place": "60", "from_kind": begins.pk, "to_kind": begins.pk}
    answer = browser.post("/agence/incidents/metrickind/add/", given)
    assert answer.status_code == 200
    assert not MetricKind.objects.filter(code="rien").exists()


def test_a_reader_of_the_desk_adds_none(visit, person: MakePerson, aldane: Client) -> None:
    page = visit(person(Role.CM, aldane), aldane).get("/agence/incidents/milestonekind/add/")
    assert page.status_code == 403


def test_what_was_opened_by_hand_is_not_said_to_be_detected_yet(browser, lead: User) -> None:
    expected = {one.kind.code: one.is_expected for one in told(opened(lead)).milestones}
    assert (expected["detected"], expected["proposed"], expected["briefed"]) == (False, False, True)
