"""A real worker is killed with -9 in the middle of a strike, twice: nothing is lost, nothing comes twice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django_tenants.utils import schema_context

from clients.models import Brand, Classification, Mention, Source, Watch, WatchHit
from reports.demo.aldane import ALDANE
from reports.demo.network import Network
from reports.demo.pages import Answer, Asked, serve
from reports.demo.performances import Playbill

ROOT = Path(__file__).resolve().parents[2]
SPEED = 12  # the network's clock: four minutes in twenty seconds
PATIENCE = 120  # seconds, for a machine that does many other things


class SlowNetwork:
    """The simulated network, whose feed can be held back while somebody waits for it."""

    def __init__(self, playbill: Playbill) -> None:
        self.began = datetime.now(UTC)
        self.network = Network("http://127.0.0.1:1", playbill, self.clock)
        self.may_answer = threading.Event()
        self.is_asked = threading.Event()
        self.may_answer.set()

    def clock(self) -> datetime:
        return self.began + (datetime.now(UTC) - self.began) * SPEED

    def __call__(self, asked: Asked) -> Answer:
        self.is_asked.set()
        self.may_answer.wait(PATIENCE)
        return self.network(asked)

    def served(self) -> int:
        return len(self.network.posted(ALDANE, self.clock()))


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


@contextmanager
def celery(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group against this test's database, and the test run's real broker."""
    here = connection.settings_dict
    is_socket = here["HOST"].startswith("/")
    place = f":{here['PORT']}" if is_socket else f"{here['HOST']}:{here['PORT']}"
    found = f"postgres://{here['USER']}:{here['PASSWORD']}@{place}/{here['NAME']}"
    address = f"{found}?host={here['HOST']}" if is_socket else found
    environ = {**os.environ, "DATABASE_URL": address, "CELERY_BROKER_URL": settings.REDIS_URL}
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "agency.config.celery", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        kill(process)


def worker() -> AbstractContextManager[subprocess.Popen[bytes]]:
    return celery("worker", "--pool=prefork", "--concurrency=2", "--without-gossip", "--without-mingle")


def kill(process: subprocess.Popen[bytes]) -> None:
    """No word of warning, to the worker and its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "It did not come to pass in time."
        time.sleep(0.1)


def furnish(port: int) -> Source:
    brand = Brand.objects.create(name=ALDANE.name)
    Watch.objects.create(brand=brand, name=ALDANE.name, include=list(ALDANE.brands[0].words))
    return Source.objects.create(name="Parvis", url=f"http://127.0.0.1:{port}/{ALDANE.path}.json", every_seconds=1)


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
        with worker() as first:
            wait_until(Mention.objects.exists)
            playbill.begin(site.clock(), site.clock())
            quiet = Mention.objects.count()
            wait_until(lambda: Mention.objects.count() > quiet)
            site.is_asked.clear()
            site.may_answer.clear()
            wait_until(site.is_asked.is_set)  # the source is claimed and being read
            kill(first)
        source.refresh_from_db()
        assert source.claimed_until is not None
        site.may_answer.set()
        Source.objects.update(claimed_until=datetime.now(UTC) - timedelta(seconds=1))  # two minutes pass
        with worker() as second:
            before = Mention.objects.count()
            wait_until(lambda: Mention.objects.count() > before)
            kill(second)
        Source.objects.update(claimed_until=None)
        stack.enter_context(worker())
        wait_until(lambda: not playbill.performances[0].is_going_on(site.clock()))
        wait_until(lambda: Mention.objects.count() >= site.served())
        wait_until(lambda: not Mention.objects.filter(read_at=None).exists())
        assert Mention.objects.count() == WatchHit.objects.count() == site.served()
        assert doubles() == 0
        assert Mention.objects.filter(external_id__startswith="rapidolin-").count() == 69
