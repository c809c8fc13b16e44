"""Who and what the demo is made of: plain values that the stories fill in and the seeding reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from agency.choices import Role
from clients.choices import Party, PositionKind

# One password for everybody: the demo listens on the loopback address only, and seed_demo refuses to run elsewhere.
PASSWORD = "le-mur-tient-bon"  # noqa: S105
NETWORK = "parvis"  # the invented network on which everything is said


@dataclass(frozen=True)
class Somebody:
    """A person who signs in; for staff, `clients` lists the schemas they work for (none: the whole agency)."""

    email: str
    full_name: str
    role: Role
    clients: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContactStory:
    name: str
    position: str
    email: str
    phone: str
    decides: bool = False  # receives situation reports in three lines


@dataclass(frozen=True)
class PositionStory:
    """What may be said; `days_left` until it expires (None: no end), `is_approved` by the client."""

    code: str
    title: str
    kind: PositionKind
    short_text: str
    long_text: str = ""
    days_left: int | None = None
    is_approved: bool = True


@dataclass(frozen=True)
class BrandStory:
    """A brand and the words of its one watch."""

    name: str
    handles: tuple[str, ...]
    words: tuple[str, ...]
    notes: str = ""


@dataclass(frozen=True)
class KnownStory:
    """An account that may be put in cc, and whom to warn before it calls."""

    handle: str
    name: str
    party: Party
    whom_to_warn: str


@dataclass(frozen=True)
class AgendaStory:
    """Something in the client's calendar, so many days from today, from that hour on."""

    title: str
    in_days: int
    hour: int
    lasts_days: int


@dataclass(frozen=True)
class ClientStory:
    """One client: `said` are the sentences of quiet days, with {slots} filled in from `slots`."""

    schema_name: str
    name: str
    path: str  # of its feed on the simulated network
    brands: tuple[BrandStory, ...]
    positions: tuple[PositionStory, ...]
    contacts: tuple[ContactStory, ...]
    people: tuple[Somebody, ...]
    said: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]
    posts_a_day: float
    weekdays: range = range(5)  # when the agency answers for it, from `opens_at` to `closes_at`
    opens_at: time = time(9)
    closes_at: time = time(18, 30)
    agenda: tuple[AgendaStory, ...] = ()
    known: tuple[KnownStory, ...] = ()


STAFF = (
    Somebody("helene@agence.example", "Hélène Vasseur", Role.DIRECTOR),
    Somebody("marc@agence.example", "Marc Oudin", Role.LEAD),
    Somebody("ines@agence.example", "Inès Caron", Role.CM, ("maison_aldane", "tramontel")),
    Somebody("lou@agence.example", "Lou Ferrand", Role.CM, ("tramontel",)),
)
