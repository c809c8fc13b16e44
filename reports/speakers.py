"""Who spoke, by what their messages say: classes of messages, never of persons. No Django here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from incidents.charts.figures import Role, Strip, StripRow, Tally, TallyRow
from incidents.charts.times import NO_BREAK, duration, whole
from reports.documents.content import Speakers

MOST_DOTS = 30  # of one class: beyond, their shapes cover each other on a phone and the counts say more
MOST_STEPS = 96
STEPS = tuple(timedelta(hours=hours) for hours in (0.25, 1, 3, 6, 12, 24, 7 * 24, 28 * 24))

# (class, role whose shape is drawn, intents, words)
CLASSES: tuple[tuple[str, Role, frozenset[str], dict[str, str]], ...] = (
    (
        "customers",
        "customer",
        frozenset({"complaint", "question", "safety", "legal_threat"}),
        {"fr": "Réclamations et questions", "en": "Complaints and questions"},
    ),
    (
        "attacks",
        "pack",
        frozenset({"attack_brand", "attack_cm", "call_to_action"}),
        {"fr": "Attaques et appels à agir", "en": "Attacks and calls to act"},
    ),
    (
        "spectators",
        "popcorn",
        frozenset({"popcorn", "mockery"}),
        {"fr": "Moqueries et popcorn", "en": "Mockery and popcorn"},
    ),
    ("media", "media", frozenset({"news"}), {"fr": "Actualité", "en": "News"}),
    ("allies", "ally", frozenset({"support"}), {"fr": "Soutien", "en": "Support"}),
)
OTHERS = {"fr": "Autres, ou lecture incertaine", "en": "Others, or uncertain reading"}
OURS = {"fr": "La marque elle-même", "en": "The brand itself"}
STRIP_TITLE = {"fr": "Qui a parlé, et quand", "en": "Who spoke, and when"}
STRIP_UNIT = {"fr": "Une forme par message", "en": "One shape a message"}

TALLY_UNIT = {
    "fr": f"Messages {{step}}{NO_BREAK}; la même échelle sur toutes les lignes",
    "en": "Messages {step}; the same scale on every line",
}
OLDER = {
    "fr": (
        f"{NO_BREAK}; un message plus ancien n’y est pas",
        f"{NO_BREAK}; {{count}}{NO_BREAK}messages plus anciens n’y sont pas",
    ),
    "en": ("; one earlier message is not drawn", "; {count} earlier messages are not drawn"),
}
BEFORE = timedelta(days=2)  # the beginning: what was dug up from years ago would squeeze the strike into one column

TALLY_STEPS = {
    "fr": {0.25: "par quart d’heure", 1: "par heure", 24: "par jour"},
    "en": {0.25: "per quarter of an hour", 1: "an hour", 24: "a day"},
}


@dataclass(frozen=True)
class Said:
    """One message: when, by which account (None: unknown), read as what, and whether it is the brand's own."""

    at: datetime
    author: int | None
    intent: str
    is_ours: bool = False


@dataclass(frozen=True)
class Group:
    """A class of messages with its words and what fell into it."""

    name: str
    role: Role
    words: dict[str, str]
    said: tuple[Said, ...]

    @property
    def accounts(self) -> int:
        """Distinct accounts; an unknown one counts each time."""
        return len({one.author for one in self.said if one.author}) + sum(one.author is None for one in self.said)


def grouped(said: Iterable[Said]) -> tuple[Group, ...]:
    """The messages by class, in the order of the table; a class without any message is left out."""
    every = tuple(said)
    theirs = [one for one in every if not one.is_ours]
    known = frozenset().union(*(intents for _, _, intents, _ in CLASSES))
    groups = [
        Group(name, role, words, tuple(one for one in theirs if one.intent in intents))
        for name, role, intents, words in CLASSES
    ]
    groups.append(Group("others", "", OTHERS, tuple(one for one in theirs if one.intent not in known)))
    groups.append(Group("ours", "", OURS, tuple(one for one in every if one.is_ours)))
    return tuple(group for group in groups if group.said)


def table(groups: Iterable[Group], language: str) -> tuple[Speakers, ...]:
    """The rows of "Who spoke"."""
    return tuple(Speakers(group.words[language], group.accounts, len(group.said), group.role) for group in groups)


def of_the_strike(groups: Iterable[Group], started_at: datetime) -> tuple[tuple[Group, ...], int]:
    """What is drawn of the classes: from two days before the beginning on, and how many messages are older.

    Where all are older, all of them.
    """
    every, since = tuple(groups), started_at - BEFORE
    kept = (replace(group, said=tuple(one for one in group.said if one.at >= since)) for group in every)
    drawn = tuple(group for group in kept if group.said)
    return (drawn, _count(every) - _count(drawn)) if drawn else (every, 0)


def _count(groups: Iterable[Group]) -> int:
    return sum(len(group.said) for group in groups)


def _but(older: int, language: str) -> str:
    one, many = OLDER[language]
    return "" if not older else one if older == 1 else many.format(count=whole(older, language))


def strip(groups: Iterable[Group], language: str, older: int = 0) -> Strip | None:
    """One dot a message; None when there is none, or too many to be told apart. `older` are not drawn."""
    rows = tuple(
        StripRow(group.words[language], group.role, tuple(sorted(one.at for one in group.said))) for group in groups
    )
    if not any(row.at for row in rows) or _are_too_many(len(row.at) for row in rows):
        return None
    return Strip(STRIP_TITLE[language], STRIP_UNIT[language] + _but(older, language), rows)


def _are_too_many(counts: Iterable[int]) -> bool:
    return any(count > MOST_DOTS for count in counts)


def tally(groups: Iterable[Group], language: str, older: int = 0) -> Tally | None:
    """The messages counted by step where one class has too many for the strip; None where none has. As `strip`."""
    kept = tuple(groups)
    every = sorted(one.at for group in kept for one in group.said)
    if not _are_too_many(len(group.said) for group in kept):
        return None
    step = _step(every[-1] - every[0])
    first = every[0].replace(
        minute=every[0].minute // 15 * 15 if step < timedelta(hours=1) else 0, second=0, microsecond=0
    )
    steps = (every[-1] - first) // step + 1
    rows = tuple(
        TallyRow(group.words[language], group.role, _counts([one.at for one in group.said], first, step, steps))
        for group in kept
    )
    hours = step / timedelta(hours=1)
    told = (
        TALLY_STEPS[language].get(hours)
        or {
            "fr": f"par tranche de {duration(step, 'fr')}",
            "en": f"per {duration(step, 'en')}",
        }[language]
    )
    starts = tuple(first + step * index for index in range(steps))
    unit = TALLY_UNIT[language].format(step=told) + _but(older, language)
    return Tally(STRIP_TITLE[language], unit, starts, round(hours * 60), rows)


def _step(span: timedelta) -> timedelta:
    """The shortest step that leaves no more than MOST_STEPS of them, whole days beyond the longest."""
    found = next((step for step in STEPS if span / step < MOST_STEPS), None)
    return found or timedelta(days=ceil(span / timedelta(days=1) / MOST_STEPS))


def _counts(instants: Iterable[datetime], first: datetime, step: timedelta, steps: int) -> tuple[int, ...]:
    counts = [0] * steps
    for at in instants:
        counts[(at - first) // step] += 1
    return tuple(counts)
