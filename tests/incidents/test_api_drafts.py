"""Drafts over REST: a tool prepares and reads; it neither approves nor publishes, and sees nothing restricted."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from agency.models import Client, User
from agency.services import keys
from incidents.models import Draft, Incident
from incidents.selectors.drafts import signer_of
from incidents.services import approvals, drafts, incidents
from tests import factories
from tests.api import asking
from tests.conftest import NOW, MakePerson, host_of
from tests.incidents.test_incidents import ANSWERS

Ask = Callable[..., Any]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def ask(aldane: Client, lead: User) -> Ask:
    factories.brand()
    scopes = ["drafts:read", "drafts:write"]
    key = keys.make(
        client=aldane, name="Rédacteur", scopes=scopes, by=lead, now=timezone.now(), lifetime=timedelta(days=1)
    )[1]
    browser = Browser(HTTP_HOST=host_of(aldane), headers={"Authorization": f"Bearer {key}"})

    def call(path: str = "/api/v1/drafts", **said: Any) -> Any:
        if not said:
            return browser.get(path)
        return browser.post(path, json.dumps(said), content_type="application/json")

    return call


def test_a_tool_submits_words_and_people_approve_them(ask: Ask, lead: User) -> None:
    made = ask(subject="Réponse", text="Nous regardons.", network="x", mention=factories.mention("?", NOW).pk)
    assert (made.status_code, made.json()["state"], made.json()["kind"]) == (201, "waiting", "reply")
    assert made.json()["versions"][0]["by"] == "Rédacteur"
    draft = Draft.objects.get()
    approvals.decide(draft=draft, version=1, is_yes=True, by=signer_of(lead), now=timezone.now())
    told = ask(f"/api/v1/drafts/{draft.pk}").json()
    assert (told["state"], told["decisions"][0]["name"]) == ("approved", lead.full_name)
    assert [one["seq"] for one in ask().json()["results"]] == [draft.pk]


def test_sent_twice_it_is_one_draft(ask: Ask) -> None:
    said = {"subject": "Réponse", "text": "Nous regardons.", "token": "6d1f1f0e-26a3-4a1e-9a51-0a3f3f3f0001"}
    assert [ask(**said).status_code for _twice in range(2)] == [201, 201]
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"text": "Sans sujet"}, 400, "invalid"),
        ({"subject": "x", "text": "\0"}, 400, "invalid"),
        ({"subject": "x", "text": "y" * 50_000}, 400, "invalid"),
        ({"subject": "x", "text": "y", "mention": 99}, 422, "no_mention"),
        ({"subject": "x", "text": "y", "incident": 99}, 422, "no_incident"),
        ({"subject": "x", "text": "y", "brand": "Inconnue"}, 422, "no_brand"),
        ({"subject": "x", "text": "y", "network": "minitel"}, 400, "invalid"),
    ],
)
def test_what_does_not_stand_is_refused_in_words(ask: Ask, said: dict[str, Any], status: int, code: str) -> None:
    answer = ask(**said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Draft.objects.exists()


def test_a_restricted_incident_has_no_draft_here(ask: Ask, lead: User) -> None:
    incident = incidents.open_by_hand(
        brand=factories.brand(), title="Secret", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    Incident.objects.update(is_restricted=True)
    about = drafts.About(brand=incident.brand, subject="Secret", incident=Incident.objects.get())
    draft = drafts.begin(about=about, text="Mots", by=lead, now=NOW)
    assert ask(subject="x", text="y", incident=incident.number).status_code == 422
    assert (ask().json()["results"], ask(f"/api/v1/drafts/{draft.pk}").status_code) == ([], 404)


def test_what_was_answered_before_its_incident_was_restricted_is_not_told_again(aldane: Client, lead: User) -> None:
    incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    call, said = (
        asking(aldane, lead, ["drafts:write"]),
        {"subject": "Réponse", "text": "Nous regardons.", "incident": 1},
    )
    first, again = (call("drafts", "POST", said, Idempotency_Key="1") for _twice in range(2))
    assert (first.status_code, again.content) == (201, first.content)
    Incident.objects.update(is_restricted=True)
    answer = call("drafts", "POST", said, Idempotency_Key="1")
    assert (answer.status_code, Draft.objects.count()) == (404, 1)
