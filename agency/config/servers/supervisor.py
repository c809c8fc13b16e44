"""Keeps a few children alive, restarts those that die, and stops them in the reverse of their order."""

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from agency.config.servers.folders import ServerError
from agency.config.servers.processes import Task, kill_group, start, stop, tail

FIRST_DELAY = 0.5  # seconds before a dead child is started again; doubled at each death, up to
LONGEST_DELAY = 30.0
STEADY = 60.0  # seconds after which a child counts as healthy again
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One task, its process, and how often it has died lately."""

    task: Task
    process: subprocess.Popen[bytes]
    is_ready: Callable[[int], bool]
    before: Callable[[], None]
    started: float
    deaths: int = 0
    due: float | None = None


class Supervisor:
    """Start children with `add`, then `watch` until a signal; use it as a context manager, so that all end with it."""

    def __init__(self, home: Path, say: Callable[[str], None]) -> None:
        self.home = home
        self.say = say
        self.children: list[Child] = []

    def __enter__(self) -> "Supervisor":
        return self

    def __exit__(self, *reason: object) -> None:
        # One Ctrl-C is enough; a second must not leave children.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING_SIGNALS}
        self.stop()
        for number, handler in before.items():
            signal.signal(number, handler)

    def add(
        self,
        task: Task,
        is_ready: Callable[[int], bool] = lambda pid: True,
        before: Callable[[], None] = lambda: None,
        seconds: float = 60,
    ) -> None:
        """Start a task, wait until it is ready; `before` runs ahead of each start. Raises ServerError with its log."""
        set_aside(task.log)
        before()
        child = Child(task, start(task, self.home), is_ready, before, time.monotonic())
        self.children.append(child)
        deadline = time.monotonic() + seconds
        while not is_ready(child.process.pid):
            if child.process.poll() is not None:
                raise ServerError(f"{task.name} stopped at once; its log ({task.log}) ends:\n{tail(task.log)}")
            if time.monotonic() > deadline:
                raise ServerError(f"{task.name} is not ready after {seconds:.0f} s; its log ends:\n{tail(task.log)}")
            time.sleep(0.05)

    def run(self, task: Task) -> None:
        """Run a task to its end. Raises ServerError with the end of its log if it fails."""
        set_aside(task.log)
        process = start(task, self.home)
        try:
            status = process.wait()
        finally:
            stop(task, process, self.home)
        if status:
            raise ServerError(f"{task.name} failed; its log ({task.log}) ends:\n{tail(task.log, 25)}")

    def watch(self) -> None:
        """Look after the children until SIGINT, SIGTERM or SIGHUP (which raise KeyboardInterrupt here)."""
        while True:
            self.look()
            time.sleep(0.2)

    def look(self) -> None:
        """One round: note who died, start again those whose delay is over."""
        for child in self.children:
            now = time.monotonic()
            if child.due is None and child.process.poll() is not None:
                self.note_death(child, now)
            if child.due is not None and now >= child.due:
                self.revive(child)

    def note_death(self, child: Child, now: float) -> None:
        kill_group(child.process.pid)
        child.deaths = 0 if now - child.started > STEADY else child.deaths
        delay = min(FIRST_DELAY * 2**child.deaths, LONGEST_DELAY)
        child.deaths += 1
        child.due = now + delay
        status = child.process.returncode
        how = f"was killed by signal {-status}" if status < 0 else f"stopped with status {status}"
        self.say(f"{child.task.name} {how}; starting it again in {delay:g} s. Its log ends:\n{tail(child.task.log, 6)}")

    def revive(self, child: Child) -> None:
        child.due = None
        child.started = time.monotonic()
        try:
            child.before()
            child.process = start(child.task, self.home)
        except (ServerError, OSError) as problem:
            self.say(f"{child.task.name} cannot be started: {problem}")
            child.due = child.started + LONGEST_DELAY

    def stop(self) -> None:
        """End all children, the last started first."""
        while self.children:
            child = self.children.pop()
            stop(child.task, child.process, self.home)


def set_aside(log: Path) -> None:
    """Each run begins a fresh log; the one before is kept."""
    if log.exists():
        log.replace(log.with_suffix(".log.1"))


@contextlib.contextmanager
def endings_as_interrupts() -> Iterator[None]:
    """SIGTERM and SIGHUP raise KeyboardInterrupt, as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in ENDING_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
