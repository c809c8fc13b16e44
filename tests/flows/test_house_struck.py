"""Broker, database, clock and workers of a running house are killed with -9, one after the other, while posts come in.

Servers and processes of the test's own, kept on disk and watched over as `up` does. Counts are equal, nothing is twice.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from agency.config import up
from agency.config.servers.embedded import start_servers
from agency.config.servers.environment import application_environment
from agency.config.servers.folders import Folders, throw_away_folders
from agency.config.servers.processes import Task
from agency.config.servers.supervisor import Supervisor
from tests.flows.processes import ROOT, command, wait_until
from tests.loopback import Site, serving

CLIENT = "maison_aldane"
AT_A_TIME = 40


class House:
    """A house with one client, one source that is read every second, and whatever that source has said so far."""

    def __init__(self, folders: Folders, supervisor: Supervisor, site: Site) -> None:
        self.folders, self.supervisor, self.site = folders, supervisor, site
        self.said = 0
        urls = start_servers(supervisor, folders, {})
        self.environ = application_environment(folders.home, urls, {"PATH": "/usr/bin:/bin"}, 8000, demo=True)
        self.command("migrate_schemas", "--verbosity", "0")
        self.command("create_client", CLIENT, "Maison Aldane")
        self.furnish()
        for name, options in (("worker", up.WORKER), ("listener", up.LISTENER)):
            self.supervisor.add(self.task(name, "worker", *options))
        self.supervisor.add(self.task("beat", "beat", "--schedule", str(folders.home / "beat"), "--pidfile="))

    def command(self, *arguments: str) -> None:
        words = [sys.executable, "-m", "django", *arguments]
        self.supervisor.run(Task(arguments[0], words, self.environ, ROOT, self.folders.logs / f"{arguments[0]}.log"))

    def task(self, name: str, *arguments: str) -> Task:
        return Task(name, command(*arguments), self.environ, ROOT, self.folders.logs / f"{name}.log", patience=3)

    def furnish(self) -> None:
        url = self.site.lay("/feed.json", "")
        words = "from clients.models import Brand, Source, Watch; b = Brand.objects.create(name='Aldane');"
        words += "Watch.objects.create(brand=b, name='Tout', include=['colis']);"
        words += f"Source.objects.create(name='Parvis', url='{url}', every_seconds=1)"
        inside = f"from django_tenants.utils import schema_context as r\nwith r('{CLIENT}'): {words}"
        self.say()
        self.command("shell", "--verbosity", "0", "-c", inside)

    def say(self) -> None:
        """Forty more posts are to be read at the source."""
        self.said += AT_A_TIME
        items = [{"id": str(n), "content_text": f"Le colis {n} n’est jamais arrivé"} for n in range(self.said)]
        body = {"version": "https://jsonfeed.org/version/1.1", "title": "Parvis", "items": items}
        self.site.lay("/feed.json", json.dumps(body), Content_Type="application/feed+json")

    def ask(self, statement: str) -> int:
        """A number from the client's rows; -1 while the database is away."""
        self.supervisor.look()
        try:
            with psycopg.connect(self.environ["DATABASE_URL"], options=f"-c search_path={CLIENT}") as connection:
                row = connection.execute(statement.encode()).fetchone()
                return int(row[0]) if row else 0
        except psycopg.OperationalError:
            return -1

    def count(self) -> int:
        return self.ask("SELECT count(*) FROM clients_mention")

    def strike(self, name: str) -> None:
        """kill -9 while the source is being asked; more is said before the supervisor has it back."""
        asked = len(self.site.asked)
        wait_until(lambda: len(self.site.asked) > asked)
        child = next(child for child in self.supervisor.children if child.task.name == name)
        child.process.kill()
        child.process.wait()
        self.say()

    def two_minutes_pass(self) -> None:
        """The claims of a worker that died run out."""
        self.ask(
            "UPDATE clients_source SET claimed_until = now() - interval '1 s' WHERE claimed_until > now() RETURNING 1"
        )


@pytest.fixture
def house() -> Iterator[House]:
    folders = throw_away_folders()
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folders.home)
        site = stack.enter_context(serving())
        yield House(folders, stack.enter_context(Supervisor(folders.home, print)), site)


def test_whatever_is_killed_nothing_is_lost_and_nothing_comes_twice(house: House) -> None:
    wait_until(lambda: house.count() == house.said)
    for name in ("valkey", "postgres", "listener", "worker", "beat"):
        began = datetime.now(UTC)
        house.say()
        house.strike(name)
        if name == "listener":
            house.two_minutes_pass()
        wait_until(lambda: house.count() == house.said)
        print(f"{name} killed: all there after {(datetime.now(UTC) - began) / timedelta(seconds=1):.1f} s")
    wait_until(lambda: house.ask("SELECT count(*) FROM clients_watchhit") == house.said)
    assert house.ask("SELECT count(*) FROM clients_mention WHERE read_at IS NULL") == 0
    assert house.ask("SELECT count(DISTINCT external_id) FROM clients_mention") == house.count() == house.said
    twice = (
        "SELECT count(*) FROM (SELECT 1 FROM clients_classification GROUP BY mention_id, axis HAVING count(*) > 1) t"
    )
    assert house.ask(twice) == 0
    assert house.ask("SELECT sum(new) FROM clients_collectorrun") == house.said
