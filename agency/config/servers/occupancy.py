"""Who uses the state folder: one holder runs the servers, others read where they are and may borrow them."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from agency.config.servers.folders import ServerError


@dataclass(frozen=True)
class Note:
    """What the holder tells the others: its kind (`up` or a command), our variables, and the addresses in words."""

    pid: int
    kind: str
    environ: dict[str, str]
    words: list[str]


class Occupancy:
    """The lock files and `running.json` of one state folder. Locks end with their process, even after a kill -9."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.note = home / "running.json"
        self.holder: IO[str] | None = None

    def take(self) -> bool:
        """Become the holder; False if another process is."""
        handle = (self.home / "holder.lock").open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        self.holder = handle
        self.note.unlink(missing_ok=True)
        return True

    def announce(self, kind: str, environ: dict[str, str], words: list[str]) -> None:
        """Tell the others (readable by this account alone: it holds passwords) what runs and where."""
        draft = self.note.with_name("running.draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
            json.dump(asdict(Note(os.getpid(), kind, environ, words)), handle)
        draft.replace(self.note)

    def release(self) -> None:
        self.note.unlink(missing_ok=True)
        if self.holder:
            self.holder.close()
            self.holder = None

    def read(self) -> Note | None:
        """What the holder announced, or None while it still starts."""
        try:
            return Note(**json.loads(self.note.read_text()))
        except FileNotFoundError:
            return None

    def wait_for_holder(self, seconds: float = 90) -> Note | None:
        """What the holder announces once its servers run; None when it ended instead and the folder is ours (taken)."""
        deadline = time.monotonic() + seconds
        while True:
            if self.take():
                return None
            found = self.read()
            if found:
                return found
            if time.monotonic() > deadline:
                raise ServerError(f"Another process holds {self.home} and has not started its servers.")
            time.sleep(0.1)

    @contextlib.contextmanager
    def borrowing(self) -> Iterator[None]:
        """While a command uses another's servers, that other (if a command too) waits before it stops them."""
        with (self.home / "borrowers.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            yield

    def wait_for_borrowers(self, say: Callable[[str], None]) -> None:
        """Until no other command uses our servers; from then on nobody new finds them."""
        with (self.home / "borrowers.lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another command still uses these servers; waiting for it.")
                fcntl.flock(handle, fcntl.LOCK_EX)
            self.note.unlink(missing_ok=True)
