"""What a post-crisis report says, before any layout: page, PDF and JSON are all made from this alone."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from incidents.charts.figures import Cadence as Cadence
from incidents.charts.figures import Curve as Curve
from incidents.charts.figures import FigureError, refuse_naive
from incidents.charts.figures import Foresight as Foresight
from incidents.charts.figures import Mark as Mark
from incidents.charts.figures import Ranged as Ranged
from incidents.charts.figures import Role as Role
from incidents.charts.figures import Strip as Strip
from incidents.charts.figures import StripRow as StripRow
from incidents.charts.figures import Tally as Tally
from incidents.charts.figures import TallyRow as TallyRow
from incidents.charts.figures import Update as Update

Language = Literal["fr", "en"]
Level = Literal["veille", "alerte", "crise"]


class ContentError(FigureError):
    """The report contradicts itself or lacks something that no reader should have to guess."""


@dataclass(frozen=True)
class Number:
    """One figure, never bare: `value` carries its unit, `habit` what is usual for it."""

    label: str
    value: str
    habit: str


@dataclass(frozen=True)
class LogLine:
    """A line of the log. `key` lines are the moments that page one shows when the log is long."""

    happened_at: datetime
    text: str
    kind: str = "note"
    by: str = ""
    key: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.happened_at)


@dataclass(frozen=True)
class Speakers:
    """How many accounts and messages one role had. Counts only: a report names nobody."""

    label: str
    accounts: int
    messages: int
    role: Role = ""


@dataclass(frozen=True)
class Change:
    """What changes after the incident: who does it, before when."""

    what: str
    who: str
    before: date

    def __post_init__(self) -> None:
        if not self.what.strip() or not self.who.strip():
            raise ContentError("A change says what is done and by whom.")


@dataclass(frozen=True)
class Decision:
    """A decision and its reason; `no_reply` marks the decision not to answer."""

    taken_at: datetime
    what: str
    reason: str
    by: str
    no_reply: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.taken_at)


@dataclass(frozen=True)
class Capture:
    """A page kept as a capture: when, of what, and the SHA-256 of the file in hexadecimal."""

    captured_at: datetime
    what: str
    sha256: str

    def __post_init__(self) -> None:
        refuse_naive(self.captured_at)
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            raise ContentError("The fingerprint of a capture is 64 hexadecimal digits.")


@dataclass(frozen=True)
class Answer:
    """What the reading of the attack answers to one question, and on what ground. It names no account."""

    question: str
    answer: str
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """How many accounts did the same thing in this incident, and of how many a person decided it."""

    label: str
    accounts: int
    decided: int = 0
    role: Role = ""


@dataclass(frozen=True)
class Carrier:
    """A message that others answered, quoted or copied: minutes since the strike, by what part, how, and how many."""

    minutes: int
    label: str
    how: str
    below: int
    role: Role = ""


@dataclass(frozen=True)
class CalledIn:
    """One class of those put in cc: how many, how many spoke since, and why it hurts."""

    label: str
    accounts: int
    spoke: int
    why: str


@dataclass(frozen=True)
class Foreseen:
    """An outlook as it was told at one moment, and whether its range held (None: not judged, or no range given)."""

    made_at: datetime
    phase: str
    since: datetime | None = None
    until: datetime | None = None
    returned_at: datetime | None = None
    held: bool | None = None

    def __post_init__(self) -> None:
        refuse_naive(*(at for at in (self.made_at, self.since, self.until, self.returned_at) if at))


@dataclass(frozen=True)
class Reading:
    """How the attack was read. No handle, no score.

    `outlooks` are those worth a line, of the `foreseen` that were kept; `ranged` of these gave a range, and of those
    `judged` are known to be right (`held`) or wrong.
    """

    read_at: datetime
    messages: int
    answers: tuple[Answer, ...] = ()
    parts: tuple[Part, ...] = ()
    carriers: tuple[Carrier, ...] = ()
    called: tuple[CalledIn, ...] = ()
    outlooks: tuple[Foreseen, ...] = ()
    foreseen: int = 0
    ranged: int = 0
    judged: int = 0
    held: int = 0

    def __post_init__(self) -> None:
        refuse_naive(self.read_at)
        if not 0 <= self.held <= self.judged <= self.ranged:
            raise ContentError("No more outlooks held than were judged, nor were more judged than gave a range.")


@dataclass(frozen=True)
class ReportContent:
    """All that a post-crisis report says.

    `title` is the finding. `bottom_line` is one to four sentences; `decision_asked` closes it and may be empty: the
    documents then say that nothing is asked. `severity` goes from 1 (worst) to 4. `log_fingerprint` is the last hash
    of the log's chain. Instants are aware; `time_zone` is the one they are shown in. `reading` is None when the
    incident was not read. Who spoke when is a `strip`, or a `tally` where messages are too many for a shape each.
    """

    client: str
    reference: str
    title: str
    started_at: datetime
    ended_at: datetime
    severity: int
    level: Level
    bottom_line: tuple[str, ...]
    decision_asked: str
    numbers: tuple[Number, ...]
    generated_at: datetime
    version: int
    curve: Curve | None = None
    strip: Strip | None = None
    tally: Tally | None = None
    cadence: Cadence | None = None
    foresight: Foresight | None = None
    log: tuple[LogLine, ...] = ()
    who_spoke: tuple[Speakers, ...] = ()
    reading: Reading | None = None
    changes: tuple[Change, ...] = ()
    delays: tuple[Number, ...] = ()
    decisions: tuple[Decision, ...] = ()
    captures: tuple[Capture, ...] = ()
    method: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    confidential: str = ""
    signed_by: str = ""
    log_fingerprint: str = ""
    brand_colour: str = ""
    language: Language = "fr"
    time_zone: str = "Europe/Paris"
    drill: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.started_at, self.ended_at, self.generated_at)
        if self.ended_at < self.started_at:
            raise ContentError("The incident ends before it starts.")
        if not 1 <= self.severity <= 4:
            raise ContentError("Severity goes from 1 (worst) to 4.")
        if not 1 <= len(self.bottom_line) <= 4:
            raise ContentError("The bottom line is one to four sentences.")
        if not all(text.strip() for text in (self.client, self.reference, self.title, *self.bottom_line)):
            raise ContentError("Client, reference, title and bottom line are never empty.")
        if self.brand_colour and not re.fullmatch(r"#[0-9A-Fa-f]{6}", self.brand_colour):
            raise ContentError("The brand's colour is written #RRGGBB.")
