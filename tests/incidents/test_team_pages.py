"""Who does what and who knows of it, through the client's host."""

from typing import Any

import pytest
import time_machine

from agency.models import Client, User
from clients.choices import Duty
from incidents.models import Incident, Insider
from incidents.selectors.duties import holder
from incidents.services import incidents, restriction
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def lea(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Conduite", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


@pytest.fixture
def browser(visit: Any, lead: User, aldane: Client) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield visit(lead, aldane)


PAGE = "/agence/incidents/1/"


def test_a_part_is_given_and_given_back_from_the_page(browser: Any, incident: Incident, lead: User, lea: User) -> None:
    factories.contact(name="Claire Marchand")
    assert "Claire Marchand" in browser.get(PAGE).content.decode()
    answer = browser.post(f"{PAGE}equipe/", {"part-duty": "scribe", "part-person": lea.pk})
    assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}#who")
    assert holder(incident, Duty.SCRIBE) == lea
    browser.post(f"{PAGE}equipe/", {"part-duty": "scribe", "part-person": ""})
    assert holder(incident, Duty.SCRIBE) == lead


@pytest.mark.parametrize("given", [{}, {"part-duty": "lead"}, {"part-duty": "scribe", "part-person": "99999"}])
def test_an_odd_part_is_refused_in_words(browser: Any, incident: Incident, given: dict[str, str]) -> None:
    answer = browser.post(f"{PAGE}equipe/", given, follow=True)
    assert answer.status_code == 200
    assert "notice" in answer.content.decode()


def test_restricted_from_the_page_it_says_so_there_and_in_the_list(
    browser: Any, visit: Any, aldane: Client, incident: Incident, lea: User
) -> None:
    browser.post(f"{PAGE}restreindre/", {"restrict-reason": "Une personne est en cause.", "restrict-people": [lea.pk]})
    for path in (PAGE, "/agence/incidents/"):
        assert "icons.svg#lock" in browser.get(path).content.decode()
    assert visit(lea, aldane).get(PAGE).status_code == 200
    browser.post(f"{PAGE}restreindre/ouvrir/", {"reason": "Tout est public."})
    assert not Incident.objects.get().is_restricted


def test_named_and_taken_out_from_the_page(
    browser: Any, visit: Any, aldane: Client, incident: Incident, lead: User, lea: User
) -> None:
    restriction.restrict(incident=incident, reason="Délicat.", by=lead, now=NOW)
    hers = visit(lea, aldane)
    assert hers.get(PAGE).status_code == 404
    browser.post(f"{PAGE}restreindre/nommer/", {"person": lea.pk})
    assert hers.get(PAGE).status_code == 200
    browser.post(f"{PAGE}restreindre/retirer/", {"person": lea.pk})
    assert hers.get(PAGE).status_code == 404


def test_a_named_cm_may_not_decide_who_knows(
    visit: Any, aldane: Client, incident: Incident, lead: User, lea: User
) -> None:
    restriction.restrict(incident=incident, people=[lea], reason="Délicat.", by=lead, now=NOW)
    hers = visit(lea, aldane)
    assert "restreindre/" not in hers.get(PAGE).content.decode()
    hers.post(f"{PAGE}restreindre/ouvrir/", {"reason": "Je préfère."})
    assert Incident.objects.get().is_restricted


def test_who_takes_themselves_out_lands_on_the_list(
    visit: Any, aldane: Client, incident: Incident, lead: User, person: MakePerson
) -> None:
    boss = person("lead", aldane)
    restriction.restrict(incident=incident, reason="Délicat.", by=boss, now=NOW)
    answer = visit(boss, aldane).post(f"{PAGE}restreindre/retirer/", {"person": boss.pk})
    assert answer["Location"] == "/agence/incidents/"
    assert not Insider.objects.exists()


def test_it_can_be_restricted_as_it_is_opened(browser: Any, visit: Any, aldane: Client, lead: User, lea: User) -> None:
    given = {
        "brand": factories.brand().pk, "title": "Conduite", "lead": lead.pk, **ANSWERS,
        "restricted_because": "Une personne est en cause.",
    }  # fmt: skip
    assert browser.post("/agence/incidents/ouvrir/", given).status_code == 302
    assert Incident.objects.get().is_restricted
    assert visit(lea, aldane).get(PAGE).status_code == 404
