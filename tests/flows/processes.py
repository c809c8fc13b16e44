"""The house's own processes, started as a person's machine would start them, and struck down with -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from agency.config import up

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds, for a machine that does many other things


def database_url() -> str:
    """This test's database, for other processes."""
    here = connection.settings_dict
    is_socket = here["HOST"].startswith("/")
    place = f":{here['PORT']}" if is_socket else f"{here['HOST']}:{here['PORT']}"
    found = f"postgres://{here['USER']}:{here['PASSWORD']}@{place}/{here['NAME']}"
    return f"{found}?host={here['HOST']}" if is_socket else found


def command(*arguments: str) -> list[str]:
    """How a worker is run, or the clock, by their first argument."""
    application = "agency.config.beat" if arguments[0] == "beat" else "agency.config.celery"
    return [sys.executable, "-m", "celery", "--quiet", "--app", application, *arguments]


@contextmanager
def celery(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group against this test's database, and the test run's real broker."""
    environ = {**os.environ, "DATABASE_URL": database_url(), "CELERY_BROKER_URL": settings.REDIS_URL, **variables}
    process = subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environ,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


@contextmanager
def listener(**variables: str) -> Iterator[subprocess.Popen[bytes]]:
    """The worker that reads the sources, as `up` starts it."""
    with celery("worker", *up.LISTENER, **variables) as process:
        yield process


@contextmanager
def workers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """The worker that reads the sources, and the one that does the rest."""
    with celery("worker", *up.WORKER) as worker, listener() as ears:
        yield [worker, ears]


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
