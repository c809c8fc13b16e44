"""What nobody types and robots send: an answer in words, never a page that broke."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from agency import clock
from agency.choices import Scope
from agency.models import Client, User
from agency.services import keys
from incidents.models import Incident, MilestoneKind
from incidents.services import incidents
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

Visit = Callable[..., Browser]
NOT_NUMBERS = ["abc", "²", "-1", "1e9", "9" * 30, "9" * 5000, "\0"]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def burning(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


@pytest.mark.parametrize("odd", NOT_NUMBERS)
def test_a_number_that_is_none_breaks_no_incident_page(
    aldane: Client, lead: User, burning: Incident, visit: Visit, odd: str
) -> None:
    browser, room = visit(lead, aldane), "/agence/incidents/"
    page = f"{room}{burning.number}/"
    assert browser.post("/agence/tri/rattacher/", {"incident": odd, "mention": "1"}).status_code == 404
    given = {"incident": burning.number, "mention": odd, "seen": odd, "seen_current": odd, "current": odd}
    assert browser.post("/agence/tri/rattacher/", given).status_code == 302
    assert browser.post(f"{page}detacher/", {"mention": odd}).status_code == 302
    line = {"kind": "fact", "text": "Vu.", "corrects": odd}
    assert browser.post(f"{page}main-courante/", line).status_code == 422


@pytest.mark.parametrize("odd", NOT_NUMBERS)
def test_a_number_that_is_none_breaks_no_list_to_sort(aldane: Client, lead: User, visit: Visit, odd: str) -> None:
    browser = visit(lead, aldane)
    assert browser.get("/agence/tri/", {"m": odd}).status_code in {200, 404}
    assert browser.post("/agence/tri/ecarter/", {"mention": odd}).status_code == 302


@pytest.mark.parametrize("limit", ["²", "٣²", "", "9" * 5000])
def test_a_limit_that_is_no_number_is_a_problem_in_words(aldane: Client, lead: User, visit: Visit, limit: str) -> None:
    _row, key = keys.make(
        client=aldane, name="k", scopes=[Scope.MENTIONS_READ], by=lead, now=clock.now(), lifetime=timedelta(days=1)
    )
    answer = visit(None, aldane).get("/api/v1/mentions", {"limit": limit}, HTTP_AUTHORIZATION=f"Bearer {key}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("asked", [{"action": "a\0b"}, {"subject": "\0"}, {"q": "\0"}])
def test_a_filter_with_a_nul_is_refused(person: MakePerson, visit: Visit, asked: dict[str, str]) -> None:
    assert visit(person("director")).get("/agency/auditevent/", asked).status_code == 400


def test_no_filter_tells_a_secret_letter_by_letter(
    aldane: Client, lead: User, person: MakePerson, visit: Visit
) -> None:
    house = visit(person("director"))
    assert house.get("/agency/user/", {"password__startswith": "argon2"}).status_code == 400
    assert house.get("/agency/apikey/", {"digest__startswith": "a"}).status_code == 400
    room = visit(lead, aldane)
    for asked in ("sealed__startswith", "inbound_address__digest__startswith"):
        answer = room.get("/agence/incidents/signal/", {f"first_mention__source__{asked}": "a"})
        assert answer.status_code == 400


def test_a_way_in_with_a_nul_leads_to_the_front_page(aldane: Client, person: MakePerson, visit: Visit) -> None:
    answer = visit(person("director")).post(f"/clients/{aldane.schema_name}/entrer/", {"path": "/agence/\0"})
    assert answer.status_code == 302


@pytest.mark.parametrize("next_page", ["abc", "²", "//evil.example", "/\\evil.example", "https://evil.example/", "\0"])
def test_a_page_to_go_back_to_that_is_none_of_ours_is_not_gone_to(
    aldane: Client, lead: User, burning: Incident, visit: Visit, next_page: str
) -> None:
    browser = visit(lead, aldane)
    aside = browser.post("/agence/tri/ecarter/", {"next": next_page})
    attached = browser.post("/agence/tri/rattacher/", {"incident": burning.number, "next": next_page})
    assert (aside["Location"], attached["Location"]) == ("/agence/tri/", "/agence/tri/")


ODD_MOMENTS = [
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-10-25T02:30",
    "2026-03-29T02:30",
    "25:99",
    "\0",
    "9" * 5000,
    "🙂",
]


@pytest.mark.parametrize("odd", ODD_MOMENTS)
def test_a_moment_that_is_none_breaks_no_form_of_an_incident(
    aldane: Client, lead: User, burning: Incident, visit: Visit, odd: str
) -> None:
    mention = factories.mention("Quel spectacle", NOW)
    browser, page = visit(lead, aldane), f"/agence/incidents/{burning.number}/"
    kind = MilestoneKind.objects.values_list("pk", flat=True)[0]
    moved = {"milestone-kind": kind, "milestone-at": odd, "milestone-reason": "\u202e🙂"}
    follow_up = {"words": "Revoir", "owner": lead.pk, "due_on": odd[:10]}
    closed = {"note": "Fini.", "unmet": "Assez.", "hot_at": odd, "hot_host": lead.pk}
    asked = {
        f"{page}jalons/": moved,
        f"{page}retex/chaud/prevoir/": {"at": odd, "host": lead.pk},
        f"{page}suites/": follow_up,
        f"{page}clore/": closed,
        f"/agence/tri/mentions/{mention.pk}/sans-reponse/": {"reason": "Se calme", "look_again": odd},
        f"{page}point/": {"bottom_line": "En cours.", "next_hour": odd},
    }
    answers = {path: browser.post(path, given).status_code for path, given in asked.items()}
    assert set(answers.values()) <= {200, 302, 422}, answers
