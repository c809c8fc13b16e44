"""What the facts of an incident say, in sentences, French and English. No Django here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from incidents.charts.times import NO_BREAK, duration, hour_in_prose, short_day, whole
from reports.documents.content import Number
from reports.milestones import Milestone

STEP = timedelta(minutes=15)  # of a curve; an hour when the incident was long
HOUR = timedelta(hours=1)
Points = Sequence[tuple[datetime, int]]
LONGEST_OPENING, LONGEST_DECISION = 350, 300
_N = NO_BREAK

_MILESTONES = {
    "duration": {"fr": "Durée", "en": "Duration"},
    "briefed": {"fr": "Du début à la première personne prévenue", "en": "From the start to the first person told"},
    "detected": {"fr": "Du début au signal", "en": "From the start to the signal"},
    "confirmed": {"fr": "Du signal à la confirmation", "en": "From the signal to its confirmation"},
    "first_report": {
        "fr": "De la confirmation au premier point",
        "en": "From the confirmation to the first situation report",
    },
}


class _Step(NamedTuple):
    """How one step of the curve is said."""

    fullest: str
    highest: str
    counted: str


_STEPS = {
    "fr": {
        STEP: _Step("le quart d’heure", "Mentions, quart d’heure le plus haut", "Mentions publiques par quart d’heure"),
        HOUR: _Step("l’heure", "Mentions, heure la plus haute", "Mentions publiques par heure"),
    },
    "en": {
        STEP: _Step(
            "the quarter of an hour", "Mentions, highest quarter of an hour", "Public mentions per quarter of an hour"
        ),
        HOUR: _Step("the hour", "Mentions, highest hour", "Public mentions an hour"),
    },
}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=\S)")


@dataclass(frozen=True)
class Facts:
    """What the sentences are made of. `band` is the habit of one step of `points`, None when it is not known."""

    title: str
    started_at: datetime
    ended_at: datetime
    points: tuple[tuple[datetime, int], ...]
    band: tuple[int, int] | None
    accounts: int
    messages: int
    customers: int
    spectators: int
    reports: int
    closing_note: str
    milestones: tuple[Milestone, ...] = field(default=())

    @property
    def highest(self) -> tuple[datetime, int]:
        """The highest step: its beginning and its count; the start and 0 when there is none."""
        return max(self.points, key=lambda point: point[1], default=(self.started_at, 0))

    def length(self, step: str) -> timedelta | None:
        return next((one.length for one in self.milestones if one.step == step), None)


def step_of(points: Points) -> timedelta:
    """From one point to the next; a single one is taken for a quarter of an hour."""
    return points[1][0] - points[0][0] if len(points) > 1 else STEP


def peak_length(points: Points, band: tuple[int, int] | None) -> timedelta:
    """How long the count stayed above the habit around its highest point (above half of it without a habit)."""
    counts = [count for _, count in points]
    if not counts or not max(counts):
        return timedelta(0)
    top = counts.index(max(counts))
    bar = max(band[1], max(counts) / 4) if band else max(counts) / 2
    first = last = top
    while first > 0 and counts[first - 1] > bar:
        first -= 1
    while last + 1 < len(counts) and counts[last + 1] > bar:
        last += 1
    return step_of(points) * (last - first + 1)


def title(facts: Facts, language: str) -> str:
    """The finding that the draft proposes: « Le pic a duré 45 min, l’incident 2 h 10 »."""
    whole_length = duration(facts.ended_at - facts.started_at, language)
    peak = peak_length(facts.points, facts.band)
    # The peak is counted in whole steps: on a short incident it would seem to outlast it.
    if not peak or peak >= facts.ended_at - facts.started_at:
        return f"L’incident a duré {whole_length}" if language == "fr" else f"The incident lasted {whole_length}"
    short = duration(peak, language)
    if language == "fr":
        return f"Le pic a duré {short}, l’incident {whole_length}"
    return f"The peak lasted {short}, the incident {whole_length}"


def bottom_line(facts: Facts, zone: ZoneInfo, language: str) -> tuple[tuple[str, ...], str]:
    """At most four sentences and the decision asked: the closing note opens them and ends on what is asked.

    A note of one sentence says what happened: nothing is asked then.
    """
    noted = [part.strip() for part in _SENTENCE_END.split(facts.closing_note.strip()) if part.strip()]
    asked = noted.pop() if len(noted) > 1 else ""
    opening = _cut(" ".join(noted), LONGEST_OPENING)
    told = [opening or f"{facts.title.strip().rstrip('.')}.", _spoke(facts, zone, language)]
    told += [_read(facts, language)] if facts.messages else []
    told.append(_done(facts, language))
    return tuple(told), _cut(asked, LONGEST_DECISION)


def _spoke(facts: Facts, zone: ZoneInfo, language: str) -> str:
    at, highest = facts.highest
    hour = hour_in_prose(at.astimezone(zone), language)
    accounts, messages = whole(facts.accounts, language), whole(facts.messages, language)
    step = _STEPS[language][step_of(facts.points)]
    if not facts.messages:
        return "Aucune mention n’y est rattachée." if language == "fr" else "No mention is attached to it."
    if language == "fr":
        verb = "ont parlé" if facts.accounts > 1 else "a parlé"
        return (
            f"{accounts}{_N}{_many(facts.accounts, 'compte', 'comptes')} {verb} en {messages}{_N}"
            f"{_many(facts.messages, 'message', 'messages')}, au plus haut {whole(highest, language)} "
            f"dans {step.fullest} de {hour}."
        )
    return (
        f"{accounts} {_many(facts.accounts, 'account', 'accounts')} spoke in {messages} "
        f"{_many(facts.messages, 'message', 'messages')}, at most {whole(highest, language)} "
        f"in {step.fullest} from {hour}."
    )


def _read(facts: Facts, language: str) -> str:
    customers, spectators = whole(facts.customers, language), whole(facts.spectators, language)
    if language == "fr":
        complain = "compte se plaint ou pose une question", "comptes se plaignent ou posent une question"
        watch = "se moque ou regarde", "se moquent ou regardent"
        told = f"{customers}{_N}{_many(facts.customers, *complain)}" if facts.customers else "aucun compte ne se plaint"
        mocked = f"{spectators}{_N}{_many(facts.spectators, *watch)}" if facts.spectators else "aucun ne se moque"
        return f"À la lecture de la machine, {told}, {mocked}."
    complain = "account complains or asks a question", "accounts complain or ask a question"
    told = f"{customers} {_many(facts.customers, *complain)}" if facts.customers else "no account complains"
    mocked = (
        f"{spectators} {_many(facts.spectators, 'mocks or watches', 'mock or watch')}"
        if facts.spectators
        else "none mocks"
    )
    return f"As the machine reads them, {told}, {mocked}."


def _done(facts: Facts, language: str) -> str:
    briefed = facts.length("briefed")
    reports = whole(facts.reports, language)
    if language == "fr":
        first = f"La première personne a été prévenue en {duration(briefed, language)}" if briefed is not None else ""
        first = first or "Personne n’a été prévenu par message"
        sent = (
            f"{reports}{_N}{_many(facts.reports, 'point de situation a été émis', 'points de situation ont été émis')}"
        )
        return f"{first}, {sent if facts.reports else 'aucun point de situation n’a été émis'}."
    first = f"The first person was told in {duration(briefed, language)}" if briefed is not None else ""
    sent = f"{reports} {_many(facts.reports, 'situation report was issued', 'situation reports were issued')}"
    return f"{first or 'Nobody was told by message'}, {sent if facts.reports else 'no situation report was issued'}."


def numbers(facts: Facts, zone: ZoneInfo, language: str) -> tuple[Number, ...]:
    """The four figures of page one, each with its habit; one that was not measured is left out."""
    measured = {one.step: _measured(one, one.length, language) for one in facts.milestones if one.length is not None}
    four = (
        measured.get("duration"),
        measured.get("briefed"),
        _customers(facts, language),
        _highest(facts, zone, language),
    )
    return tuple(number for number in four if number)


def delays(facts: Facts, language: str) -> tuple[Number, ...]:
    """Every step that was reached, with what this client is used to."""
    return tuple(_measured(one, one.length, language) for one in facts.milestones if one.length is not None)


def _measured(one: Milestone, length: timedelta, language: str) -> Number:
    return Number(_MILESTONES[one.step][language], duration(length, language), usual(one, language))


def usual(one: Milestone, language: str) -> str:
    """What the client's earlier incidents took: « médiane des 6 précédents : 3 h 05 », or that this is the first."""
    if one.median is None:
        return "premier incident mesuré" if language == "fr" else "first incident measured"
    usual_length = duration(one.median, language)
    if language == "fr":
        before = f"médiane des {one.earlier}{_N}précédents" if one.earlier > 1 else "incident précédent"
        return f"{before}{_N}: {usual_length}"
    before = f"median of the {one.earlier} before" if one.earlier > 1 else "the one before"
    return f"{before}: {usual_length}"


