"""A hundred clients with ten sources each, all due every minute: does the schedule hold on two cores?

`pytest tests/bench/bench_schedule.py -s`, some four minutes. The real worker as `up` starts it, woken every second by
a real beat, against a web server on loopback where the sources have hosts of their own (127.0.x.y), so that the pace of
a host is kept as in life. Lateness is measured where it counts: when the request arrives.
"""

import re
import resource
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django_tenants.utils import schema_context

from agency import clock, outgoing
from agency.models import Client
from agency.services import clients
from clients.listening.collectors.feed.collector import FeedCollector
from clients.models import CollectorRun, Mention, Source
from clients.services.ingest import ingest
from clients.services.listening import listen
from tests.clients.rooms import feed
from tests.conftest import NOW
from tests.flows.processes import celery, listener
from tests.loopback import serving

CLIENTS, SOURCES = 100, 10
EVERY_S = 60
WATCHED_S = 150.0
LATE_S = 10.0
LEAST_ON_TIME = 0.99
OVERHEAD_CEILING_US = 250  # microseconds of processor a mention, beyond the bare ingest
TICKS_PER_SECOND = 100  # of /proc/PID/stat, everywhere on Linux
ITEM = '{{"id": "{n}", "content_text": "Le colis {n} n’est jamais arrivé, et personne ne répond au téléphone"}}'


class Places(ThreadingHTTPServer):
    """Each path is a feed that has one more post each time; when each was asked is written down."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), _Place)
        self.asked: dict[str, list[float]] = defaultdict(list)


class _Place(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        asked = self.server.asked[self.path]  # type: ignore[attr-defined]
        asked.append(time.time())
        items = ", ".join(ITEM.format(n=n) for n in range(len(asked) + 19))
        body = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "Fil", "items": [{items}]}}'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *said: object) -> None:
        """Say nothing: a test's output is its figures."""


@pytest.fixture
def places() -> Iterator[Places]:
    server = Places()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def furnish(port: int) -> dict[str, float]:
    """The sources of all clients, their turns spread over the first minute; when each is due first, by path."""
    due, begins = {}, clock.now() + timedelta(seconds=15)
    for number in range(CLIENTS):
        client = clients.open_client(schema_name=f"bench_{number:03d}", name=f"B {number}", by=None, now=clock.now())
        with schema_context(client.schema_name):
            for place in range(SOURCES):
                path = f"/{number}/{place}"
                at = begins + timedelta(seconds=EVERY_S * (place * CLIENTS + number) / (CLIENTS * SOURCES))
                url = f"http://127.0.{number // 10 + 1}.{number % 10 * 10 + place + 1}:{port}{path}"
                Source.objects.create(name=path, url=url, every_seconds=EVERY_S, due_at=at)
                due[path] = at.timestamp()
    return due


def lateness(due: dict[str, float], asked: dict[str, list[float]], until: float) -> list[float]:
    """Seconds between each turn's due time and its start: the first is known, the others are a minute after the last.

    A turn that had come and was never taken counts with what it has waited so far.
    """
    late = []
    for path, first in due.items():
        expected = first
        for moment in asked.get(path, []):
            late.append(max(moment - expected, 0.0))
            expected = moment + EVERY_S
        if expected < until:
            late.append(until - expected)
    return late


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def memory_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0


def test_a_thousand_sources_a_minute_start_on_time(committed: None, places: Places, tmp_path: Path) -> None:
    due = furnish(places.server_address[1])
    with listener() as ears, celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile="):
        began = min(due.values())
        time.sleep(max(began + WATCHED_S - time.time(), 0))
        until, spent, memory = time.time(), processor_seconds(ears.pid), memory_mb(ears.pid)
        late = lateness(due, places.asked, until)
    readings = sum(map(len, places.asked.values()))
    cuts = statistics.quantiles(late, n=100)
    on_time = sum(seconds < LATE_S for seconds in late) / len(late)
    print(f"\n{CLIENTS} clients × {SOURCES} sources every {EVERY_S} s: {readings} readings in {WATCHED_S:.0f} s")
    print(
        f"start after due: p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, worst {max(late):.2f} s; on time {on_time:.2%}"
    )
    print(f"listener: {spent / readings * 1000:.1f} ms of processor a reading, {spent / WATCHED_S:.0%} of a core,")
    print(f"    {memory:.0f} MB")
    with schema_context("bench_000"):
        assert CollectorRun.objects.filter(outcome="read").count() >= SOURCES
        assert Mention.objects.count() >= SOURCES * 20
    assert readings >= len(due) * (WATCHED_S / EVERY_S - 1)
    assert on_time >= LEAST_ON_TIME


def test_nothing_due_costs_next_to_nothing(committed: None, tmp_path: Path) -> None:
    """Two clients whose sources are due in an hour: what the worker and the clock spend on looking every second."""
    for client in Client.objects.all():
        with schema_context(client.schema_name):
            feed(due_at=clock.now() + timedelta(hours=1))
    with listener() as ears, celery("beat", "--schedule", str(tmp_path / "beat"), "--pidfile=") as beat:
        time.sleep(12)
        before = [processor_seconds(ears.pid), processor_seconds(beat.pid)]
        time.sleep(20)
        spent = [processor_seconds(ears.pid) - before[0], processor_seconds(beat.pid) - before[1]]
        print(
            f"\nidle: listener {spent[0] / 20:.2%} of a core and {memory_mb(ears.pid):.0f} MB, beat {spent[1] / 20:.2%}"
        )
    assert sum(spent) / 20 < 0.10


def test_what_a_collector_costs_a_mention_beyond_the_bare_ingest(committed: None) -> None:
    """A feed of 500 posts, all new each time, read by `listen`; against `ingest` of the same mentions."""
    bodies = [[f"{turn}-{n}" for n in range(500)] for turn in range(6)]
    whole, bare = [], []
    with schema_context("maison_aldane"), serving() as site:
        for turn, numbers in enumerate(bodies):
            items = ", ".join(ITEM.format(n=n) for n in numbers)
            body = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "Fil", "items": [{items}]}}'
            read, given = feed(f"lu {turn}", url=site.lay("/feed", body)), feed(f"donné {turn}")
            raws = FeedCollector().fetch({"url": read.url}, {}, http=outgoing.door(), now=NOW).mentions
            whole.append(processor_seconds_of(lambda read=read: listen(source=read, http=outgoing.door(), now=NOW)))
            bare.append(processor_seconds_of(lambda given=given, raws=raws: ingest(source=given, raws=raws, now=NOW)))
        assert Mention.objects.count() == 2 * 500 * len(bodies)
    overhead = (min(whole) - min(bare)) / 500 * 1e6
    print(f"\na feed of 500: {min(whole) / 500 * 1e6:.0f} µs of processor a mention, of which")
    print(f"    {min(bare) / 500 * 1e6:.0f} µs the bare ingest (PostgreSQL's share aside), {overhead:.0f} µs the rest")
    assert overhead < OVERHEAD_CEILING_US


def processor_seconds_of(act) -> float:
    """Of this process, its threads included: the loopback server's share is counted too."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    act()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
