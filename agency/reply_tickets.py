"""What stands in the address of an answer: which message it answers, and a seal that nobody else can make.

`reponses+a3-1f-…@agence.example`: the kind of message, the client, the row (both in base 36), and 80 bits of an HMAC
over them and over a key that the row holds and can change. Small letters and digits alone: mail servers change the
case of what stands before the `@`, and it may be 64 characters long. Knows no Django.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass

CALL, BRIEFING = "a", "b"
LONGEST = 45  # characters: numbers of the database (64 bits) are 13 in base 36
LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
MOST_READ = 50  # of the tickets that a hostile header may list
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WRITTEN = re.compile(r"(?<![0-9a-z-])([ab])([0-9a-z]{1,13})-([0-9a-z]{1,13})-([a-z2-7]{16})(?![0-9a-z-])", re.I)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The message that is answered: its kind, the client's number, the row's; `seal` says that we made it."""

    kind: str
    client: int
    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.kind}{_in_base_36(self.client)}-{_in_base_36(self.number)}-{self.seal}"


def made(kind: str, client: int, number: int, *, key: str, secret: str) -> Ticket:
    """The ticket of a row. `key` is the row's own (changed, its tickets are worth nothing), `secret` the house's."""
    said = f"rempart.reply:{kind}:{client}:{number}:{key}".encode()
    seal = hmac.new(hashlib.sha256(secret.encode()).digest(), said, hashlib.sha256).digest()[:10]
    return Ticket(kind, client, number, base64.b32encode(seal).decode().lower())


def is_ours(ticket: Ticket, *, key: str, secret: str) -> bool:
    """Whether the house sealed it, for that row with that key."""
    right = made(ticket.kind, ticket.client, ticket.number, key=key, secret=secret)
    return hmac.compare_digest(right.seal, ticket.seal)


def written_in(text: str) -> Iterator[Ticket]:
    """The tickets that a text names, in its order; sealed by us or not."""
    for count, found in enumerate(_WRITTEN.finditer(text)):
        if count >= MOST_READ:
            return
        kind, client, number, seal = (part.lower() for part in found.groups())
        yield Ticket(kind, int(client, 36), int(number, 36), seal)


def hidden(text: str) -> str:
    """The text without the tickets that it names: whoever reads it could answer with them."""
    return _WRITTEN.sub("…", text)


def _in_base_36(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 36)
        written = _DIGITS[digit] + written
    return written or "0"
