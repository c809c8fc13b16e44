"""Who and what the demo is made of: plain values that the stories fill in and the seeding reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from agency.choices import Role
from clients.choices import PositionKind

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


STAFF = (
    Somebody("helene@agence.example", "Hélène Vasseur", Role.DIRECTOR),
    Somebody("marc@agence.example", "Marc Oudin", Role.LEAD),
    Somebody("ines@agence.example", "Inès Caron", Role.CM, ("maison_aldane", "tramontel")),
    Somebody("lou@agence.example", "Lou Ferrand", Role.CM, ("tramontel",)),
)
