"""Children that do not outlive us: how they are started, stopped, and found again after a kill -9."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from agency.config.servers.folders import Account, ServerError, is_alive

PR_SET_PDEATHSIG = 1  # linux/prctl.h
MARK = "REMPART_CHILD_OF"  # in every child's environment: the state folder it works for
LIBRARY = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Task:
    """What to run. `farewell` is the signal for an orderly end; `patience`, in seconds, how long that may take."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    log: Path
    account: Account | None = None
    farewell: signal.Signals = signal.SIGTERM
    patience: float = 15.0


def start(task: Task, home: Path) -> subprocess.Popen[bytes]:
    """Start a child in its own session (Ctrl-C in the terminal reaches only us, who stop all in order).

    Call it from the main thread: the kernel's death signal is tied to the thread that forks.
    """
    account = task.account
    with task.log.open("ab") as log:
        process = subprocess.Popen(
            list(task.command),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=task.folder,
            env={**task.environ, MARK: str(home)},
            start_new_session=True,
            preexec_fn=dies_with_its_parent(os.getpid(), task.farewell),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    _note(pid_file(home, task.name), f"{process.pid} {started_at(process.pid)} {int(task.farewell)}")
    return process


def _note(path: Path, words: str) -> None:
    """Whoever reads it meanwhile finds the old words or the new ones, never an empty file."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(words)
    fresh.replace(path)


def dies_with_its_parent(parent: int, farewell: signal.Signals) -> Callable[[], None] | None:
    """To be run in the child before exec, after the change of account (which would reset the death signal)."""
    if LIBRARY is None:
        return None  # elsewhere than on Linux the next start cleans up
    prctl = LIBRARY.prctl

    def leash() -> None:
        prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and here
            os._exit(1)

    return leash


def stop(task: Task, process: subprocess.Popen[bytes], home: Path) -> None:
    """Ask for an orderly end, wait, and after `patience` seconds kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(task.farewell)
        try:
            process.wait(task.patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    kill_group(process.pid)
    pid_file(home, task.name).unlink(missing_ok=True)


def kill_group(leader: int) -> None:
    """End what a child's own children may have left (a web worker keeps its port); the leader was waited for."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def pid_file(home: Path, name: str) -> Path:
    return home / f"{name}.pid"


def started_at(pid: int) -> str:
    """When a process began, as a text to compare: with its number it is an identity, numbers alone are used again."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except FileNotFoundError:
        asked = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return "-".join(asked.stdout.split())


def end_leftovers(home: Path, patience: float = 10.0) -> list[int]:
    """End the children of a killed supervisor. Returns their numbers; raises ServerError if one will not go."""
    left = dict.fromkeys(marked_children(home), signal.SIGTERM) | recorded_children(home)
    for pid, farewell in left.items():
        send(pid, farewell)
    if not wait_until(lambda: not any(is_running(pid) for pid in left), patience):
        for pid in left:
            send(pid, signal.SIGKILL)
        if not wait_until(lambda: not any(is_running(pid) for pid in left), patience):
            raise ServerError(f"Processes of an earlier run do not end: {', '.join(map(str, left))}.")
    for path in home.glob("*.pid"):
        path.unlink(missing_ok=True)
    return sorted(left)


def recorded_children(home: Path) -> dict[int, signal.Signals]:
    """Living processes that our pid files name, their start time agreeing, and the signal that ends each in order."""
    found = {}
    for path in home.glob("*.pid"):
        parts = path.read_text().split()
        if len(parts) == 3 and is_running(int(parts[0])) and started_at(int(parts[0])) == parts[1]:
            found[int(parts[0])] = signal.Signals(int(parts[2]))
    return found


def marked_children(home: Path) -> set[int]:
    """On Linux: living processes that carry our mark, grandchildren included."""
    mark = f"{MARK}={home}".encode()
    found = set()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes().split(b"\0"):
                found.add(int(environ.parent.name))
        except OSError:  # another account's, or gone meanwhile
            continue
    return found - {os.getpid(), os.getppid()}


def is_running(pid: int) -> bool:
    """Alive, and not merely waiting to be reaped by a parent of its own."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return not Path("/proc/self").exists() and is_alive(pid)


def is_working_folder(folder: Path) -> bool:
    """On Linux: whether a living process has `folder` as its working folder (all of PostgreSQL's do). Elsewhere: no."""
    wanted = str(folder)
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if str(link.readlink()) == wanted and is_running(int(link.parent.name)):
                return True
        except OSError:  # another account's, or gone meanwhile
            continue
    return False


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask twenty times a second, at most `seconds` long. Returns the last answer."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a child's log, indented, for the person at the keyboard."""
    if not log.exists():
        return "  (nothing was logged)"
    with log.open("rb") as handle:
        handle.seek(max(0, log.stat().st_size - 16_384))
        text = handle.read().decode("utf-8", "replace")
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:]) or "  (nothing was logged)"
