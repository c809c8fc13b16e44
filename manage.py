#!/usr/bin/env python3
"""Rempart's one door: makes its own environment beside this file, re-executes itself in it, runs the command.

`python3 manage.py up` starts the product, `python3 manage.py test` runs every check; the rest are Django's commands.
Until the environment exists only the standard library is used, in words that an old Python can still read.
"""

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:
    sys.exit("Rempart runs on Linux and macOS; on Windows, run it in WSL2.")

if sys.version_info < (3, 11):  # noqa: UP036  (this very line is what an older Python must reach)
    sys.exit("Python 3.11 or newer is needed, this is %d.%d." % sys.version_info[:2])  # noqa: UP031

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "rempart-installed"
RUNTIME_LOCK = ROOT / "requirements.lock"
MEANING_LOCK = ROOT / "requirements-embeddings.lock"  # the runtime's and the wheels that read by meaning
TEST_LOCK = ROOT / "requirements-test.lock"  # holds all of these, at the same versions
WANT_MORE = (["test"], ["evaluate"])  # an evaluation is of the best reading there is: with the embeddings
NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeout|ConnectionError|ProxyError|Temporary failure|Name or service not known"
    r"|dns error|Network is unreachable|Could not connect|error sending request|timed out",
    re.IGNORECASE,
)


def main(arguments: list[str]) -> int:
    """Run one command in the project's own environment. REMPART_ENVIRONMENT=provided skips making it."""
    if os.environ.get("REMPART_ENVIRONMENT") != "provided":
        enter_environment(wanted_lock(arguments))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
    return run(arguments)


def wanted_lock(arguments: list[str]) -> Path:
    """What the command needs; REMPART_MEANING=1 asks for the wheels that read by meaning."""
    if arguments[1:2] in WANT_MORE:
        return TEST_LOCK
    return MEANING_LOCK if os.environ.get("REMPART_MEANING") == "1" else RUNTIME_LOCK


def enter_environment(lock: Path) -> None:
    """Make sure that `lock` is installed in `.venv` and that this process runs in it; otherwise re-execute."""
    inside = Path(sys.prefix).resolve() == ENVIRONMENT.resolve()
    if not is_installed(lock):
        if inside:  # it may have to be made afresh, which is not done from within
            become(Path(sys._base_executable))  # type: ignore[attr-defined]
        with one_at_a_time():
            if not is_installed(lock):
                install(lock)
    if not inside:
        become(PYTHON)


def become(python: Path) -> None:
    """Replace this process by the same command under another interpreter."""
    sys.stdout.flush()
    os.execv(python, [str(python), str(ROOT / "manage.py"), *sys.argv[1:]])


def python_tag() -> str:
    return "python-{}.{}".format(*sys.version_info[:2])


def fingerprint(lock: Path) -> str:
    """One line that changes with the lock file and with the Python version."""
    return f"{lock.name} {python_tag()} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def is_installed(lock: Path) -> bool:
    """Whether the stamp, written last, names this very lock file."""
    return PYTHON.exists() and STAMP.exists() and fingerprint(lock) in STAMP.read_text().splitlines()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Concurrent first runs: one installs, the others wait for it."""
    if not os.access(ROOT, os.W_OK):
        sys.exit(f"The environment cannot be made: this account may not write in {ROOT}.")
    with (ROOT / ".venv.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another run is installing the packages; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def install(lock: Path) -> None:
    """Install a hash-locked set. No stamp means an interrupted run or a foreign environment: it is made afresh."""
    print(f"Installing the packages of {lock.name} into {ENVIRONMENT} (once, some 20 seconds)…", flush=True)
    stamped = STAMP.read_text() if STAMP.exists() and PYTHON.exists() else ""
    STAMP.unlink(missing_ok=True)
    if python_tag() not in stamped or not runs("-m", "pip", "--version"):
        make_environment()
    problem = install_with_uv(lock) or ""
    if problem and not NO_NETWORK.search(problem):
        print("uv could not install them; trying pip, which takes longer.", flush=True)
        problem = pip("install", "--require-hashes", "--requirement", str(lock))
    if problem:
        if stamped and ENVIRONMENT.exists():
            STAMP.write_text(stamped)  # both installers download everything before they touch the environment
        give_up(problem)
    locks = {RUNTIME_LOCK, lock} | ({MEANING_LOCK} if lock == TEST_LOCK else set())
    STAMP.write_text("".join(sorted(fingerprint(one) + "\n" for one in locks)))


def make_environment() -> None:
    """An empty virtual environment with pip; a bare Debian is told exactly what it lacks."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        sys.exit(f"Python's venv module is missing: run `sudo apt-get install {package}`, then this command again.")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        sys.exit(f"The environment {ENVIRONMENT} could not be made: {(made.stdout + made.stderr).strip()}")


def install_with_uv(lock: Path) -> str:
    """Install by uv, itself taken from the lock file with its hashes. Returns what went wrong, or nothing."""
    if not runs("-m", "uv", "--version"):
        only_uv = ENVIRONMENT / "uv.lock"
        only_uv.write_text(block_of_uv(RUNTIME_LOCK.read_text()))
        problem = pip("install", "--no-deps", "--retries", "2", "--require-hashes", "--requirement", str(only_uv))
        if problem:
            return problem
    install = ["-m", "uv", "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    problem = run_python(*install)
    if "certificate" in problem:  # a company's own certificate: the machine knows it, uv's own list does not
        problem = run_python(*install, "--system-certs")
    return problem


def block_of_uv(lock: str) -> str:
    """The lines of a lock file that pin uv: its version and its hashes."""
    found = re.search(r"^uv==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    return found.group() if found else ""


def pip(*arguments: str) -> str:
    """Run pip in the environment. Returns what went wrong, or nothing."""
    return run_python("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def runs(*arguments: str) -> bool:
    return PYTHON.exists() and not run_python(*arguments)


def run_python(*arguments: str) -> str:
    """Run the environment's Python. Returns its output when it failed, nothing when it went well."""
    done = subprocess.run(
        [str(PYTHON), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "PIP_USER": "0", "VIRTUAL_ENV": str(ENVIRONMENT)},
    )
    return (done.stdout.strip() or f"exit status {done.returncode}") if done.returncode else ""


def give_up(problem: str) -> None:
    """One sentence, and where the rest can be read."""
    log = ROOT / ".venv-install.log"
    log.write_text(problem + "\n")
    if NO_NETWORK.search(problem):
        sys.exit(f"The packages could not be downloaded: no network? Connect and run this again (details: {log}).")
    sys.exit(f"The packages could not be installed; the last line says: {problem.splitlines()[-1]} (details: {log}).")


def run(arguments: list[str]) -> int:
    """Hand over to the project; its modules can only be imported now that the environment is there."""
    from agency.config import catalogues

    catalogues.compile_stale()
    if arguments[1:2] == ["up"]:
        from agency.config import up

        return up.main(arguments[2:])
    if arguments[1:2] == ["test"]:
        from agency.config import checks

        return checks.main(arguments[2:])
    from django.core.management import execute_from_command_line

    from agency.config.servers.borrowing import borrowed_servers

    with borrowed_servers(arguments[1:]):
        execute_from_command_line(arguments)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)  # as shells count Ctrl-C
