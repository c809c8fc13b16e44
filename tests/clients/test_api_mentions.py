"""Integrators push mentions in batches and read them by page; every refusal says why."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client as Browser
from django.test import override_settings

from agency.api.throttling import KeyThrottle
from agency.choices import Scope
from agency.models import Client
from agency.services import keys
from clients.models import KeptAnswer, Mention, Source
from clients.services import kept_answers
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW, MakePerson, host_of

ROW = {"external_id": "1", "text": "Rien reçu", "published_at": "2026-11-17T21:58:00+01:00", "author_handle": "marie_c"}
Ask = Callable[..., Any]


@pytest.fixture
def key(aldane: Client, person: MakePerson) -> str:
    cache.clear()
    director = person("director")
    return keys.make(client=aldane, name="Outil de veille", scopes=list(Scope.values), by=director, now=NOW)[1]


@pytest.fixture
def push(aldane: Client, key: str) -> Ask:
    browser = Browser(HTTP_HOST=host_of(aldane))

    def ask(body: object, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        given = {"HTTP_AUTHORIZATION": f"Bearer {key}", **headers}
        kind = given.pop("content_type", "application/json")
        answer = browser.post("/api/v1/mentions", data, content_type=kind, **given)
        connection.set_tenant(aldane)
        return answer

    return ask


@pytest.fixture
def read(aldane: Client, key: str) -> Ask:
    browser = Browser(HTTP_HOST=host_of(aldane), HTTP_AUTHORIZATION=f"Bearer {key}")
    return lambda **query: browser.get("/api/v1/mentions", query)


def test_a_batch_is_taken_in(push: Ask) -> None:
    answer = push({"mentions": [ROW, {**ROW, "external_id": "2"}]})
    first, last = Mention.objects.order_by("id").values_list("id", flat=True)
    assert answer.status_code == 200
    assert answer.json() == {"new": 2, "known": 0, "edited": 0, "first_seq": first, "last_seq": last}
    source = Source.objects.get()
    assert (source.name, source.kind, Mention.objects.first().published_at) == ("API · Outil de veille", "api", NOW)


def test_the_same_batch_again_adds_nothing(push: Ask) -> None:
    push([ROW])
    assert push([ROW]).json() == {"new": 0, "known": 1, "edited": 0, "first_seq": None, "last_seq": None}


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({**ROW, "text": 12}, "text", "wrong_type"),
        ({**ROW, "colour": "red"}, "colour", "unknown_field"),
        ({"external_id": "1"}, "text", "missing"),
        ({**ROW, "text": "  "}, "text", "missing"),
        ({**ROW, "published_at": "2026-11-17T21:58:00"}, "published_at", "naive_date"),
        ({**ROW, "published_at": "hier"}, "published_at", "bad_date"),
        ({**ROW, "url": "javascript:alert(1)"}, "url", "not_a_web_address"),
        ({**ROW, "author_handle": "a\x00b"}, "author_handle", "unstorable"),
        ({**ROW, "followers": 2**64}, "followers", "wrong_type"),
        ("text", "", "not_an_object"),
    ],
)
def test_one_wrong_row_refuses_the_batch_and_is_named(push: Ask, row: object, field: str, code: str) -> None:
    answer = push({"mentions": [ROW, row]})
    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"], problem["code"]) == (
        422,
        "application/problem+json",
        "batch_refused",
    )
    error = problem["errors"][0]
    assert (error["row"], error["field"]) == (1, field)
    assert error["code"] == code or code == "wrong_type"
    assert error["message"] and Mention.objects.count() == Source.objects.count() == 0


def test_every_wrong_row_is_listed(push: Ask) -> None:
    problem = push([{**ROW, "text": ""}, ROW, {**ROW, "reach": -1}]).json()
    assert [error["row"] for error in problem["errors"]] == [0, 2]


def test_ten_thousand_rows_pass_and_one_more_does_not(push: Ask) -> None:
    rows = [{**ROW, "external_id": str(n)} for n in range(10_001)]
    answer = push(rows)
    assert (answer.status_code, answer.json()["errors"][0]["code"], Mention.objects.count()) == (
        422,
        "too_many_rows",
        0,
    )
    assert push(rows[:-1]).json()["new"] == 10_000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{nope", 400, "not_json"),
        (b" ", 400, "not_json"),
        (b"[]", 422, "batch_refused"),
        (b"12", 422, "batch_refused"),
        (b'{"mentions": [], "more": 1}', 422, "batch_refused"),
        (b"[" * 100_000, 400, "not_json"),
        (b" " * 20_000_001, 413, "too_large"),
    ],
)
def test_a_body_that_is_no_batch_is_refused(push: Ask, body: bytes, status: int, code: str) -> None:
    answer = push(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_json_is_taken(push: Ask) -> None:
    assert push("a=b", content_type="application/x-www-form-urlencoded").status_code == 415


def test_the_same_push_gets_the_same_answer_and_adds_nothing(push: Ask) -> None:
    first = push([ROW], HTTP_IDEMPOTENCY_KEY="lot-1")
    again = push([ROW], HTTP_IDEMPOTENCY_KEY="lot-1")
    assert (again.content, again["Idempotent-Replayed"]) == (first.content, "true")
    assert Mention.objects.count() == KeptAnswer.objects.count() == 1


def test_a_key_used_for_another_body_is_refused(push: Ask) -> None:
    push([ROW], HTTP_IDEMPOTENCY_KEY="lot-1")
    answer = push([{**ROW, "external_id": "2"}], HTTP_IDEMPOTENCY_KEY="lot-1")
    assert (answer.status_code, answer.json()["code"], Mention.objects.count()) == (422, "idempotency_key_reused", 1)


def test_a_refused_push_may_be_corrected_under_the_same_key(push: Ask) -> None:
    assert push([{**ROW, "text": ""}], HTTP_IDEMPOTENCY_KEY="lot-1").status_code == 422
    assert push([ROW], HTTP_IDEMPOTENCY_KEY="lot-1").status_code == 200


def test_an_answer_is_kept_for_a_day(push: Ask) -> None:
    push([ROW], HTTP_IDEMPOTENCY_KEY="lot-1")
    KeptAnswer.objects.update(asked_at=NOW - timedelta(days=400))
    assert push([ROW], HTTP_IDEMPOTENCY_KEY="lot-1").json()["known"] == 1
    KeptAnswer.objects.update(asked_at=NOW - timedelta(hours=25))
    assert kept_answers.forget_old(now=NOW) == 1


def test_no_key_and_another_clients_key_answer_alike(aldane: Client, tramontel: Client, key: str) -> None:
    foreign = Browser(HTTP_HOST=host_of(tramontel))
    for headers in (
        {},
        {"HTTP_AUTHORIZATION": f"Bearer {key}"},
        {"HTTP_AUTHORIZATION": "Bearer rmp_x"},
        {"HTTP_AUTHORIZATION": "Basic eA=="},
    ):
        for ask in (foreign.get, foreign.post):
            answer = ask("/api/v1/mentions", content_type="application/json", **headers)
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="rempart"')


def test_a_key_may_only_do_what_it_is_for(aldane: Client, person: MakePerson) -> None:
    reading = keys.make(client=aldane, name="Lecture", scopes=[Scope.MENTIONS_READ], by=person("director"), now=NOW)[1]
    browser = Browser(HTTP_HOST=host_of(aldane), HTTP_AUTHORIZATION=f"Bearer {reading}")
    assert browser.get("/api/v1/mentions").status_code == 200
    assert browser.post("/api/v1/mentions", [ROW], content_type="application/json").status_code == 403


def test_too_many_requests_are_told_when_to_come_back(read: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "rate", "2/min", raising=False)
    assert [read().status_code for _ in range(3)] == [200, 200, 429]
    assert 0 < int(read()["Retry-After"]) <= 61


def test_pages_follow_each_other_without_gap_or_repeat(aldane: Client, read: Ask) -> None:
    ingest(source=feed(), raws=[said(n) for n in range(5)], now=NOW)
    first = read(limit=3).json()
    second = read(limit=3, cursor=first["next"]).json()
    assert [row["external_id"] for row in first["results"] + second["results"]] == [f"p{n}" for n in range(5)]
    assert (first["has_more"], second["has_more"]) == (True, False)
    empty = read(cursor=second["next"]).json()
    assert (empty["results"], empty["next"]) == ([], second["next"])


def test_a_page_shows_author_and_labels_in_the_same_queries_whatever_its_length(
    aldane: Client, read: Ask, django_assert_max_num_queries: Any
) -> None:
    ingest(source=feed(), raws=[said(n, author_handle=f"a{n}") for n in range(50)], now=NOW)
    with django_assert_max_num_queries(10):  # host, key, its use, what is restricted, mentions; each says its schema
        row = read().json()["results"][0]
    assert (row["author"]["handle"], row["intent"], row["triage"], row["source"]) == ("a0", "", "new", "Presse")


@pytest.mark.parametrize(
    "query", [{"cursor": "!!"}, {"cursor": "eA"}, {"limit": "0"}, {"limit": "501"}, {"limit": "x"}]
)
def test_a_page_that_does_not_exist_is_refused(read: Ask, query: dict[str, str]) -> None:
    answer = read(**query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_the_document_of_the_api_says_what_a_mention_may_hold(aldane: Client) -> None:
    answer = Browser(HTTP_HOST=host_of(aldane)).get("/api/schema/", {"format": "json"})
    path = answer.json()["paths"]["/api/v1/mentions"]
    body = path["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]["mentions"]
    assert body["maxItems"] == 10_000 and body["items"]["additionalProperties"] is False
    assert set(path["post"]["responses"]) == {"200", "400", "401", "403", "406", "409", "413", "415", "422", "429"}


def test_a_push_is_taken_in_while_the_cache_is_away(push: Ask) -> None:
    nobody_there = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=nobody_there):
        assert push({"mentions": [ROW]}).status_code == 200
    assert Mention.objects.count() == 1


def test_a_push_of_other_words_is_an_edit(push: Ask, read: Ask) -> None:
    push([ROW])
    answer = push([{**ROW, "text": "Reçu, merci", "edited_at": "2026-11-17T22:30:00+01:00"}]).json()
    assert (answer["new"], answer["known"], answer["edited"]) == (0, 1, 1)
    (row,) = read().json()["results"]
    assert (row["text"], row["edited_at"], row["versions"]) == ("Reçu, merci", "2026-11-17T22:30:00+01:00", 1)


def test_a_page_says_what_a_mention_repeats(push: Ask, read: Ask) -> None:
    push([ROW, {**ROW, "external_id": "2", "kind": "repost", "refers_to": "1"}])
    root, repost = read().json()["results"]
    assert (root["root"], root["fold"]) == (None, "")
    assert (repost["root"], repost["fold"], repost["refers_to"]) == (root["seq"], "repost", "1")


def test_what_was_deleted_at_its_source_is_marked_and_kept(push: Ask, read: Ask, key: str, aldane: Client) -> None:
    push([ROW, {**ROW, "external_id": "2"}])
    browser = Browser(HTTP_HOST=host_of(aldane), HTTP_AUTHORIZATION=f"Bearer {key}")
    told = {"external_ids": ["1", "unknown", "1"]}
    answers = [browser.post("/api/v1/mentions/deletions", told, content_type="application/json") for _ in range(2)]
    assert [answer.json() for answer in answers] == [
        {"deleted": 1, "already": 0, "unknown": 1},
        {"deleted": 0, "already": 1, "unknown": 1},
    ]
    gone, alive = read().json()["results"]
    assert gone["deleted_at"] and not alive["deleted_at"]


@pytest.mark.parametrize("told", [{}, {"external_ids": []}, {"external_ids": [""]}, {"external_ids": ["a\0b"]}, [1]])
def test_deletions_that_cannot_be_read_are_refused(key: str, aldane: Client, told: object) -> None:
    browser = Browser(HTTP_HOST=host_of(aldane), HTTP_AUTHORIZATION=f"Bearer {key}")
    assert browser.post("/api/v1/mentions/deletions", told, content_type="application/json").status_code == 400
