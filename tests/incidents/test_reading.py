"""How an incident is read and kept: what breaks, what was erased, what is closed, who is quicker."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from agency.models import Client, User
from clients.models import Author, Mention
from clients.services import authors
from incidents import severity
from incidents.detection.case import Case
from incidents.models import Incident, IncidentMention, IncidentReading
from incidents.selectors import outlooks
from incidents.services import incidents, reading
from tests import factories
from tests.conftest import NOW, MakePerson

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def lead(person: MakePerson, aldane: Client) -> User:
    return person("lead", aldane)


@pytest.fixture
def struck(lead: User) -> Incident:
    """An open incident of thirty posts of ten accounts, of which one is called by the others, read once."""
    answers = dict.fromkeys(severity.CODES, "no")
    incident = incidents.open_by_hand(
        brand=factories.brand(), title="Coup", started_at=NOW, lead=lead, answers=answers, by=lead, now=NOW
    )
    for number in range(30):
        text = f"@aldane c’est honteux, demandez à @compte3 et à @presse_info {number}"
        one = factories.mention(text, NOW + timedelta(minutes=number), handle=f"compte{number % 10}")
        IncidentMention.objects.create(incident=incident, mention=one, attached_at=NOW)
    Mention.objects.update(attack="yes", intent="mockery")
    reading.read_due(now=NOW + timedelta(hours=1))
    return incident


def told() -> str:
    return str(IncidentReading.objects.get().sections)


def erase(handle: str, by: User) -> None:
    authors.erase(author=Author.objects.get(handle=handle), reason="demande", erases_words=False, by=by, now=LATER)


def test_an_erased_account_is_not_told_of_again_because_others_call_it_by_its_name(
    struck: Incident, lead: User
) -> None:
    assert "compte3" in told()
    erase("compte3", lead)
    reading.read_due(now=LATER + timedelta(minutes=1))
    assert "compte3" not in told() and "presse_info" in told()


@pytest.mark.parametrize("section", ["people", "called"])
def test_a_section_that_breaks_says_nothing_rather_than_an_erased_name(
    struck: Incident, lead: User, section: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(case: Case) -> Mapping[str, Any]:
        raise ArithmeticError

    monkeypatch.setitem(reading.SECTIONS, section, breaks)
    reading.read(incident=struck, now=NOW + timedelta(hours=2), anew=True)
    assert section in IncidentReading.objects.get().sections, "what it said before stands"
    erase("compte3", lead)
    reading.read_due(now=LATER + timedelta(minutes=1))
    assert "compte3" not in told() and "spread" in IncidentReading.objects.get().sections


def test_a_reading_that_cannot_be_made_anew_keeps_no_erased_name_either(struck: Incident, lead: User) -> None:
    erase("compte3", lead)
    Client.objects.update(timezone="Nulle/Part")
    reading.read_due(now=LATER + timedelta(minutes=1))
    assert told() == "{}"
    Client.objects.update(timezone="Europe/Paris")
    reading.read_due(now=LATER + timedelta(minutes=2))
    assert "presse_info" in told() and "compte3" not in told()


def test_the_outlook_of_a_closed_incident_stays_as_it_was_last_told(struck: Incident, lead: User) -> None:
    before = IncidentReading.objects.get().sections["outlook"]
    incidents.close(incident=struck, note="Fini.", unmet="Tout est calme.", by=lead, now=LATER)
    reading.read(incident=struck, now=LATER + timedelta(days=9), anew=True)
    assert IncidentReading.objects.get().sections["outlook"] == before


def test_a_closed_incident_read_again_does_not_learn_from_what_came_later(struck: Incident, lead: User) -> None:
    closed = incidents.close(incident=struck, note="Fini.", unmet="Tout est calme.", by=lead, now=LATER)
    Incident.objects.create(
        number=99, brand=struck.brand, title="Après", state="closed", started_at=LATER, proposed_at=LATER,
        closed_at=LATER + timedelta(days=2),
    )  # fmt: skip
    assert outlooks.past_of(closed, LATER) == ()
    assert len(outlooks.past_of(closed, LATER + timedelta(days=3))) == 1
