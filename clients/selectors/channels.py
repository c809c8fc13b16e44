"""The ways to reach somebody, in the order in which they are tried."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from agency.calling import APPRISE, EMAIL, Line, service_of
from agency.models import User
from agency.vault import Unsealable, unseal_text
from clients.models import Contact, ContactChannel

OWN_EMAIL = "email"  # the key of the address that everybody has
CLOSED = ""  # the address of a channel whose key is lost: it says so where it is tried


@dataclass(frozen=True, slots=True)
class Way:
    """One way: its key, what is tried, and the words that show it without opening it."""

    key: str
    line: Line
    words: str
    channel_id: int | None = None


def ways(*, person: User | None = None, contact: Contact | None = None, wanted: str = "") -> tuple[Way, ...]:
    """The ways to reach a person or a contact: the wanted kind first, each address once, their own e-mail at last."""
    mine = Q(person=person) if person else Q(contact=contact)
    rows = ContactChannel.objects.filter(mine, is_active=True).order_by("rank", "id") if person or contact else ()
    found = [_way(row) for row in rows]
    somebody = person or contact
    if somebody is not None and somebody.email:
        found.append(Way(OWN_EMAIL, Line(EMAIL, somebody.email), somebody.email))
    return tuple(_once(sorted(found, key=lambda one: bool(wanted) and one.line.kind != wanted)))


def _once(found: Iterable[Way]) -> list[Way]:
    seen: dict[Line, Way] = {}
    for one in found:
        seen.setdefault(one.line, one)
    return list(seen.values())


def _way(row: ContactChannel) -> Way:
    try:
        address = unseal_text(row.sealed)
    except Unsealable:
        address = CLOSED
    return Way(f"channel:{row.pk}", Line(row.kind, address), shown(row, address), row.pk)


def shown(row: ContactChannel, address: str) -> str:
    """The channel in words, its secret left out."""
    if row.kind == APPRISE:
        return row.label or service_of(address) or row.get_kind_display()
    return row.label or address
