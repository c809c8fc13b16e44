"""The moments of an incident: reached by what happens, the first time counts, moved by a person with a reason."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from agency.models import Client, User
from incidents.models import Incident, MilestoneKind, Signal
from incidents.services import claims, incidents, milestones, situation_reports
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson

ANSWERS = {"harm": "no", "customers": "no", "officials": "no", "spread": "yes", "word": "yes"}
LATER = timedelta(minutes=10)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def proposed(aldane: Client) -> Incident:
    signal = Signal.objects.create(
        watch=factories.watch(), started_at=NOW - LATER, detected_at=NOW - LATER, raised_at=NOW, observed=9,
        expected=1, window_minutes=60,
    )  # fmt: skip
    return incidents.propose(signal=signal, now=NOW)


def confirm(incident: Incident, lead: User, now: datetime = NOW) -> Incident:
    return incidents.confirm(incident=incident, title="Coup", lead=lead, answers=ANSWERS, by=lead, now=now)


def reached(incident: Incident) -> dict[str, datetime]:
    return dict(incident.milestones.values_list("kind__code", "reached_at"))


def test_a_proposal_has_begun_was_detected_when_it_was_raised_and_is_proposed(proposed: Incident) -> None:
    assert reached(proposed) == {"started": NOW - LATER, "detected": NOW, "proposed": NOW}
    assert {row.by for row in proposed.milestones.all()} == {None}


def test_who_claims_acknowledges_and_confirming_later_changes_nothing_of_it(proposed: Incident, lead: User) -> None:
    claims.claim(incident=proposed, by=lead, now=NOW + LATER)
    confirm(proposed, lead, NOW + 2 * LATER)
    moments = reached(proposed)
    assert (moments["acknowledged"], moments["confirmed"]) == (NOW + LATER, NOW + 2 * LATER)
    assert proposed.milestones.get(kind__code="acknowledged").by == lead


def test_confirming_what_nobody_claimed_acknowledges_it(proposed: Incident, lead: User) -> None:
    confirm(proposed, lead, NOW + LATER)
    assert reached(proposed)["acknowledged"] == NOW + LATER


def test_an_incident_opened_by_hand_was_neither_detected_nor_proposed(aldane: Client, lead: User) -> None:
    opened = incidents.open_by_hand(
        brand=factories.brand(), title="x", started_at=NOW - LATER, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    assert reached(opened) == {"started": NOW - LATER, "acknowledged": NOW, "confirmed": NOW}


def test_only_the_first_situation_report_is_the_briefing(proposed: Incident, lead: User) -> None:
    confirm(proposed, lead)
    for minutes in (5, 30):
        now = NOW + timedelta(minutes=minutes)
        situation_reports.issue(
            incident=proposed, bottom_line="Calme.", expected="", done="", do_not="", figures=[],
            next_at=now + LATER, is_last=False, contacts=[], by=lead, now=now,
        )  # fmt: skip
    assert reached(proposed)["briefed"] == NOW + timedelta(minutes=5)


def test_what_is_opened_again_is_closed_at_its_last_closing(proposed: Incident, lead: User) -> None:
    confirm(proposed, lead)
    incidents.close(incident=proposed, note="Fini.", unmet="Tout est calme.", by=lead, now=NOW + LATER)
    incidents.reopen(incident=proposed, reason="Il revient.", by=lead, now=NOW + 2 * LATER)
    assert "closed" not in reached(proposed)
    incidents.close(incident=proposed, note="Fini.", unmet="Tout est calme.", by=lead, now=NOW + 3 * LATER)
    assert reached(proposed)["closed"] == NOW + 3 * LATER


def test_the_first_time_wins_whoever_comes(proposed: Incident, lead: User) -> None:
    milestones.reach(incident=proposed, code="first_word", at=NOW + LATER, by=lead)
    milestones.reach(incident=proposed, code="first_word", at=NOW)
    assert reached(proposed)["first_word"] == NOW + LATER


def test_a_kind_that_is_switched_off_is_reached_all_the_same(proposed: Incident) -> None:
    MilestoneKind.objects.filter(code="first_word").update(is_active=False)
    milestones.reach(incident=proposed, code="first_word", at=NOW)
    assert reached(proposed)["first_word"] == NOW


def test_a_milestone_that_nobody_knows_is_a_loud_mistake(proposed: Incident) -> None:
    with pytest.raises(KeyError):
        milestones.reach(incident=proposed, code="firstword", at=NOW)


def test_a_person_moves_one_with_a_reason_and_the_log_says_so(proposed: Incident, lead: User) -> None:
    kind, at = MilestoneKind.objects.get(code="detected"), NOW - timedelta(minutes=3)
    moved = milestones.move(incident=proposed, kind=kind, at=at, reason="Vu au téléphone.", by=lead, now=NOW)
    line = proposed.entries.get(by=lead).text
    assert (moved.reached_at, moved.by, moved.note) == (at, lead, "Vu au téléphone.")
    assert all(words in line for words in ("Détecté", f"{timezone.localtime(at):%H:%M}", "Vu au téléphone."))


def test_moving_the_beginning_moves_the_incidents(proposed: Incident, lead: User) -> None:
    kind = MilestoneKind.objects.get(code="started")
    milestones.move(incident=proposed, kind=kind, at=NOW - 3 * LATER, reason="Un premier post.", by=lead, now=NOW)
    proposed.refresh_from_db()
    assert proposed.started_at == NOW - 3 * LATER


def test_one_of_the_clients_own_is_set_without_a_reason(proposed: Incident, lead: User) -> None:
    own = MilestoneKind.objects.create(code="appel", words="Le client a rappelé")
    milestones.move(incident=proposed, kind=own, at=NOW, reason="", by=lead, now=NOW)
    assert reached(proposed)["appel"] == NOW


@pytest.mark.parametrize(
    ("at", "reason", "code"),
    [
        (NOW - LATER, " ", "no_reason"),
        (NOW + LATER, "Plus tard.", "in_the_future"),
        (NOW - LATER, "x" * 50_000, "too_long"),
    ],
)
def test_a_move_that_cannot_be_is_refused_and_nothing_moves(
    proposed: Incident, lead: User, at: datetime, reason: str, code: str
) -> None:
    kind, before = MilestoneKind.objects.get(code="proposed"), reached(proposed)
    with pytest.raises(Refused) as refusal:
        milestones.move(incident=proposed, kind=kind, at=at, reason=reason, by=lead, now=NOW)
    assert (refusal.value.code, reached(proposed)) == (code, before)
