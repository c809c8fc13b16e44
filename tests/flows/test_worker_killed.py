"""A real worker is killed with -9 in the middle of a strike, twice: nothing is lost, nothing comes twice."""

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import Count
from django_tenants.utils import schema_context

from clients.models import Brand, Classification, Mention, Source, Watch, WatchHit
from reports.demo.aldane import ALDANE
from reports.demo.network import Network
from reports.demo.pages import Answer, Asked, serve
from reports.demo.performances import Playbill
from tests.flows.processes import PATIENCE, celery, kill, wait_until, workers

SPEED = 12  # the network's clock: four minutes in twenty seconds


class SlowNetwork:
    """The simulated network, whose feed can be held back while somebody waits for it."""

    def __init__(self, playbill: Playbill) -> None:
        self.began = datetime.now(UTC)
        self.network = Network("http://127.0.0.1:1", playbill, self.clock)
        self.may_answer = threading.Event()
        self.is_asked = threading.Event()
        self.told: set[str] = set()  # old posts leave the feed while we listen: what it ever said counts
        self.may_answer.set()

    def clock(self) -> datetime:
        return self.began + (datetime.now(UTC) - self.began) * SPEED

    def __call__(self, asked: Asked) -> Answer:
        self.is_asked.set()
        self.may_answer.wait(PATIENCE)
        answer = self.network(asked)
        if answer.status == 200:
            self.told |= {item["id"] for item in json.loads(answer.body)["items"]}
        return answer


@contextmanager
def serving(site: SlowNetwork) -> Iterator[int]:
    server = serve(site, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port
    site.may_answer.set()
    server.shutdown()
    thread.join()
    server.server_close()


def furnish(port: int) -> Source:
    brand = Brand.objects.create(name=ALDANE.name)
    Watch.objects.create(brand=brand, name=ALDANE.name, include=list(ALDANE.brands[0].words))
    return Source.objects.create(name="Parvis", url=f"http://127.0.0.1:{port}/{ALDANE.path}.json", every_seconds=1)


def kept() -> set[str]:
    return set(Mention.objects.values_list("external_id", flat=True))


def doubles() -> int:
    twice = Classification.objects.values("mention_id", "axis").annotate(times=Count("id")).filter(times__gt=1)
    return twice.count()


@pytest.mark.usefixtures("committed")
def test_a_worker_killed_in_the_middle_of_a_strike_costs_nothing(tmp_path: Path) -> None:
    playbill = Playbill(tmp_path / "strikes.json")
    site = SlowNetwork(playbill)
    with ExitStack() as stack, schema_context("maison_aldane"):
        port = stack.enter_context(serving(site))
        source = furnish(port)
        stack.enter_context(celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile="))
        with workers() as first:
            wait_until(Mention.objects.exists)
            playbill.begin(site.clock(), site.clock())
            quiet = Mention.objects.count()
            wait_until(lambda: Mention.objects.count() > quiet)
            site.is_asked.clear()
            site.may_answer.clear()
            wait_until(site.is_asked.is_set)  # the source is claimed and being read
            for process in first:
                kill(process)
        source.refresh_from_db()
        assert source.claimed_until is not None
        site.may_answer.set()
        Source.objects.update(claimed_until=datetime.now(UTC) - timedelta(seconds=1))  # two minutes pass
        with workers() as second:
            before = Mention.objects.count()
            wait_until(lambda: Mention.objects.count() > before)
            for process in second:
                kill(process)
        Source.objects.update(claimed_until=None)
        stack.enter_context(workers())
        wait_until(lambda: not playbill.performances[0].is_going_on(site.clock()))
        site.is_asked.clear()
        wait_until(site.is_asked.is_set)
        wait_until(lambda: kept() == site.told and WatchHit.objects.count() == len(site.told))
        assert not Mention.objects.filter(read_at=None).exists()
        assert doubles() == 0
        assert Mention.objects.filter(external_id__startswith="rapidolin-").count() == 70
