"""An incident as plain values: what every judgement about it is handed, so that none asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
Told = Mapping[str, str]  # one sentence: {"fr": …, "en": …}
STANDS_APART = frozenset({"customer", "media", "defender", "spectator"})  # roles of accounts that do not strike


@dataclass(frozen=True, slots=True)
class Post:
    """One mention of the incident. `author` is our number for the account, None when it is unknown or erased.

    `reply_to` and `refers_to` name the post answered, and the post quoted or reposted, by the network's own number or
    address; `copies` is our number of the mention whose words it repeats, `fold` how. `role` is the account's presumed
    role, "" without one. `is_ours`: written by the brand's own account.
    """

    id: int
    at: datetime
    author: int | None
    text: str
    handle: str = ""
    network: str = ""
    external_id: str = ""
    url: str = ""
    kind: str = "post"
    reply_to: str = ""
    refers_to: str = ""
    copies: int | None = None
    fold: str = ""
    intent: str = ""
    sentiment: str = ""
    attack: str = ""
    role: str = ""
    bio: str = ""
    followers: int | None = None
    reach: int | None = None
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """An account that the client knows; `network` "" is any."""

    handle: str
    party: str
    network: str = ""
    name: str = ""
    whom_to_warn: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """Something in the client's calendar."""

    title: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Staffed:
    """Somebody answers on that day (0 Monday) between these hours, in the client's own time zone."""

    weekday: int
    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class Past:
    """A closed incident of the client: when it began, peaked, came back to normal, and how many accounts spoke."""

    reference: str
    started_at: datetime
    peaked_at: datetime | None
    returned_at: datetime | None
    authors: int


@dataclass(frozen=True)
class Case:
    """All that is known of an incident at `now`; `posts` oldest first. Times are aware UTC.

    `habit`: distinct authors an hour that the brand is used to at its busiest hour of the day, (low, high), None
    without enough past. `before`: what the accounts of the incident wrote in the two months before, as far as it was
    heard (the newest 3,000).
    """

    started_at: datetime
    now: datetime
    posts: tuple[Post, ...]
    zone: ZoneInfo = PARIS
    country: str = ""  # whose public holidays count; none do where it is unknown
    handles: tuple[str, ...] = ()  # the brand's own accounts
    known: tuple[Known, ...] = ()
    contacts: tuple[str, ...] = ()  # names of those to warn at the client's, in the order of the ladder
    agenda: tuple[Planned, ...] = ()
    staffed: tuple[Staffed, ...] = ()
    past: tuple[Past, ...] = ()
    habit: tuple[int, int] | None = None
    before: tuple[Post, ...] = ()
    held: tuple[int, int, int] = (0, 0, 0)  # past outlooks whose range held, of how many judged, in how many incidents
    confirmed: Mapping[int, str] = field(default_factory=dict)  # roles in the incident that a person confirmed
    removed: frozenset[int] = frozenset()  # accounts of which a person said that the presumed role does not hold

    @property
    def is_decided(self) -> bool:
        """Say whether a person said something of an account in this incident."""
        return bool(self.confirmed or self.removed)

    @property
    def cleared(self) -> frozenset[int]:
        """The accounts that, by a person's word, neither strike nor follow: no pack is made of them."""
        return self.removed | {who for who, role in self.confirmed.items() if role in STANDS_APART}

    def unaided(self) -> Case:
        """The same case without what people said: what the machine would read alone."""
        return replace(self, confirmed={}, removed=frozenset())
