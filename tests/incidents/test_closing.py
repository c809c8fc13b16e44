"""Closing: the signs of the end are ticked or answered, and a grave incident has its hot debrief planned."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from agency.models import Client, User
from incidents import severity
from incidents.exit_criteria import MOST, lines
from incidents.models import Debrief, ExitCriterion, Incident, TimelineEntry
from incidents.services import closing, criteria, incidents, nature
from incidents.services.debriefs import Plan
from incidents.services.nature import Nature
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson

LATER = NOW + timedelta(hours=2)
GRAVE = {"harm": "yes", "customers": "yes", "officials": "yes", "spread": "yes", "word": "yes"}
SIGNS = "- Plus rien depuis deux heures\n\n• Chaque question a sa réponse\n- Plus rien depuis deux heures"


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def opened(by: User, answers: dict[str, str] | None = None) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Un confrère frappe", started_at=NOW, lead=by,
        answers=answers or dict.fromkeys(severity.CODES, "no"), nature=Nature(exit_criteria=SIGNS), by=by, now=NOW,
    )  # fmt: skip


def refusal(act: Callable[..., object], **given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.code


def close(incident: Incident, by: User, **given: Any) -> Incident:
    return incidents.close(incident=incident, note="Retombé.", by=by, now=LATER, **given)


def test_criteria_are_lines_without_bullets_or_repeats() -> None:
    assert lines(SIGNS) == ("Plus rien depuis deux heures", "Chaque question a sa réponse")
    assert lines("1. Un\n2) Deux\n\n   \n-3 degrés") == ("Un", "Deux", "-3 degrés")


@pytest.mark.parametrize("text", ["", "\n\n", "\0", "- ", "•  \n"])
def test_no_words_are_no_criteria(text: str) -> None:
    assert [line for line in lines(text) if line not in {"-", "•"}] == []


def test_nothing_written_is_lost_beyond_the_fortieth_line() -> None:
    found = lines("\n".join(f"signe {n}" for n in range(500)))
    assert len(found) == MOST and found[-1].endswith("signe 499") and "signe 39" in found[-1]


def test_an_opened_incident_has_a_row_for_each_sign_of_its_end(lead: User) -> None:
    rows = opened(lead).criteria.all()
    assert [row.words for row in rows] == ["Plus rien depuis deux heures", "Chaque question a sa réponse"]


def test_a_tick_says_who_and_when_and_is_undone_in_the_log(lead: User) -> None:
    incident = opened(lead)
    row = criteria.tick(incident=incident, number=1, by=lead, now=LATER)
    assert (row.met_by, row.met_at) == (lead, LATER)
    criteria.tick(incident=incident, number=1, by=lead, now=LATER)
    assert criteria.untick(incident=incident, number=1, by=lead, now=LATER).met_at is None
    told = [entry.text for entry in TimelineEntry.objects.order_by("number")][-2:]
    assert "Plus rien depuis deux heures" in told[0] and "Plus rien depuis deux heures" in told[1]


def test_a_sign_that_is_gone_or_of_a_closed_incident_is_not_ticked(lead: User) -> None:
    incident = opened(lead)
    assert refusal(criteria.tick, incident=incident, number=9, by=lead, now=LATER) == "no_such_criterion"
    close(incident, lead, unmet="Tout est calme.")
    assert refusal(criteria.tick, incident=incident, number=1, by=lead, now=LATER) == "not_open"


def test_rewriting_the_signs_keeps_the_ticks_of_those_that_stay(lead: User) -> None:
    incident = opened(lead)
    criteria.tick(incident=incident, number=2, by=lead, now=LATER)
    said = Nature(exit_criteria="Chaque question a sa réponse\nLa presse a rectifié")
    nature.describe(incident=incident, nature=said, by=lead, now=LATER)
    rows = {row.words: row.met_at for row in ExitCriterion.objects.filter(incident=incident)}
    assert rows == {"Chaque question a sa réponse": LATER, "La presse a rectifié": None}


def test_unticked_signs_need_a_reason_which_the_log_keeps(lead: User) -> None:
    incident = opened(lead)
    assert refusal(close, incident=incident, by=lead) == "unmet"
    assert Incident.objects.get().state == "open" and incident.state == "open"
    close(incident, lead, unmet="Le client le demande.")
    assert TimelineEntry.objects.filter(text__contains="Le client le demande.").exists()


def test_ticked_signs_need_no_reason(lead: User) -> None:
    incident = opened(lead)
    for number in (1, 2):
        criteria.tick(incident=incident, number=number, by=lead, now=LATER)
    assert close(incident, lead).state == "closed"


def test_a_reason_too_long_is_refused(lead: User) -> None:
    assert refusal(close, incident=opened(lead), by=lead, unmet="x" * 50_000) == "too_long"


def test_a_grave_incident_does_not_close_without_its_hot_debrief(lead: User) -> None:
    incident = opened(lead, GRAVE)
    assert incident.severity in {1, 2}
    assert refusal(close, incident=incident, by=lead, unmet="Calme.") == "no_debrief"
    hot = Plan(LATER + timedelta(hours=20), lead)
    assert close(incident, lead, unmet="Calme.", hot=hot).state == "closed"
    assert Debrief.objects.get().host == lead


@pytest.mark.parametrize(
    ("at", "code"), [(LATER - timedelta(hours=1), "too_soon"), (LATER + timedelta(hours=49), "too_late")]
)
def test_the_hot_debrief_is_within_two_days(lead: User, at: datetime, code: str) -> None:
    incident = opened(lead, GRAVE)
    assert refusal(close, incident=incident, by=lead, unmet="Calme.", hot=Plan(at, lead)) == code
    assert refusal(close, incident=incident, by=lead, unmet="Calme.", hot=Plan(LATER, None)) == "no_host"
    assert not Debrief.objects.exists() and Incident.objects.get().state == "open"


def test_a_debrief_whose_hour_passed_unheld_lets_nothing_close(lead: User) -> None:
    incident = opened(lead, GRAVE)
    hot = Plan(NOW + timedelta(hours=1), lead)
    closing.debriefs.plan(incident=incident, kind="hot", plan=hot, by=lead, now=NOW)
    assert refusal(close, incident=incident, by=lead, unmet="Calme.") == "no_debrief"


def test_incidents_from_before_the_rows_get_them_when_they_close(lead: User) -> None:
    incident = opened(lead)
    ExitCriterion.objects.all().delete()
    assert refusal(close, incident=incident, by=lead) == "unmet"
    criteria.tick(incident=incident, number=1, by=lead, now=LATER)
    assert ExitCriterion.objects.filter(met_at=LATER).count() == 1
