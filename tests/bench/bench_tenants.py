"""Tenants: how long one takes to make, and with a hundred of them the no-op migration and the day's desk.

`pytest tests/bench/bench_tenants.py -s`. Figures are printed; bars are asserted on what a busy machine does not blur:
the faster quarter of the creations, the processor's seconds of a process, the best of several readings.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from agency import clock, signin  # noqa: F401 (signin binds sessions to their host)
from agency.models import Client, Membership, User
from agency.services import clients
from clients.models import Brand, Source
from incidents.models import Incident

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 100
CREATION_SECONDS, NOTHING_TO_DO_SECONDS, DESK_SECONDS, DESK_QUERIES = 0.5, 3.0, 2.0, 12


def seconds_of(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def processor_seconds_of(act) -> float:
    """Of the processes that `act` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def open_one(number: int) -> None:
    clients.open_client(schema_name=f"bench_{number:03d}", name=f"Client {number:03d}", by=None, now=clock.now())


def look_whether_behind() -> None:
    """`migrate_schemas` in a process of its own, on the database of the tests."""
    at = connection.settings_dict
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}"
    if not at["HOST"].startswith("/"):
        url = f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    command = [sys.executable, "-m", "django", "migrate_schemas", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)


def have_a_bad_day(client: Client) -> None:
    with schema_context(client.schema_name):
        brand, now = Brand.objects.create(name="Marque"), clock.now()
        Source.objects.create(name="Fil", url="https://f.test/", failures=4, last_error="503")
        Incident.objects.create(number=1, brand=brand, title="Coup", started_at=now, proposed_at=now)


@pytest.fixture
def house(committed):
    """A hundred clients, every fourth on a bad day; the seconds that each took to make."""
    made = [seconds_of(lambda n=number: open_one(n)) for number in range(CLIENTS)]
    for client in Client.objects.order_by("id")[::4]:
        have_a_bad_day(client)
    return made


def test_a_hundred_clients(house):
    print(f"\nmake a client: median {statistics.median(house):.3f} s, worst {max(house):.3f} s")
    looked = [seconds_of(look_whether_behind) for _ in range(3)]
    spent = processor_seconds_of(look_whether_behind)
    print(f"nothing to migrate, {CLIENTS} clients, process start included: {min(looked):.2f} to {max(looked):.2f} s,")
    print(f"    of which {spent:.2f} s of processor")
    director = User.objects.create_user("director@bench.test", full_name="Direction")
    Membership.objects.create(user=director, role="director")
    browser = Browser(HTTP_HOST="agence.localhost")
    browser.force_login(director)
    browser.get("/agency/")  # loads the addresses, and the reading's libraries with them: once per process
    desk = [seconds_of(lambda: browser.get("/")) for _ in range(4)]
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get("/")
    assert answer.status_code == 200
    queries = [query["sql"] for query in asked if "search_path" not in query["sql"]]
    print(f"the day's desk, {CLIENTS} clients: {desk[0]:.2f} s, then {min(desk[1:]):.2f} s, {len(queries)} queries")
    assert statistics.quantiles(house)[0] < CREATION_SECONDS
    assert spent < NOTHING_TO_DO_SECONDS
    assert min(desk) < DESK_SECONDS
    assert len(queries) <= DESK_QUERIES
