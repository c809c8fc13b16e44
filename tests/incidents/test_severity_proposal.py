"""What a reading proposes for the severity: popcorn lowers it, aloud; a person's answer is not touched."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from agency.models import Client
from incidents.models import Incident
from incidents.services import incidents, reading, watch
from incidents.severity import CODES
from incidents.severity_proposal import Proposal, propose
from tests import factories
from tests.conftest import NOW, Browser, MakePerson


def proposal(**given: Any) -> Proposal:
    """Forty accounts in sixty messages, decaying, nobody in cc, most of it popcorn, unless `given` says otherwise."""
    facts = {"popcorn": 0.7, "customers": 1, "phase": "decaying", "grave": 0, "called": (), "media": 0, "ours": 0}
    facts |= given
    counts = {"customer": facts["customers"], "spectator": 39 - facts["customers"], "media": facts["media"]}
    sections = {
        "people": {
            "popcorn_share": facts["popcorn"],
            "counts": counts,
            "undecided": 1,
            "law_or_danger": facts["grave"],
        },
        "called": {"rows": facts["called"]},
        "outlook": {"phase": facts["phase"]},
        "spread": {"rows": [{"ours": True, "below": facts["ours"]}]},
    }
    found = propose(sections, 60)
    assert found is not None
    return found


SILENT = {"party": "press", "reacted_at": None}
TALKING = {"party": "press", "reacted_at": "2026-11-17T20:00:00+00:00"}


@pytest.mark.parametrize(
    ("given", "code", "answer"),
    [
        ({}, "customers", "no"),
        ({}, "spread", "no"),
        ({}, "harm", "no"),
        ({}, "officials", "no"),
        ({"popcorn": 0.2}, "customers", "unknown"),
        ({"popcorn": 0.2}, "spread", "unknown"),
        ({"popcorn": 0.2, "customers": 0}, "customers", "no"),
        ({"customers": 9}, "customers", "yes"),
        ({"customers": 9}, "spread", "unknown"),
        ({"phase": "growing"}, "spread", "yes"),
        ({"phase": "too_early"}, "spread", "unknown"),
        ({"grave": 1}, "harm", "unknown"),
        ({"called": [SILENT]}, "officials", "unknown"),
        ({"called": [SILENT, TALKING]}, "officials", "yes"),
        ({"media": 1}, "officials", "yes"),
        ({"media": 1}, "spread", "no"),
        ({"ours": 30}, "word", "yes"),
    ],
)
def test_the_table_is_read_as_written(given: dict[str, Any], code: str, answer: str) -> None:
    assert proposal(**given).answers[code].answer == answer


def test_popcorn_lowers_the_severity_and_says_so() -> None:
    found = proposal(ours=30)
    assert (found.assessment.severity, found.without_popcorn, found.is_lowered) == (3, 2, True)
    assert found.summary("en")[-1] == "Those who only look on lower it: without them it would be 2."
    assert "70\u00a0% des messages ne font que regarder passer" in found.answers["customers"].said("fr")


def test_without_popcorn_nothing_is_lowered() -> None:
    found = proposal(popcorn=0.1)
    assert not found.is_lowered
    assert "only look on" not in " ".join(found.summary("en"))


def test_popcorn_never_hides_real_customers_nor_a_danger() -> None:
    assert proposal(popcorn=0.9, customers=12).answers["customers"].answer == "yes"
    assert proposal(popcorn=0.9, grave=1).answers["harm"].answer == "unknown"


def test_nobody_ever_hears_from_the_machine_that_somebody_is_hurt() -> None:
    answers = {proposal(grave=grave, popcorn=share).answers["harm"].answer for grave in (0, 9) for share in (0, 1)}
    assert "yes" not in answers


def test_what_was_not_read_is_not_answered() -> None:
    assert propose({}, 0) is None
    few = propose({"people": {"popcorn_share": 1.0, "counts": {"spectator": 3}}}, 3)
    assert few is not None
    assert set(few.answers) == {"spread"}
    assert "ne tranche pas" in few.answers["spread"].said("fr")


@pytest.fixture
def read(aldane: Client) -> Incident:
    """A proposed incident that was read once."""
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    watch.look(now=NOW)
    factories.strike(heard_by, NOW)
    watch.look(now=NOW + timedelta(minutes=20))
    reading.read_due(now=NOW + timedelta(minutes=20))
    return Incident.objects.get()


def test_the_questions_say_what_the_reading_proposes_and_none_is_ticked(
    read: Incident, aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    desk = visit(person("lead", aldane), aldane)
    page = desk.get(f"/agence/incidents/{read.number}/confirmer/").content.decode()
    assert "Gravité proposée par la lecture" in page
    assert "La machine ne tranche pas" in page
    assert " checked" not in page
    assert '<fieldset aria-describedby="id_spread_helptext">' in page


def test_the_page_of_the_reading_says_it_too_and_whose_word_holds(
    read: Incident, aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    lead = person("lead", aldane)
    answers = dict.fromkeys(CODES, "no")
    now = NOW + timedelta(minutes=30)
    incidents.confirm(incident=read, title="Meute", lead=lead, answers=answers, by=lead, now=now)
    page = visit(lead, aldane).get(f"/agence/incidents/{read.number}/lecture/").content.decode()
    assert "Gravité proposée par la lecture" in page
    assert "4" in page.split('id="severity"')[1].split("</section>")[0]
    read.refresh_from_db()
    assert read.severity == 4
