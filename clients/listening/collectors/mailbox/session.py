"""One conversation with an IMAP server, read-only, over a connection of the one door, with an end in time and size."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxLoginError

from clients.listening.collectors.protocol import OutgoingNetwork

LONGEST_SAID = 64_000_000  # bytes that a server may send in one conversation
LONGEST_LINE = 10_000_000
A_READ = 65_536
LONGEST_WAIT = 20.0  # seconds for one answer, where the door does not say

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_RECEIVED = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_CODE = re.compile(rb"\[([A-Z-]+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # never the locale's

BROKEN = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError, ValueError)  # what a conversation may end with


class Refusal(Exception):
    """The server said no. `step` is login or folder; `code` is its response code, "" where it gave none."""

    def __init__(self, step: str, code: str) -> None:
        super().__init__(step)
        self.step = step
        self.code = code


class NoStartTLS(OSError):
    """The server does not offer to encrypt."""


@dataclass(frozen=True)
class Envelope:
    """What is known of a message before it is read: `size` in bytes, `received_at` aware UTC or None."""

    uid: int
    size: int
    received_at: datetime | None


class _Client(imaplib.IMAP4):
    """Speaks over a socket that is handed in; each wait ends at `ends_at` (time.monotonic())."""

    def __init__(self, connection: socket.socket, host: str, ends_at: float) -> None:
        self._connection = connection
        self.ends_at = ends_at
        self._patience = connection.gettimeout() or LONGEST_WAIT
        self._ahead = bytearray()
        self.received = 0
        super().__init__(host)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Takes the connection that was handed in."""
        self.host, self.port, self.sock = host, port, self._connection

    def shutdown(self) -> None:
        """Ends the connection."""
        self.sock.close()

    def encrypt(self, tls: ssl.SSLContext) -> None:
        """STARTTLS; nothing said before it is believed after it. Raises NoStartTLS."""
        if "STARTTLS" not in self.capabilities:
            raise NoStartTLS
        status, _ = self._simple_command("STARTTLS")  # type: ignore[attr-defined]
        if status != "OK" or self._ahead:
            raise NoStartTLS
        self.sock = tls.wrap_socket(self.sock, server_hostname=self.host)
        self._get_capabilities()  # type: ignore[attr-defined]

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises OSError when the server stops before."""
        while len(self._ahead) < size:
            self._more()
        return self._take(size)

    def readline(self) -> bytes:
        """One line with its end. Raises OSError when the server stops before."""
        searched = 0
        while (end := self._ahead.find(b"\n", searched)) < 0:
            searched = len(self._ahead)
            if searched > LONGEST_LINE:
                raise self.abort("a line without end")
            self._more()
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        taken = bytes(self._ahead[:size])
        del self._ahead[:size]
        return taken

    def _more(self) -> None:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(min(left, self._patience))
        came = self.sock.recv(A_READ)
        if not came:
            raise EOFError
        self.received += len(came)
        if self.received > LONGEST_SAID:
            raise self.abort("an answer without end")
        self._ahead += came


class Session(BaseMailBox):
    """A mailbox to look into and never to change."""

    def __init__(self, client: _Client) -> None:
        self._given = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._given

    @property
    def refuses_clear_passwords(self) -> bool:
        """Whether it says that passwords must be encrypted."""
        return "LOGINDISABLED" in self.client.capabilities

    @property
    def received(self) -> int:
        """Bytes that came over the wire."""
        return self._given.received

    def sign_in(self, user: str, secret: str, *, is_token: bool) -> None:
        """Raises Refusal."""
        try:
            if is_token:
                self.xoauth2(user, secret, initial_folder=None)
            elif (user + secret).isascii():
                self.login(user, secret, initial_folder=None)
            else:
                self.login_utf8(user, secret, initial_folder=None)
        except MailboxLoginError as error:
            raise Refusal("login", _code(error.command_result[1])) from None
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise Refusal("login", _code([str(error).encode()])) from None

    def examine(self, folder: str) -> int:
        """Opens a folder read-only; its UIDVALIDITY. Raises Refusal."""
        try:
            self.folder.set(folder, readonly=True)
        except ImapToolsError as error:
            raise Refusal("folder", _code(error.command_result[1])) from None  # type: ignore[attr-defined]
        said = self.client.untagged_responses.get("UIDVALIDITY") or [b"0"]
        return int(said[0]) if isinstance(said[0], bytes) and said[0].isdigit() else 0

    def folder_names(self, limit: int) -> list[str]:
        """The first `limit` folders that can be opened, the inbox first."""
        names = [found.name for found in self.folder.list() if "\\Noselect" not in found.flags]
        return sorted(names, key=lambda name: (name.upper() != "INBOX", name))[:limit]

    def uids_after(self, uid: int, since: date) -> list[int]:
        """UIDs greater than `uid` of messages received since a day, in order ("n:*" always names the last one too)."""
        day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        found = self.uids(f"UID {uid + 1}:* SINCE {day}", charset=None)
        return sorted(number for number in map(int, found) if number > uid)

    def envelopes(self, uids: Sequence[int]) -> list[Envelope]:
        """Size and arrival of those messages that are still there, in the order of their UIDs."""
        found = [
            _envelope(line) for line in self._fetch(uids, "(UID RFC822.SIZE INTERNALDATE)") if isinstance(line, bytes)
        ]
        asked = set(uids)
        return sorted((one for one in found if one and one.uid in asked), key=lambda one: one.uid)

    def headers(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The headers with which a message can be chosen, by UID."""
        return self._parts(uids, "BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)]")

    def bodies(self, uids: Sequence[int], limit: int) -> dict[int, bytes]:
        """The first `limit` bytes of each message as it came, by UID. PEEK: nothing is marked as read."""
        return self._parts(uids, f"BODY.PEEK[]<0.{limit}>")

    def _parts(self, uids: Sequence[int], part: str) -> dict[int, bytes]:
        said = self._fetch(uids, f"(UID {part})")
        found: dict[int, bytes] = {}
        for number, piece in enumerate(said):
            if not isinstance(piece, tuple):
                continue
            after = said[number + 1] if number + 1 < len(said) else b""
            named = _UID.search(piece[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
            if named:
                found[int(named[1])] = piece[1]
        return found

    def _fetch(self, uids: Sequence[int], parts: str) -> list[object]:
        status, said = self.client.uid("FETCH", ",".join(map(str, uids)), parts)
        if status != "OK":
            raise imaplib.IMAP4.abort("the messages were not handed over")
        return list(said)


@contextmanager
def open_session(http: OutgoingNetwork, host: str, port: int, *, security: str, seconds: float) -> Iterator[Session]:
    """A session over `security` tls, starttls or none, ended after `seconds`. Raises DoorError, or one of BROKEN."""
    ends_at = time.monotonic() + seconds
    with ExitStack() as closing:
        connection = http.connect(host, port)
        closing.callback(connection.close)
        if security == "tls":
            connection = http.trusted().wrap_socket(connection, server_hostname=host)
            closing.callback(connection.close)
        client = _Client(connection, host, ends_at)
        closing.callback(client.shutdown)
        if security == "starttls":
            client.encrypt(http.trusted())
        yield Session(client)
        _leave(client)


def _leave(client: _Client) -> None:
    """Takes leave politely; a server that does not answer is left all the same."""
    try:
        client.ends_at = min(client.ends_at, time.monotonic() + 2)
        client.logout()
    except BROKEN:
        return


def _envelope(line: bytes) -> Envelope | None:
    uid, size, received = _UID.search(line), _SIZE.search(line), _RECEIVED.search(line)
    if not uid:
        return None
    return Envelope(int(uid[1]), int(size[1]) if size else 0, _received_at(received[1]) if received else None)


def _received_at(written: bytes) -> datetime | None:
    """The moment in an INTERNALDATE: " 3-Nov-2026 09:12:00 +0100"."""
    matched = re.fullmatch(rb" ?(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})", written)
    if not matched:
        return None
    day, month, year, clock, zone = (part.decode() for part in matched.groups())
    if month not in _MONTHS:
        return None
    iso = f"{year}-{_MONTHS.index(month) + 1:02d}-{int(day):02d}T{clock}{zone}"
    try:
        return datetime.strptime(iso, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _code(said: Sequence[object]) -> str:
    """The response code in what a server said, such as AUTHENTICATIONFAILED."""
    for line in said:
        if isinstance(line, bytes) and (found := _CODE.search(line)):
            return found[1].decode()
    return ""
