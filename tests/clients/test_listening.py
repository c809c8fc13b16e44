"""A source is read once a turn, and what it says of itself is noted in words."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from agency.http import Door
from agency.models import Client
from clients.models import Mention, Source
from clients.selectors import sources
from clients.services import listening
from clients.services import sources as acts
from clients.services.listening import CLAIM, listen
from tests.clients.rooms import feed
from tests.conftest import NOW
from tests.loopback import Site, serving

RSS = (
    """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Presse</title>{items}</channel></rss>"""
)
ITEM = "<item><guid>{n}</guid><title>Panne {n}</title><description>Le service est en panne</description></item>"
DOOR = Door(timeout_s=5, allow_private=True)


def rss(count: int) -> str:
    return RSS.format(items="".join(ITEM.format(n=n) for n in range(count)))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def test_a_feed_becomes_mentions_and_its_next_turn_is_noted(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2), ETag='"v1"'), every_seconds=60)
    heard = listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert (heard.outcome, heard.taken_in.new, Mention.objects.count()) == ("read", 2, 2)
    assert (source.due_at, source.last_success_at, source.claimed_until) == (NOW + timedelta(minutes=1), NOW, None)
    assert source.cursor["etag"] == '"v1"'


def test_an_unchanged_feed_brings_nothing(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2), ETag='"v1"'), every_seconds=60)
    listen(source=source, http=DOOR, now=NOW)
    heard = listen(source=source, http=DOOR, now=NOW + timedelta(minutes=2))
    assert (heard.outcome, Mention.objects.count()) == ("unchanged", 2)


def test_a_source_is_read_only_in_its_turn(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(1)), due_at=NOW + timedelta(minutes=1))
    assert list(sources.due(NOW)) == []
    assert listen(source=source, http=DOOR, now=NOW).outcome == "taken"
    assert site.asked == []


def test_a_source_that_somebody_reads_is_left_to_them(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(1)), claimed_until=NOW + timedelta(seconds=5))
    assert listen(source=source, http=DOOR, now=NOW).outcome == "taken"


def test_a_dead_workers_source_is_taken_over_and_nothing_is_doubled(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2)))
    listening._claim(source, NOW, NOW + CLAIM)  # and the worker is killed here
    later = NOW + CLAIM + timedelta(seconds=1)
    assert list(sources.due(later)) == [source]
    assert listen(source=source, http=DOOR, now=later).taken_in.new == 2
    assert Mention.objects.count() == 2


def test_who_comes_back_after_its_claim_drops_what_it_brought(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2)))

    class SlowDoor:
        def get(self, url: str, headers: object = None, *, auth: object = None) -> object:
            Source.objects.filter(pk=source.pk).update(claimed_until=NOW + 3 * CLAIM)  # somebody else took over
            return DOOR.get(url)

    assert listen(source=source, http=SlowDoor(), now=NOW).outcome == "taken"  # type: ignore[arg-type]
    source.refresh_from_db()
    assert (Mention.objects.count(), source.claimed_until) == (0, NOW + 3 * CLAIM)


def test_a_passing_failure_doubles_the_pause_and_says_why(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "non", status=500), every_seconds=60)
    listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert (source.failures, source.due_at, source.is_active) == (1, NOW + timedelta(minutes=1), True)
    assert "500" in source.last_error and "error" in source.last_error_en
    listen(source=source, http=DOOR, now=NOW + timedelta(minutes=1))
    source.refresh_from_db()
    assert source.due_at == NOW + timedelta(minutes=3)
    assert sources.health(source, NOW).state == "failing"


def test_a_source_that_asks_to_wait_is_heard(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "", status=429, Retry_After="1800"), every_seconds=60)
    listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert source.due_at == NOW + timedelta(minutes=30)


def test_a_source_that_is_gone_is_stopped_with_words(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "", status=410))
    assert listen(source=source, http=DOOR, now=NOW).outcome == "stopped"
    source.refresh_from_db()
    assert (source.is_active, sources.health(source, NOW).state) == (False, "stopped")
    assert "supprimée" in source.last_error


def test_a_success_after_a_failure_forgets_it(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(1)), failures=4, last_error="avant", last_error_en="before")
    listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert (source.failures, source.last_error, source.last_error_en) == (0, "", "")


def test_a_page_instead_of_a_feed_is_said(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "<!doctype html><html><body>Bonjour</body></html>", Content_Type="text/html"))
    assert listen(source=source, http=DOOR, now=NOW).outcome == "failed"
    source.refresh_from_db()
    assert "page web" in source.last_error


def test_a_feed_that_moved_is_followed(aldane: Client, site: Site) -> None:
    target = site.lay("/new", rss(1))
    source = feed(url=site.lay("/old", "", status=301, Location=target))
    listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert source.url == target


def test_a_silent_collector_is_never_called_calm(aldane: Client) -> None:
    source = feed(every_seconds=60, last_success_at=NOW - timedelta(hours=1))
    assert sources.health(source, NOW).state == "silent"
    assert sources.health(source, NOW - timedelta(minutes=58)).state == "ok"


def test_read_now_brings_the_turn_forward(aldane: Client) -> None:
    source = feed(due_at=NOW + timedelta(hours=1))
    assert acts.read_now(source=source, now=NOW)
    assert list(sources.due(NOW)) == [source]


def test_an_address_changed_while_the_old_one_was_read_stays_changed(aldane: Client, site: Site) -> None:
    source, new = feed(url=site.lay("/old", rss(2))), site.lay("/new", rss(1))

    class SlowDoor:
        def get(self, url: str, headers: object = None, *, auth: object = None) -> object:
            changed = Source.objects.get(pk=source.pk)
            changed.url = new
            changed.save()  # a person saves the source's page
            acts.begin_again(source=changed, now=NOW)
            return DOOR.get(url)

    listen(source=source, http=SlowDoor(), now=NOW)  # type: ignore[arg-type]
    source.refresh_from_db()
    assert (source.url, list(sources.due(NOW))) == (new, [source])
