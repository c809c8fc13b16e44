"""What an incident is, and when it is over."""

from datetime import timedelta

import pytest
from django.utils import translation

from agency.models import Client, User
from incidents.models import Incident
from incidents.services import incidents, nature
from incidents.services.nature import Nature
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal

LATER = NOW + timedelta(minutes=9)
SAID = Nature("mockery", "accident", "Deux heures sans relais.")


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def opened(lead: User, said: Nature = SAID) -> Incident:
    given = {"brand": factories.brand(), "title": "Moquerie", "started_at": NOW, "answers": ANSWERS}
    return incidents.open_by_hand(**given, lead=lead, nature=said, by=lead, now=NOW)


def test_an_incident_says_from_its_opening_what_it_is_and_when_it_is_over(lead: User) -> None:
    found = Incident.objects.get(pk=opened(lead).pk)
    assert Nature(found.type, found.family, found.exit_criteria) == SAID


def test_whoever_says_nothing_of_the_end_gets_the_usual_one_in_the_clients_language(lead: User) -> None:
    with translation.override("en"):
        assert opened(lead, Nature()).exit_criteria == nature.usual_criteria() != ""


def test_what_changes_is_one_line_each_and_what_does_not_is_none(lead: User) -> None:
    incident = opened(lead)
    now_said = Nature("legal", "accident", "Le constat est levé.")
    for _twice in range(2):
        nature.describe(incident=incident, nature=now_said, by=lead, now=LATER)
    lines = incident.entries.filter(logged_at=LATER).order_by("number")
    assert [line.text.rsplit(":", 1)[1].strip() for line in lines][1:] == ["Le constat est levé."]
    assert len(lines) == 2
    assert {line.by for line in lines} == {lead}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Nature("sabotage", "", "x"), "wrong_type"),
        (Nature("", "fate", "x"), "wrong_family"),
        (Nature("", "", " "), "no_criteria"),
        (Nature("", "", "x" * 1001), "too_long"),
    ],
)
def test_what_is_not_on_the_list_is_refused_and_changes_nothing(lead: User, said: Nature, code: str) -> None:
    incident = opened(lead)
    assert refusal(nature.describe, incident=incident, nature=said, by=lead, now=LATER) == code
    assert Incident.objects.get(pk=incident.pk).type == "mockery"


def test_a_closed_incident_is_described_no_more(lead: User) -> None:
    incident = incidents.close(incident=opened(lead), note="Retombé.", unmet="Tout est calme.", by=lead, now=LATER)
    assert refusal(nature.describe, incident=incident, nature=SAID, by=lead, now=LATER) == "not_open"


def test_the_page_shows_it_and_its_form_changes_it(visit: object, lead: User, aldane: Client) -> None:
    incident, desk = opened(lead), visit(lead, aldane)  # type: ignore[operator]
    page = f"/agence/incidents/{incident.number}/"
    assert "Deux heures sans relais." in desk.get(page).content.decode()
    assert "Deux heures sans relais." in desk.get(f"{page}nature/").content.decode()
    said = {"type": "legal", "family": "", "exit_criteria": "Le constat est levé."}
    assert desk.post(f"{page}nature/", said).status_code == 302
    assert "Le constat est levé." in desk.get(page).content.decode()


def test_the_questions_that_decide_stand_before_what_can_wait(visit: object, lead: User, aldane: Client) -> None:
    page = visit(lead, aldane).get("/agence/incidents/ouvrir/").content.decode()  # type: ignore[operator]
    assert page.index('name="brand"') < page.index('name="word"') < page.index('name="type"')


def test_confirming_needs_no_more_than_before(visit: object, lead: User, aldane: Client) -> None:
    desk = visit(lead, aldane)  # type: ignore[operator]
    given = {**ANSWERS, "brand": factories.brand().pk, "title": "Moquerie", "lead": lead.pk}
    assert desk.post("/agence/incidents/ouvrir/", given).status_code == 302
    assert Incident.objects.get().exit_criteria == nature.usual_criteria()
