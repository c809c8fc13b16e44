"""Children end with their parent, are found again, and are started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agency.config.servers.folders import ROOT, ServerError
from agency.config.servers.occupancy import Occupancy
from agency.config.servers.ports import free_port
from agency.config.servers.processes import Task, end_leftovers, is_running, pid_file, start, started_at, wait_until
from agency.config.servers.supervisor import LONGEST_DELAY, Supervisor

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="death signals are Linux's")
A_PARENT = """
import sys, time
from pathlib import Path
from agency.config.servers.supervisor import Supervisor
from agency.config.servers.processes import Task
home = Path(sys.argv[1])
Supervisor(home, print).add(Task("sleeper", ["sleep", "600"], {"PATH": "/usr/bin:/bin"}, home, home / "sleeper.log"))
time.sleep(600)
"""


def sleeper(home: Path, seconds: str = "600", patience: float = 5) -> Task:
    return Task("sleeper", ["sleep", seconds], {"PATH": "/usr/bin:/bin"}, home, home / "sleeper.log", patience=patience)


def number_in(path: Path) -> int:
    assert wait_until(lambda: path.exists() and path.read_text() != "", 20)
    return int(path.read_text().split()[0])


@LINUX
def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", A_PARENT, str(tmp_path)], cwd=ROOT) as parent:
        child = number_in(pid_file(tmp_path, "sleeper"))
        parent.kill()
    assert wait_until(lambda: not is_running(child), 5)


def test_the_next_start_ends_what_an_earlier_one_left(tmp_path: Path) -> None:
    left = start(sleeper(tmp_path), tmp_path)
    assert left.pid in end_leftovers(tmp_path)
    assert left.wait(5) == -signal.SIGTERM
    assert end_leftovers(tmp_path) == []


def test_a_number_that_was_used_again_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen(["sleep", "600"]) as stranger:
        pid_file(tmp_path, "sleeper").write_text(f"{stranger.pid} {started_at(stranger.pid)}0 15")
        assert end_leftovers(tmp_path) == []
        assert is_running(stranger.pid)
        stranger.kill()


def test_a_child_that_will_not_end_is_killed(tmp_path: Path) -> None:
    stubborn = ["sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 0.1; done"]
    log = tmp_path / "stubborn.log"
    with Supervisor(tmp_path, print) as supervisor:
        task = Task("stubborn", stubborn, {"PATH": "/usr/bin:/bin"}, tmp_path, log, patience=0.3)
        supervisor.add(task, is_ready=lambda pid: "deaf" in log.read_text())
        pid = supervisor.children[0].process.pid
    assert not is_running(pid)


def test_a_dead_child_comes_back_each_time_after_a_longer_delay(tmp_path: Path) -> None:
    said: list[str] = []
    with Supervisor(tmp_path, said.append) as supervisor:
        supervisor.add(sleeper(tmp_path))
        child = supervisor.children[0]
        for deaths in range(12):
            child.process.kill()
            child.process.wait()
            child.due, child.deaths = None, deaths
            before = time.monotonic()
            supervisor.look()
            assert child.due == pytest.approx(before + min(0.5 * 2**deaths, LONGEST_DELAY), abs=0.5)
        child.due = 0.0
        supervisor.look()
        assert is_running(child.process.pid)
    assert "sleeper was killed by signal 9; starting it again in 0.5 s" in said[0]


def test_a_child_that_stops_at_once_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    task = Task(
        "broken", ["sh", "-c", "echo out of paper; exit 3"], {"PATH": "/bin"}, tmp_path, tmp_path / "broken.log"
    )
    with Supervisor(tmp_path, print) as supervisor:
        with pytest.raises(ServerError, match=r"(?s)broken stopped at once.*out of paper"):
            supervisor.add(task, is_ready=lambda pid: False)
        with pytest.raises(ServerError, match=r"(?s)broken failed.*out of paper"):
            supervisor.run(task)


def test_a_taken_port_gives_the_next_free_one() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        taken = listener.getsockname()[1]
        assert free_port(taken) > taken
        assert free_port(taken, taken={taken + 1}) > taken + 1


def test_one_process_holds_the_state_folder_and_the_others_learn_where_its_servers_are(tmp_path: Path) -> None:
    holder, other = Occupancy(tmp_path), Occupancy(tmp_path)
    assert holder.take()
    assert not other.take()
    assert other.read() is None
    holder.announce("up", {"DATABASE_URL": "postgres://a@/b"}, ["http://agence.localhost:8000/"])
    assert (tmp_path / "running.json").stat().st_mode & 0o777 == 0o600
    found = other.wait_for_holder()
    assert found is not None
    assert (found.kind, found.pid, found.environ) == ("up", os.getpid(), {"DATABASE_URL": "postgres://a@/b"})
    holder.release()
    assert other.wait_for_holder() is None
    other.release()


def test_a_holder_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    code = "import sys, time, pathlib; from agency.config.servers.occupancy import Occupancy as O\n"
    code += "o = O(pathlib.Path(sys.argv[1])); o.take(); o.announce('up', {}, []); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) as holder:
        assert wait_until(lambda: (tmp_path / "running.json").exists(), 20)
        assert not Occupancy(tmp_path).take()
        holder.kill()
    heir = Occupancy(tmp_path)
    assert heir.take()
    assert heir.read() is None
    heir.release()