def _customers(facts: Facts, language: str) -> Number:
    accounts = whole(facts.accounts, language)
    if language == "fr":
        label = "Comptes qui se plaignent ou questionnent"
        return Number(
            label, whole(facts.customers, language), f"sur {accounts}{_N}{_many(facts.accounts, 'compte', 'comptes')}"
        )
    return Number("Accounts that complain or ask questions", whole(facts.customers, language), f"out of {accounts}")


def _highest(facts: Facts, zone: ZoneInfo, language: str) -> Number | None:
    at, highest = facts.highest
    if not highest:
        return None
    local = at.astimezone(zone)
    label = _STEPS[language][step_of(facts.points)].highest
    when = f"{short_day(local, language)}, {hour_in_prose(local, language)}"
    return Number(label, whole(highest, language), f"{when}, {habit(facts.band, language)}")


def habit(band: tuple[int, int] | None, language: str) -> str:
    """« habitude : 0 à 1 », or that too little is known."""
    if band is None:
        return "habitude pas encore connue" if language == "fr" else "habit not known yet"
    low, high = whole(band[0], language), whole(band[1], language)
    span = low if low == high else (f"{low} à {high}" if language == "fr" else f"{low} to {high}")
    return f"habitude{_N}: {span}" if language == "fr" else f"usual: {span}"


