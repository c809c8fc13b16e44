"""The address to which a message of ours is answered: that of the house's mailbox, with a ticket in it.

Without a mailbox in the settings, or with one half set, nothing is offered and nothing is read.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from agency import reply_tickets
from agency.reply_tickets import LOCAL_PART, LONGEST, Ticket

_AT_HOME = frozenset({"localhost", "127.0.0.1", "::1"})


def is_on() -> bool:
    """Whether answers by mail are read."""
    return bool(settings.REPLIES_ADDRESS and settings.REPLIES_BOX) and not faults()


def faults() -> list[str]:
    """What is missing or wrong in the settings of the mailbox; empty when it is whole, or not wanted at all."""
    address, box = settings.REPLIES_ADDRESS, settings.REPLIES_BOX
    if not address and not box:
        return []
    found = [] if box else ["REMPART_REPLIES_ADDRESS is set and REMPART_REPLIES_URL is not: no answer would be read."]
    if not address:
        found.append("REMPART_REPLIES_URL is set and REMPART_REPLIES_ADDRESS is not: nobody would be told to answer.")
    return [*found, *(_of_the_address(address) if address else ()), *(_of_the_box(box) if box else ())]


def _of_the_address(address: str) -> list[str]:
    try:
        validate_email(address)
    except ValidationError:
        return [f"REMPART_REPLIES_ADDRESS is not an e-mail address: {address!r}."]
    if len(address.rpartition("@")[0]) + 1 + LONGEST > LOCAL_PART:
        return [f"Before its @, REMPART_REPLIES_ADDRESS has room for {LOCAL_PART - 1 - LONGEST} characters."]
    return []


def _of_the_box(box: dict[str, object]) -> list[str]:
    found = []
    if not box["user"]:
        found.append("REMPART_REPLIES_URL has no user name.")
    if box["sign_in"] == "password" and not box["password"]:
        found.append("REMPART_REPLIES_URL has no password.")
    if box["sign_in"] != "password" and not (box["client_id"] and box["refresh_token"]):
        found.append("REMPART_REPLIES_CLIENT_ID or REMPART_REPLIES_REFRESH_TOKEN is missing.")
    return found


def is_in_clear() -> bool:
    """Whether the mailbox's password would cross a network unencrypted."""
    box = settings.REPLIES_BOX
    return bool(box) and box["security"] == "none" and box["host"] not in _AT_HOME


def ticket(kind: str, client: int, number: int, *, key: str) -> Ticket | None:
    """The ticket of a message that can be answered; None where answers are not read."""
    return reply_tickets.made(kind, client, number, key=key, secret=settings.SECRET_KEY) if is_on() else None


def is_ours(given: Ticket, *, key: str) -> bool:
    """Whether that ticket was made here, for the row that has this key."""
    return reply_tickets.is_ours(given, key=key, secret=settings.SECRET_KEY)


def address_of(given: Ticket | None) -> str:
    """Where the message with that ticket is answered, "" without one."""
    local, _at, host = settings.REPLIES_ADDRESS.rpartition("@")
    return f"{local}+{given}@{host}" if given else ""


def shown() -> str:
    """The mailbox in words: its address, and where it is read."""
    box = settings.REPLIES_BOX
    where = urlsplit(f"//{box.get('host', '')}").hostname or ""
    return f"{settings.REPLIES_ADDRESS} ({where}, {box.get('folder', '')})"
