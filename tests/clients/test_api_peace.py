"""A client in peace over REST: what is listened for, how the ears are, what may be said; never a secret."""

from datetime import timedelta

import pytest

from agency import clock
from agency.choices import Scope
from agency.models import Client, User
from agency.wall_clock import day_of
from clients.models import Position, Source
from tests import factories
from tests.api import Ask, asking
from tests.conftest import MakePerson


@pytest.fixture
def director(person: MakePerson) -> User:
    return person("director")


@pytest.fixture
def ask(aldane: Client, director: User) -> Ask:
    return asking(aldane, director, ["client:read", "positions:read"])


def said(code: str, **fields: object) -> Position:
    known = {"short_text": "Nous vérifions.", "other_short_text": "We are checking.", "approved_at": clock.now()}
    return Position.objects.create(**{"brand": factories.brand(), "code": code, "title": code, **known, **fields})


def test_brands_and_watches_are_read(ask: Ask) -> None:
    factories.watch("Aldane")
    assert [row["name"] for row in ask("brands").json()["results"]] == ["Aldane"]
    (watch,) = ask("watches").json()["results"]
    assert (watch["brand"], watch["name"], watch["is_active"]) == ("Aldane", "Aldane", True)


def test_a_source_says_how_it_is_and_nothing_secret(ask: Ask) -> None:
    Source.objects.create(
        name="Flux", kind="feed", url="https://u:secret@flux.test/?token=secret", settings={"folder": "secret"},
        sealed="secret", last_error="refus pour https://u:secret@flux.test",
    )  # fmt: skip
    answer = ask("sources")
    (row,) = answer.json()["results"]
    assert (row["name"], row["kind"], row["last_heard_at"]) == ("Flux", "feed", None)
    assert row["state"] and "secret" not in answer.content.decode()


def test_only_what_may_be_said_today_is_shown(ask: Ask) -> None:
    today = day_of(clock.now())
    said("P-01")
    said("P-02", approved_at=None)
    said("P-03", valid_until=today - timedelta(days=1))
    said("P-04", valid_from=today + timedelta(days=1))
    said("P-05", retired_at=clock.now())
    said("P-06", kind="do_not_say")
    assert [row["code"] for row in ask("positions").json()["results"]] == ["P-01"]


def test_a_position_is_read_in_one_language_or_in_both(ask: Ask) -> None:
    said("P-01", do_not_say="Ne pas dire")
    said("P-02", other_short_text="")
    both, french = ask("positions").json()["results"]
    assert [one["language"] for one in both["wordings"]] == ["fr", "en"]
    assert [one["short"] for one in french["wordings"]] == ["Nous vérifions."]
    english = ask("positions?language=en").json()["results"]
    assert [[one["short"] for one in row["wordings"]] for row in english] == [["We are checking."], []]
    assert ask("positions?language=tlh").status_code == 400
    assert "Ne pas dire" not in ask("positions").content.decode()


def test_lists_go_by_page(ask: Ask) -> None:
    for name in ("A", "B", "C"):
        factories.brand(name)
    first = ask("brands?limit=2").json()
    second = ask(f"brands?limit=2&cursor={first['next']}").json()
    assert [row["name"] for row in first["results"] + second["results"]] == ["A", "B", "C"]


def test_a_key_is_told_what_it_may(ask: Ask) -> None:
    told = ask("key").json()
    assert (told["name"], told["client"]) == ("Outil", "Maison Aldane")
    assert {one["scope"] for one in told["scopes"]} == set(Scope.values)
    assert {one["scope"] for one in told["scopes"] if one["is_given"]} == {"client:read", "positions:read"}
    assert "digest" not in told


@pytest.mark.parametrize("path", ["brands", "watches", "sources", "positions", "rota/now", "signals", "briefings"])
def test_another_scope_opens_none_of_it(aldane: Client, director: User, path: str) -> None:
    assert asking(aldane, director, ["mentions:read"])(path).status_code == 403
