"""The demo's mail catcher: what the house sends arrives here, is kept on disk, and can be read on a small page."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from reports.demo.pages import LOOPBACK, Answer, Asked, page

LARGEST = 5_000_000  # bytes
SHOWN = 200


@dataclass(frozen=True)
class Caught:
    """One message: `name` is its file's."""

    name: str
    at: datetime
    to: str
    sender: str
    subject: str
    text: str


class Letterbox:
    """A folder of messages; aiosmtpd hands each over, the page reads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keeps the message, then says so: what was accepted is never lost."""
        self.keep(envelope.original_content)
        return "250 Message kept"

    def keep(self, content: bytes) -> None:
        name = f"{time.time_ns()}.eml"
        fresh = self.folder / f"{name}.new"
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / name)

    def newest(self, most: int = SHOWN) -> list[Caught]:
        """The last messages, newest first."""
        return [self._open(file) for file in sorted(self.folder.glob("*.eml"), reverse=True)[:most]]

    def find(self, name: str) -> Caught | None:
        known = {file.stem: file for file in self.folder.glob("*.eml")}
        return self._open(known[name]) if name in known else None

    def _open(self, file: Path) -> Caught:
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
        at = datetime.fromtimestamp(int(file.stem) / 1e9, UTC)
        to, sender, subject = (str(message[name] or "") for name in ("To", "From", "Subject"))
        return Caught(file.stem, at, to, sender, subject, _text(message))


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def pages_of(letterbox: Letterbox) -> Any:
    """The site: the list, and each message as text."""

    def site(asked: Asked) -> Answer:
        if asked.method != "GET":
            return Answer(405, b"405", "text/plain")
        if asked.path == "/":
            return page("mails.html", {"mails": letterbox.newest()})
        caught = letterbox.find(asked.path.removeprefix("/messages/"))
        return page("mail.html", {"mail": caught}, 200 if caught else 404)

    return site


def catcher(letterbox: Letterbox, port: int) -> Controller:
    """The SMTP server on the loopback address; `start` and `stop` it."""
    return Controller(letterbox, hostname=LOOPBACK, port=port, data_size_limit=LARGEST, ready_timeout=30)
