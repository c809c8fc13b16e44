"""`python3 manage.py test`: every check of the project, on a throw-away PostgreSQL and Valkey."""

import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agency.config.servers.embedded import start_servers
from agency.config.servers.environment import application_environment
from agency.config.servers.folders import (
    ROOT,
    Folders,
    ServerError,
    private_folder,
    remove_abandoned_test_folders,
    throw_away_folders,
)
from agency.config.servers.processes import MARK
from agency.config.servers.supervisor import Supervisor, endings_as_interrupts

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PLAIN_PORT = 8000  # nothing listens on it; addresses in mails and pages name it


@dataclass(frozen=True)
class Check:
    """One command with its heading. `environ` is added to the common one."""

    heading: str
    command: Sequence[str]
    environ: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    heading: str
    status: int
    seconds: float
    last_line: str


def main(arguments: Sequence[str]) -> int:
    """Run every check, or with arguments pytest alone with them. Returns 0 if all went well, else 1."""
    remove_abandoned_test_folders()
    folders = throw_away_folders()
    try:
        with endings_as_interrupts(), Supervisor(folders.home, print) as supervisor:
            environ = common_environment(supervisor, folders)
            checks = [tests(arguments[1:] if arguments[:1] == ["--"] else arguments)]
            if not arguments:
                checks = [*quick_checks(), deployment(folders), static_files(folders), *checks]
            return report([carry_out(check, environ) for check in checks])
    except ServerError as problem:
        print(problem, file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted.")
    finally:
        shutil.rmtree(folders.home, ignore_errors=True)
    return 1


def common_environment(supervisor: Supervisor, folders: Folders) -> dict[str, str]:
    """The person's environment without what leads to other servers, and where the throw-away ones are."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REMPART_", "EMAIL_URL"))}
    urls = start_servers(supervisor, folders, {}, durable=False)
    home = private_folder(folders.home / "state")
    environ = application_environment(home, urls, kept, PLAIN_PORT, demo=True) | {MARK: str(folders.home)}
    browser = os.environ.get("REMPART_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    return environ | ({"REMPART_CHROMIUM": browser} if browser else {})


def quick_checks() -> list[Check]:
    """What needs no test run, the quickest first."""
    contracts = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    checks = [
        Check("Import contracts", contracts, {}),
        Check("Style (ruff check)", module("ruff", "check", "."), {}),
        Check("Format (ruff format)", module("ruff", "format", "--check", "."), {}),
        Check("Migrations are complete", module("django", "makemigrations", "--check", "--dry-run"), {}),
        Check("Types (mypy)", module("mypy"), {}),
    ]
    if (ROOT / "agency/config/translations.py").exists():
        checks.insert(4, Check("Translations", module("agency.config.translations"), {}))
    return checks


def deployment(folders: Folders) -> Check:
    """Django's deployment check, with the settings of a real installation."""
    return Check(
        "Deployment (check --deploy)",
        module("django", "check", "--deploy", "--fail-level", "WARNING"),
        production(folders),
    )


def static_files(folders: Folders) -> Check:
    """Every file that a style sheet names must exist: collected once, as the container image does."""
    return Check(
        "Static files", module("django", "collectstatic", "--noinput", "--verbosity", "0"), production(folders)
    )


def production(folders: Folders) -> dict[str, str]:
    return {
        "REMPART_DEMO": "0",
        "REMPART_HTTPS": "1",
        "REMPART_PLAIN_STATIC": "0",
        "REMPART_SECRET_KEY": secrets.token_urlsafe(64),
        "REMPART_VAULT_KEYS": secrets.token_urlsafe(48),
        "REMPART_AGENCY_HOST": "agence.example.org",
        "REMPART_CLIENT_HOST_SUFFIX": "example.org",
        "REMPART_PORT": "443",
        "REMPART_HOME": str(private_folder(folders.home / "production")),
        "EMAIL_URL": "smtps://rempart:secret@mail.example.org",
    }


def tests(arguments: Sequence[str]) -> Check:
    return Check("Tests (pytest)", module("pytest", *arguments), {})


def module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def carry_out(check: Check, environ: Mapping[str, str]) -> Outcome:
    """Run one check, its words shown as they come."""
    print(f"\n──── {check.heading}", flush=True)
    if check.heading.startswith("Tests") and "REMPART_CHROMIUM" not in environ:
        print("No chromium: browser tests are skipped.", flush=True)
    began = time.monotonic()
    last_line = ""
    with subprocess.Popen(
        list(check.command),
        cwd=ROOT,
        env={**environ, **check.environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            last_line = COLOUR.sub("", line).strip() or last_line
    outcome = Outcome(check.heading, process.returncode, time.monotonic() - began, last_line)
    print(f"──── {verdict(outcome)}, {outcome.seconds:.1f} s", flush=True)
    return outcome


def verdict(outcome: Outcome) -> str:
    return "passed" if outcome.status == 0 else f"FAILED (status {outcome.status})"


def report(outcomes: Sequence[Outcome]) -> int:
    """The list of what ran; pytest's own closing line comes last. Returns the exit status."""
    print("\n════ Summary")
    for one in outcomes:
        print(f"  {one.heading:<32} {verdict(one):<20} {one.seconds:6.1f} s")
    failed = [one.heading for one in outcomes if one.status]
    print("Failed: " + ", ".join(failed) if failed else "Every check passed.")
    print(outcomes[-1].last_line, flush=True)
    return 1 if failed else 0