def curve_title(points: Points, band: tuple[int, int] | None, language: str, *, now_at: int | None = None) -> str:
    """The finding of the curve: where it stands (`now_at`, the last quarter of an hour), else how long it lasted."""
    counts = [count for _, count in points]
    highest = max(counts, default=0)
    if not highest:
        return "Aucune mention sur la période" if language == "fr" else "No mention over the period"
    if now_at is None:
        length = duration(peak_length(points, band), language)
        return f"Le pic a duré {length}" if language == "fr" else f"The peak lasted {length}"
    last, top = whole(now_at, language), whole(highest, language)
    is_rising = now_at >= highest
    if language == "fr":
        mentions = _many(now_at, "mention", "mentions")
        if is_rising:
            return f"Cela monte encore{_N}: {last}{_N}{mentions} au dernier quart d’heure"
        return f"Le plus haut est passé{_N}: {last}{_N}{mentions} au dernier quart d’heure, contre {top}"
    if is_rising:
        return f"Still rising: {last} in the last quarter of an hour"
    return f"Past its highest: {last} in the last quarter of an hour, against {top}"


def curve_unit(band: tuple[int, int] | None, language: str, step: timedelta = STEP) -> str:
    """What the curve counts, and what its band means when there is one."""
    counted = _STEPS[language][step].counted
    meaning = {"fr": f"{_N}; bande grise{_N}: neuf fois sur dix", "en": "; grey band: nine times out of ten"}[language]
    return counted + (meaning if band else "")


def _cut(text: str, longest: int) -> str:
    """Whole words, then an ellipsis: the full note stays in the log."""
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _many(count: int, one: str, several: str) -> str:
    return one if count < 2 else several
