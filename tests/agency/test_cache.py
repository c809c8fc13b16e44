"""With Valkey away, people sign in all the same, and quickly."""

import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches
from django.test.utils import override_settings
from pytest_django import Settings

from agency.cache import ForgivingCache
from tests.agency.test_signin import is_in, sign_in


@pytest.fixture
def _away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ForgivingCache, "_away_until", 0.0)
    nowhere = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9"}
    with override_settings(CACHES={"default": nowhere}):
        yield
    caches["default"].clear()


@pytest.mark.usefixtures("db", "_away")
def test_people_sign_in_while_the_cache_is_away(person, visit, caplog: pytest.LogCaptureFixture) -> None:
    browser, cm, began = visit(), person("cm"), time.monotonic()
    sign_in(browser, cm.email, "not it")
    assert sign_in(browser, cm.email).status_code == 302
    assert is_in(browser)
    assert time.monotonic() - began < 5
    assert caplog.text.count("The cache is away") == 1


@pytest.mark.usefixtures("_away")
def test_a_cache_that_is_away_is_an_empty_one(caplog: pytest.LogCaptureFixture) -> None:
    cache.set("a", 1)
    assert (cache.get("a"), cache.get("a", 2), cache.add("a", 1), cache.delete("a")) == (None, 2, True, False)
    assert "requests are let in uncounted" in caplog.text


def test_a_cache_that_comes_back_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForgivingCache, "_away_until", time.monotonic() - 1)
    cache.set("back", 1, 5)
    assert cache.get("back") == 1
