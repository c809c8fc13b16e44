"""A host is asked at a pace that all workers and clients share, and left alone when it asks for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from agency import outgoing, pace
from agency.http import Busy
from agency.models import HostPace
from tests.loopback import Site, serving

HOST = "feeds.test:443"


@pytest.fixture
def site(committed: None) -> Iterator[Site]:
    with serving() as running:
        yield running


def test_moments_of_a_host_are_a_step_apart(committed: None, settings: Settings) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 4
    waits = [pace.take(HOST, patience_s=2) for _ in range(5)]
    assert waits[0] == 0
    assert [round(wait * 4) for wait in waits[1:]] == [1, 2, 3, 4]


def test_who_would_wait_too_long_takes_no_moment(committed: None, settings: Settings) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 1
    taken = [pace.take(HOST, patience_s=2) for _ in range(3)]
    before = HostPace.objects.get().next_at
    with pytest.raises(pace.NoRoom) as refused:
        pace.take(HOST, patience_s=2)
    assert len(taken) == 3
    assert 2 < refused.value.seconds <= 3
    assert HostPace.objects.get().next_at == before


def test_many_workers_share_one_pace(committed: None, settings: Settings) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 10

    def ask(_number: int) -> float:
        try:
            wait = pace.take(HOST, patience_s=60)
            return wait + datetime.now(UTC).timestamp()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        moments = sorted(pool.map(ask, range(24)))
    assert moments[-1] - moments[0] > 2.2  # 24 requests at ten a second


def test_another_host_is_not_concerned(committed: None, settings: Settings) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 1
    assert [pace.take(f"h{n}.test:443", patience_s=0.1) for n in range(4)] == [0, 0, 0, 0]


def test_a_host_that_asks_for_a_pause_gets_it_from_everybody(site: Site) -> None:
    url = site.lay("/feed", "", status=503, Retry_After="1800")
    assert outgoing.door().get(url).status == 503
    with pytest.raises(Busy) as refused:
        outgoing.door().get(site.lay("/other"))
    assert 1790 < refused.value.seconds <= 1800
    assert len(site.asked) == 1


def test_a_limit_on_an_account_holds_for_that_account_alone(site: Site) -> None:
    url = site.lay("/api", "", status=429, Retry_After="60")
    outgoing.door(account="token one").get(url)
    with pytest.raises(Busy):
        outgoing.door(account="token one").get(url)
    assert outgoing.door(account="token two").get(url, {"Authorization": "Bearer two"}).status == 429
    assert outgoing.door().get(url, {"Authorization": "Bearer three"}).status == 429
    assert len(site.asked) == 3
    assert not any("token" in host for host in HostPace.objects.values_list("host", flat=True))


def test_a_redirect_keeps_the_pace_of_the_host_it_leads_to(site: Site) -> None:
    with serving() as other:
        url = site.lay("/old", "", status=302, Location=other.lay("/new", "", status=503, Retry_After="60"))
        assert outgoing.door().get(url).status == 503
        with pytest.raises(Busy):
            outgoing.door().get(url)
    assert (len(site.asked), len(other.asked)) == (2, 1)


def test_a_reading_under_way_waits_longer_than_one_that_begins(site: Site, settings: Settings) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 5
    url, door = site.lay("/feed", "ok"), outgoing.door()
    door.get(url)
    HostPace.objects.update(next_at=datetime.now(UTC) + timedelta(seconds=2.5))
    with pytest.raises(Busy):
        outgoing.door().get(url)
    assert door.get(url).status == 200


def test_a_person_who_tries_an_address_in_a_form_holds_nobody_up(db: None) -> None:
    assert pace.take(HOST, patience_s=2) == 0
    pace.pause(HOST, seconds=60)
    assert not HostPace.objects.exists()


def test_hosts_that_nobody_asks_any_more_are_forgotten(committed: None) -> None:
    now = datetime.now(UTC)
    old, paused = now - timedelta(days=2), now + timedelta(hours=1)
    HostPace.objects.create(host="old.test:443", next_at=old)
    HostPace.objects.create(host="paused.test:443", next_at=old, paused_until=paused)
    HostPace.objects.create(host="new.test:443", next_at=now)
    assert pace.forget_old(now=now) == 1
    assert not HostPace.objects.filter(host="old.test:443").exists()
