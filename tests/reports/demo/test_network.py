"""The simulated network answers as a real one does, and strikes when somebody looks."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from agency.http import Door
from agency.models import User
from agency.services import audit
from clients.listening.collectors.feed.collector import FeedCollector
from reports.demo import audience
from reports.demo.network import Network
from reports.demo.pages import Asked, serve
from reports.demo.performances import Playbill

NOW = datetime(2026, 11, 23, 9, 3, tzinfo=UTC)


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def playbill(tmp_path: Path) -> Playbill:
    return Playbill(tmp_path / "strikes.json")


@pytest.fixture
def port(playbill: Playbill, clock: Hands) -> Iterator[int]:
    server = serve(Network("http://127.0.0.1:1", playbill, clock), 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def answer(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    told = response.read().decode()
    connection.close()
    return response.status, told


def test_our_own_collector_reads_the_feed_and_then_hears_that_nothing_is_new(port: int) -> None:
    door = Door(timeout_s=5, max_bytes=5_000_000, allow_private=True)
    settings = {"url": f"http://127.0.0.1:{port}/maison-aldane.json", "network": "parvis", "kind": "post"}
    first = FeedCollector().fetch(settings, {}, http=door, now=NOW)
    again = FeedCollector().fetch(settings, first.cursor, http=door, now=NOW)
    assert len(first.mentions) > 40
    assert again.unchanged
    assert again.bytes == 0


def test_a_date_alone_is_enough_for_a_304(playbill: Playbill, clock: Hands) -> None:
    network = Network("http://127.0.0.1:1", playbill, clock)
    known = network(Asked("GET", "/tramontel.json")).headers["Last-Modified"]
    assert network(Asked("GET", "/tramontel.json", {"if-modified-since": known})).status == 304
    assert network(Asked("GET", "/tramontel.json", {"if-modified-since": "yesterday"})).status == 200


def test_a_strike_arrives_post_by_post_and_stays(playbill: Playbill, clock: Hands) -> None:
    playbill.begin(NOW, NOW)
    counts = [len(playbill.posts("maison_aldane", NOW + timedelta(minutes=minute))) for minute in range(6)]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[-1] == counts[-2] == 70


def test_a_network_that_was_killed_goes_on_where_it_was(playbill: Playbill) -> None:
    begun = playbill.begin(NOW, NOW)
    assert Playbill(playbill.file).performances == [begun]


def test_the_next_strike_is_on_the_other_client(playbill: Playbill) -> None:
    playbill.begin(NOW, NOW)
    assert playbill.begin(NOW, NOW + timedelta(minutes=1)) is None
    later = NOW + timedelta(minutes=10)
    second = playbill.begin(later, later)
    assert second is not None
    assert second.strike.schema_name == "tramontel"


def test_a_page_shows_what_was_said_under_a_strict_policy(port: int, playbill: Playbill, clock: Hands) -> None:
    playbill.begin(NOW, NOW)
    assert "@cm_rapidolin" in answer(port, "/")[1]
    assert answer(port, "/posts/rapidolin-1-0")[0] == 200
    assert answer(port, "/posts/rapidolin-9-0")[0] == 404


def test_only_the_networks_own_page_presses_its_button(port: int, playbill: Playbill) -> None:
    assert answer(port, "/frappe", "POST", Origin="http://elsewhere.test")[0] == 403
    assert answer(port, "/frappe", "POST")[0] == 403
    assert playbill.performances == []
    assert answer(port, "/frappe", "POST", Origin=f"http://127.0.0.1:{port}")[0] == 303
    assert len(playbill.performances) == 1


def test_another_sites_name_for_this_machine_is_not_answered(port: int) -> None:
    assert answer(port, "/", Host="rebound.test:80")[0] == 421


def test_static_files_outside_the_look_are_not_served(port: int) -> None:
    assert answer(port, "/static/rempart/ui.css")[0] == 200
    assert answer(port, "/static/rempart/../../config/settings.py")[0] == 404
    assert answer(port, "/static/admin/css/base.css")[0] == 404


def test_the_strike_waits_for_somebody_to_come_in(db: None, playbill: Playbill, person: object) -> None:
    assert audience.begin_when_watched(playbill, NOW, NOW + timedelta(minutes=9), was_in=False) is None
    somebody = User.objects.create_user("ines@rempart.test", "un mot de passe", full_name="Inès")
    audit.note(action="signin.done", by=somebody, now=NOW + timedelta(minutes=10))
    begun = audience.begin_when_watched(playbill, NOW, NOW + timedelta(minutes=10, seconds=1), was_in=False)
    assert begun is not None
    assert timedelta(0) < begun.began - (NOW + timedelta(minutes=10)) < timedelta(minutes=1)


def test_who_never_left_sees_a_strike_too(db: None, playbill: Playbill) -> None:
    assert audience.begin_when_watched(playbill, NOW, NOW + timedelta(seconds=50), was_in=True) is None
    assert audience.begin_when_watched(playbill, NOW, NOW + timedelta(seconds=61), was_in=True) is not None


def test_a_network_that_died_does_not_strike_a_second_time_in_the_same_run(db: None, playbill: Playbill) -> None:
    audience.begin_when_watched(playbill, NOW, NOW + timedelta(minutes=2), was_in=True)
    much_later = NOW + timedelta(hours=1)
    assert audience.begin_when_watched(Playbill(playbill.file), NOW, much_later, was_in=True) is None
    assert audience.begin_when_watched(Playbill(playbill.file), much_later, much_later + audience.PATIENCE, was_in=True)


def test_a_clients_tool_takes_what_it_is_told_and_nothing_else_does(port: int) -> None:
    assert answer(port, "/outil", "POST", webhook_id="evt_1")[0] == 204
    assert answer(port, "/outil", "POST")[0] == 403
    assert answer(port, "/ailleurs", "POST", webhook_id="evt_1")[0] == 404
