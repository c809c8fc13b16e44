"""Feeds from a real web server (Caddy), read as the worker reads them: what is kept, what is noted, when to return."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from agency import vault
from agency.addresses import is_public
from agency.http import Door
from agency.models import Client
from clients.models import CollectorRun, Mention, Source
from clients.services.listening import Heard, listen
from tests.caddy import Caddy, caddy
from tests.clients.rooms import feed
from tests.conftest import NOW

DOOR = Door(timeout_s=5, allow_private=True)
RSS = '<rss version="2.0"><channel><title>Presse</title>{}</channel></rss>'
ITEM = "<item><guid>{0}</guid><title>Panne {0}</title></item>"


def rss(*numbers: int) -> str:
    return RSS.format("".join(ITEM.format(number) for number in numbers))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caddy]:
    with caddy(tmp_path_factory.mktemp("caddy")) as started:
        yield started


@pytest.fixture
def site(running: Caddy) -> Caddy:
    running.lay("feed.xml", rss(1, 2))
    return running


def heard(source: Source, minutes: int = 0, http: Any = DOOR) -> Heard:
    outcome = listen(source=source, http=http, now=NOW + timedelta(minutes=minutes))
    source.refresh_from_db()
    return outcome


def test_a_304_writes_nothing(aldane: Client, site: Caddy) -> None:
    source = feed(url=f"{site.base}/feed.xml", every_seconds=60)
    assert heard(source).outcome == "read"
    assert source.cursor["etag"]
    before = (Mention.objects.count(), CollectorRun.objects.count(), source.cursor, CollectorRun.objects.get().bytes)
    assert heard(source, 2).outcome == "unchanged"
    after = (Mention.objects.count(), CollectorRun.objects.count(), source.cursor, CollectorRun.objects.get().bytes)
    assert before == after
    assert before[:2] == (2, 1)


def test_a_changed_feed_brings_what_is_new(aldane: Client, site: Caddy) -> None:
    source = feed(url=f"{site.base}/feed.xml", every_seconds=60)
    heard(source)
    site.lay("feed.xml", rss(3, 2, 1))
    assert heard(source, 2).taken_in.new == 1
    assert Mention.objects.count() == 3


def test_a_move_for_good_is_followed_for_good_and_a_passing_one_is_not(aldane: Client, site: Caddy) -> None:
    moved = feed("Déménagé", url=f"{site.base}/moved", every_seconds=60)
    guest = feed("De passage", url=f"{site.base}/guest", every_seconds=60)
    assert [heard(moved).outcome, heard(guest).outcome] == ["read", "read"]
    assert (moved.url, guest.url) == (f"{site.base}/feed.xml", f"{site.base}/guest")
    assert [heard(moved, 2).outcome, heard(guest, 2).outcome] == ["unchanged", "unchanged"]


def test_a_feed_that_is_gone_is_not_asked_again(aldane: Client, site: Caddy) -> None:
    source = feed(url=f"{site.base}/gone")
    assert heard(source).outcome == "stopped"
    assert (source.is_active, source.due_at) == (False, None)
    assert "410" in source.last_error


@pytest.mark.parametrize(("path", "minutes"), [("busy", 2), ("down", 10)])
def test_a_pause_that_is_asked_for_is_kept(aldane: Client, site: Caddy, path: str, minutes: int) -> None:
    source = feed(url=f"{site.base}/{path}", every_seconds=5)
    assert heard(source).outcome == "failed"
    assert source.due_at is not None
    assert source.due_at >= NOW + timedelta(minutes=minutes)


def test_a_refusal_is_tried_again_later(aldane: Client, site: Caddy) -> None:
    source = feed(url=f"{site.base}/refused", every_seconds=60)
    assert heard(source).outcome == "failed"
    assert source.is_active
    assert "403" in source.last_error


def test_a_zipped_feed_is_read(aldane: Client, site: Caddy) -> None:
    site.lay("long.xml", rss(*range(200)))
    source = feed(url=f"{site.base}/zipped/long.xml")
    assert heard(source).taken_in.new == 200


def test_members_only_with_the_sealed_password(aldane: Client, site: Caddy) -> None:
    url = f"{site.base}/members/feed.xml"
    assert heard(feed("Sans", url=url)).outcome == "stopped"
    member = feed("Avec", url=url, settings={"user": "marie"}, sealed=vault.seal({"password": "secret"}))
    assert heard(member).outcome == "read"


@pytest.mark.parametrize("path", ["inside", "metadata"])
def test_a_redirect_into_a_private_network_is_refused(
    aldane: Client, site: Caddy, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    # Caddy stands for a site of the internet; all other addresses are judged as in production
    monkeypatch.setattr("agency.http.is_public", lambda address: address == "127.0.0.1" or is_public(address))
    source = feed(url=f"{site.base}/{path}")
    assert heard(source, http=Door(timeout_s=5)).outcome == "stopped"
    assert "réseau privé" in source.last_error
    assert source.url == f"{site.base}/{path}"


def test_a_circle_of_redirects_ends(aldane: Client, site: Caddy) -> None:
    source = feed(url=f"{site.base}/circle")
    assert heard(source).outcome == "failed"
    assert "sans fin" in source.last_error


def test_a_server_that_says_nothing_is_left(aldane: Client, site: Caddy) -> None:
    source = feed(url=f"{site.base}/slow/feed.xml")
    begun = time.monotonic()
    assert heard(source, http=Door(timeout_s=0.5, allow_private=True)).outcome == "failed"
    assert time.monotonic() - begun < 3
    assert "0.5\u00a0s" in source.last_error
