"""The rota over REST and in a calendar: hours in UTC, one client's, until the address is taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from icalendar import Calendar

from agency import clock
from agency.models import ApiKey, AuditEvent, Client, RotaFeed, User
from agency.rota_calendar import Duty, calendar_of
from agency.services import absences, feeds, keys, rota
from tests.api import Ask, asking
from tests.conftest import MakePerson, host_of


@pytest.fixture
def director(person: MakePerson) -> User:
    return person("director")


@pytest.fixture
def ask(aldane: Client, director: User) -> Ask:
    return asking(aldane, director, ["rota:read"])


@pytest.fixture
def shift(aldane: Client, director: User) -> datetime:
    """The director is on call for eight hours, from an hour ago; returns when it began."""
    begins = clock.now().replace(microsecond=0) - timedelta(hours=1)
    rota.add(
        person=director, client=aldane, starts_at=begins, ends_at=begins + timedelta(hours=8), by=director, now=begins
    )
    return begins


def read(client: Client, address: str) -> Any:
    return Browser(HTTP_HOST=host_of(client)).get(
        address[address.index("/api/") :], headers={"Accept": "text/calendar"}
    )


def events(client: Client, address: str) -> list[Any]:
    return list(Calendar.from_ical(read(client, address).content).walk("VEVENT"))


def test_who_is_on_call_is_read_by_name_only(ask: Ask, director: User, shift: datetime) -> None:
    answer = ask("rota/now")
    assert (answer.json()["first"], answer.json()["backups"]) == (director.full_name, [])
    assert director.email not in answer.content.decode()


def test_nobody_on_call_is_said(ask: Ask) -> None:
    assert ask("rota/now").json() == {"first": None, "until": None, "backups": []}


def test_a_calendar_shows_the_shifts_in_utc(ask: Ask, aldane: Client, director: User, shift: datetime) -> None:
    made = ask("rota/feeds", "POST", {"name": "Téléphone"})
    assert made.status_code == 201
    (event,) = events(aldane, made.json()["url"])
    assert director.full_name in event["SUMMARY"]
    assert (event.decoded("DTSTART"), event["DTSTART"].to_ical()[-1:]) == (shift, b"Z")
    answer = read(aldane, made.json()["url"])
    assert answer["Content-Type"] == "text/calendar; charset=utf-8" and answer["ETag"]


def test_an_absence_is_taken_out_of_a_shift(ask: Ask, aldane: Client, director: User, shift: datetime) -> None:
    hours = {"starts_at": shift + timedelta(hours=3), "ends_at": shift + timedelta(hours=4)}
    absences.add(person=director, **hours, by=director, now=shift)
    address = ask("rota/feeds", "POST", {"name": "Téléphone"}).json()["url"]
    first, second = events(aldane, address)
    assert (first.decoded("DTEND"), second.decoded("DTSTART")) == (hours["starts_at"], hours["ends_at"])
    assert first["UID"] != second["UID"]


def test_an_address_is_shown_once_and_taken_back_for_good(ask: Ask, aldane: Client, tramontel: Client) -> None:
    made = ask("rota/feeds", "POST", {"name": "Téléphone"}).json()
    (listed,) = ask("rota/feeds").json()["results"]
    assert (listed["name"], listed["made_by"], "url" in listed) == ("Téléphone", "Outil", False)
    assert [read(client, made["url"]).status_code for client in (aldane, tramontel)] == [200, 404]
    assert ask(f"rota/feeds/{made['seq']}", "DELETE").status_code == 204
    assert (read(aldane, made["url"]).status_code, ask("rota/feeds").json()["results"]) == (404, [])
    assert ask(f"rota/feeds/{made['seq']}", "DELETE").status_code == 404
    assert AuditEvent.objects.get(action="feed.revoked").detail == {"name": "Téléphone", "key": "Outil"}


def test_a_revoked_key_takes_its_addresses_along(ask: Ask, aldane: Client, director: User) -> None:
    address = ask("rota/feeds", "POST", {"name": "Téléphone"}).json()["url"]
    keys.revoke(key=ApiKey.objects.get(), by=director, now=clock.now())
    assert read(aldane, address).status_code == 404


def test_another_clients_address_cannot_be_taken_back(ask: Ask, tramontel: Client, director: User) -> None:
    theirs, _words = keys.make(client=tramontel, name="n", scopes=["rota:read"], by=director, now=clock.now())
    feed, _secret = feeds.make(client=tramontel, name="x", key=theirs, now=clock.now())
    assert ask(f"rota/feeds/{feed.pk}", "DELETE").status_code == 404
    assert RotaFeed.objects.get(pk=feed.pk).revoked_at is None


def test_one_address_a_request_with_the_same_key(ask: Ask) -> None:
    made = [ask("rota/feeds", "POST", {"name": "x"}, Idempotency_Key="1").json()["url"] for _twice in range(2)]
    assert (len(set(made)), RotaFeed.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["Astreinte; a,b\\c", "🔥" * 60, "\r\nBEGIN:VEVENT\r\nX", "א" * 100, ""])
def test_any_name_is_kept_from_breaking_the_calendar(name: str) -> None:
    at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # an hour before the clocks go back in Paris
    made = calendar_of(name, [Duty("1", name, at, at + timedelta(hours=3), at)], language="fr")
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=3)
    assert max(len(line) for line in made.split(b"\r\n")) <= 75
