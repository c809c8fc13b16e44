"""What every answer of the API carries: a tag, a number, and how many requests are left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from agency.api.throttling import KeyThrottle
from agency.choices import Scope
from agency.models import Client
from agency.services import keys
from clients.services.ingest import ingest
from tests.api import asking
from tests.clients.rooms import feed, said
from tests.conftest import NOW, MakePerson, host_of

Read = Callable[..., Any]


@pytest.fixture
def read(aldane: Client, person: MakePerson) -> Read:
    cache.clear()
    secret = keys.make(
        client=aldane, name="Outil", scopes=list(Scope.values), by=person("director"), now=timezone.now(),
        lifetime=timedelta(days=1),
    )[1]  # fmt: skip
    browser = Browser(HTTP_HOST=host_of(aldane))
    return lambda **headers: browser.get("/api/v1/mentions", headers={"Authorization": f"Bearer {secret}", **headers})


def test_what_did_not_change_is_not_sent_again(aldane: Client, read: Read) -> None:
    first = read()
    again = read(**{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    ingest(source=feed(), raws=[said(1)], now=NOW)
    assert read(**{"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize("known", ["W/{}", '"other", {}', "*"])
def test_a_tag_is_known_in_every_way_that_it_may_be_written(read: Read, known: str) -> None:
    assert read(**{"If-None-Match": known.format(read()["ETag"])}).status_code == 304


@pytest.mark.parametrize("known", ["", "nothing", '"', '"x"', "é" * 3000])
def test_a_tag_that_is_none_is_not_known(read: Read, known: str) -> None:
    assert read(**{"If-None-Match": known}).status_code == 200


def test_every_answer_says_how_many_requests_are_left(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "rate", "2/min", raising=False)
    first, second, third = read(), read(), read()
    assert [one["RateLimit-Remaining"] for one in (first, second, third)] == ["1", "0", "0"]
    assert (first["RateLimit-Limit"], first["RateLimit-Policy"]) == ("2", '"key";q=2;w=60')
    assert (third.status_code, 0 < int(third["RateLimit-Reset"]) <= 60) == (429, True)
    assert int(third["Retry-After"]) >= int(third["RateLimit-Reset"])


def test_every_answer_has_a_number_and_no_shared_cache(read: Read) -> None:
    answer = read(**{"X-Request-Id": "abc-1"})
    assert (answer["X-Request-Id"], answer["Cache-Control"]) == ("abc-1", "private, no-cache")
    assert "Authorization" in answer["Vary"]


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 50_000, '{"to": "\\ud800", "why": "x"}', "", "NaN", "1" * 5000]
)
def test_a_body_that_nobody_can_read_is_refused_wherever_it_is_sent(
    aldane: Client, person: MakePerson, body: str
) -> None:
    cache.clear()
    ask = asking(aldane, person("director"), list(Scope.values))
    for path in ("incidents/1/transitions", "drafts", "rota/feeds", "mentions/deletions"):
        answer = ask(path, "POST", raw=body)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json"), path


def test_what_an_address_takes_is_not_told_by_asking_it(aldane: Client, person: MakePerson) -> None:
    ask = asking(aldane, person("director"), list(Scope.values))
    assert [ask(path, "OPTIONS").status_code for path in ("incidents", "incidents/1/duties/scribe")] == [405, 405]
