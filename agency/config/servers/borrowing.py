"""The servers for one command: those of a running `up`, or own ones that end with the command."""

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from agency.config.servers.embedded import start_servers
from agency.config.servers.environment import application_environment, application_part
from agency.config.servers.folders import ServerError, state_folders
from agency.config.servers.occupancy import Occupancy
from agency.config.servers.processes import end_leftovers
from agency.config.servers.supervisor import Supervisor, endings_as_interrupts

DEFAULT_PORT = 8000
WITHOUT_SERVERS = frozenset({"help", "version", "--version", "makemessages", "collectstatic", "diffsettings"})


@contextlib.contextmanager
def borrowed_servers(arguments: Sequence[str]) -> Iterator[None]:
    """Set DATABASE_URL and its like in os.environ for the time of a command. One sentence and exit 1 if that fails."""
    asks_for_help = not arguments or bool({"--help", "-h"} & set(arguments))
    try:
        with contextlib.ExitStack() as stack:
            if not os.environ.get("DATABASE_URL"):
                needs_servers = not asks_for_help and arguments[0] not in WITHOUT_SERVERS
                stack.enter_context(settled(state_folders(os.environ).home, needs_servers))
            yield
    except ServerError as problem:
        sys.exit(str(problem))


@contextlib.contextmanager
def settled(home: Path, needs_servers: bool) -> Iterator[None]:
    """Take over the environment of the folder's holder, or become the holder for as long as the command lasts."""
    demo = os.environ.get("REMPART_DEMO", "1") != "0"
    if not needs_servers:
        os.environ.update(application_part(application_environment(home, {}, os.environ, DEFAULT_PORT, demo)))
        yield
        return
    occupancy = Occupancy(home)
    with occupancy.borrowing():
        note = occupancy.wait_for_holder()
        if note is not None:
            os.environ.update(note.environ)
            yield
            return
    yield from own_servers(occupancy, demo)


def own_servers(occupancy: Occupancy, demo: bool) -> Iterator[None]:
    """Start the servers, let the command run, wait for those who borrowed them meanwhile, stop them."""
    home = occupancy.home
    with endings_as_interrupts(), Supervisor(home, complain) as supervisor:
        end_leftovers(home)
        urls = start_servers(supervisor, state_folders(os.environ), os.environ)
        ours = application_part(application_environment(home, urls, os.environ, DEFAULT_PORT, demo))
        os.environ.update(ours)
        occupancy.announce("a command", ours, [])
        try:
            yield
        finally:
            occupancy.wait_for_borrowers(complain)
    occupancy.release()


def complain(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
