"""A request with an Idempotency-Key is done once, whoever asks, however often, and whatever dies on the way."""

import json
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.choices import Scope
from agency.models import Client
from agency.services import keys
from clients.models import KeptAnswer
from clients.services import kept_answers
from incidents.models import Draft
from incidents.services import drafts
from tests import factories
from tests.conftest import NOW, MakePerson, host_of

Ask = Callable[..., Any]
SAID = {"subject": "Réponse", "text": "Nous regardons."}
ONE = {"api_key_id": 7, "key": "lot-1", "request_sha256": "a" * 64}


@pytest.fixture
def make_key(aldane: Client, person: MakePerson) -> Callable[[str], str]:
    director = person("director")
    return lambda name: keys.make(
        client=aldane, name=name, scopes=list(Scope.values), by=director, now=timezone.now(), lifetime=timedelta(days=1)
    )[1]


@pytest.fixture
def post(aldane: Client, make_key: Callable[[str], str]) -> Ask:
    factories.brand()
    secret, browser = make_key("Outil"), Browser(HTTP_HOST=host_of(aldane), raise_request_exception=False)

    def ask(said: dict[str, Any] = SAID, key: str | None = "lot-1", *, secret: str = secret) -> Any:
        headers = {"Authorization": f"Bearer {secret}", **({} if key is None else {"Idempotency-Key": key})}
        answer = browser.post("/api/v1/drafts", json.dumps(said), content_type="application/json", headers=headers)
        connection.set_tenant(aldane)
        return answer

    return ask


def test_the_same_request_makes_one_thing_and_gets_the_same_bytes(post: Ask) -> None:
    first, again = post(), post()
    assert (first.status_code, first.content) == (again.status_code, again.content) == (201, first.content)
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Draft.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(post: Ask) -> None:
    post()
    answer = post({**SAID, "text": "Autre chose"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_keys_of_two_integrations_are_not_the_same(post: Ask, make_key: Callable[[str], str]) -> None:
    post()
    assert post({**SAID, "text": "Autre chose"}, secret=make_key("Autre outil")).status_code == 201


def test_without_a_key_each_request_makes_one(post: Ask) -> None:
    assert [post(key=None).status_code for _twice in range(2)] == [201, 201]
    assert (Draft.objects.count(), KeptAnswer.objects.count()) == (2, 0)


@pytest.mark.parametrize("key", ["", " ", "clé", "a b", "x" * 256])
def test_a_malformed_key_is_refused(post: Ask, key: str) -> None:
    answer = post(key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_idempotency_key")


def test_a_refusal_is_not_kept(post: Ask) -> None:
    assert post({"subject": "", "text": ""}).status_code == 400
    assert (post().status_code, Draft.objects.count()) == (201, 1)


def test_our_own_failure_leaves_neither_draft_nor_dead_key(post: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(drafts, "submit")
        assert post().status_code == 500
    assert (Draft.objects.count(), KeptAnswer.objects.count()) == (0, 0)
    assert post().status_code == 201


def test_what_is_still_being_answered_says_so_until_its_claim_ends(aldane: Client) -> None:
    dead = kept_answers.claim(**ONE, now=NOW)
    with pytest.raises(kept_answers.StillRunning):
        kept_answers.claim(**ONE, now=NOW + timedelta(minutes=2))
    mine = kept_answers.claim(**ONE, now=NOW + timedelta(minutes=4))
    with pytest.raises(kept_answers.StillRunning):  # it was not dead but slow: what it made is rolled back
        kept_answers.keep(claimed=dead, status=201, headers={}, body="{}")
    kept_answers.keep(claimed=mine, status=201, headers={}, body="{}")
    assert kept_answers.claim(**ONE, now=NOW + timedelta(minutes=5)).status == 201


def test_a_claim_that_ran_out_holds_the_key_for_no_other_request(aldane: Client) -> None:
    kept_answers.claim(**ONE, now=NOW)
    corrected = {**ONE, "request_sha256": "b" * 64}
    with pytest.raises(kept_answers.UsedForAnother):
        kept_answers.claim(**corrected, now=NOW + timedelta(minutes=2))
    assert kept_answers.claim(**corrected, now=NOW + timedelta(minutes=4)).status is None


def test_a_day_later_the_key_is_new_again(aldane: Client) -> None:
    kept_answers.keep(claimed=kept_answers.claim(**ONE, now=NOW), status=201, headers={}, body="{}")
    later = {**ONE, "request_sha256": "b" * 64}
    with pytest.raises(kept_answers.UsedForAnother):
        kept_answers.claim(**later, now=NOW + timedelta(hours=23))
    assert kept_answers.claim(**later, now=NOW + timedelta(hours=24)).status is None


def test_of_eight_at_the_same_moment_one_has_it(committed: None) -> None:
    start, won, told = Barrier(8), [], []

    def claim() -> None:
        with schema_context("maison_aldane"):
            start.wait()
            try:
                won.append(kept_answers.claim(**ONE, now=NOW).pk)
            except kept_answers.StillRunning:
                told.append("running")
        connection.close()

    threads = [Thread(target=claim) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(told)) == (1, 7)
