"""What was promised and what came: the figures that a report draws of both, with their finding. No Django here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.charts.figures import Cadence, Foresight, Ranged, Update
from incidents.charts.times import NO_BREAK, whole
from reports.documents.content import Reading

_N = NO_BREAK
CADENCE_UNIT = {"fr": "Points de situation promis et envoyés", "en": "Situation reports promised and sent"}
FORESIGHT_UNIT = {
    "fr": f"Comptes par heure{_N}; dessous, {{shown}} des {{all}} fourchettes, visées huit fois sur dix",
    "en": "Accounts an hour; below, {shown} of the {all} ranges, meant to hold eight times in ten",
}
MOST_HOURS = 30 * 24


@dataclass(frozen=True)
class Issued:
    """One situation report as it went out, and the hour that it promised for the next."""

    number: int
    issued_at: datetime
    next_at: datetime | None


@dataclass(frozen=True)
class Course:
    """What came after the strike: accounts an hour from its beginning on, and the most that is usual."""

    first_hour: datetime
    hours: tuple[int, ...]
    high: int


def cadence(issued: Sequence[Issued], closed_at: datetime | None, language: str) -> Cadence | None:
    """Each report against the hour announced by the one before; None without a report.

    What was promised for after the closing is owed no more.
    """
    updates = tuple(_updates(issued, closed_at))
    return Cadence(_cadence_title(updates, language), CADENCE_UNIT[language], updates) if updates else None


def _updates(issued: Sequence[Issued], closed_at: datetime | None) -> Iterator[Update]:
    promised_at = None
    for one in issued:
        yield Update(one.number, promised_at, one.issued_at)
        promised_at = one.next_at
    if issued and promised_at and (closed_at is None or promised_at <= closed_at):
        yield Update(issued[-1].number + 1, promised_at, None)


def _cadence_title(updates: Sequence[Update], language: str) -> str:
    promised = [one for one in updates if one.promised_at]
    in_time = sum(one.sent_at is not None and not one.late for one in promised)
    if not promised:
        sent = whole(len(updates), language)
        if language == "fr":
            return f"{sent}{_N}{'point envoyé' if len(updates) < 2 else 'points envoyés'}, sans heure promise"
        return f"{sent} {'report' if len(updates) < 2 else 'reports'} sent, for no promised hour"
    if in_time == len(promised):
        return {"fr": "Chaque point promis est parti à l’heure", "en": "Every report promised was sent in time"}[
            language
        ]
    kept, every = whole(in_time, language), whole(len(promised), language)
    if language == "fr":
        return f"{kept}{_N}{'point' if in_time < 2 else 'points'} sur {every} à l’heure promise"
    return f"{kept} of {every} reports sent at the hour promised"


def foresight(course: Course, reading: Reading, language: str) -> Foresight | None:
    """What came, and the ranges that are worth a line; None without a whole hour, or when no range was given."""
    ranges = tuple(
        Ranged(one.made_at, one.since, one.until, one.held) for one in reading.outlooks if one.since and one.until
    )
    if not course.hours or not ranges:
        return None
    returned_at = next((one.returned_at for one in reversed(reading.outlooks) if one.returned_at), None)
    return Foresight(
        title=_foresight_title(reading, language),
        unit=FORESIGHT_UNIT[language].format(shown=len(ranges), all=whole(reading.ranged, language)),
        first_hour=course.first_hour,
        hours=course.hours[:MOST_HOURS],
        high=course.high,
        ranges=ranges,
        returned_at=returned_at,
    )


def _foresight_title(reading: Reading, language: str) -> str:
    if not reading.judged:
        return {"fr": "Ce qui était prévu, pas encore jugé", "en": "What was foreseen, not judged yet"}[language]
    held, judged = whole(reading.held, language), whole(reading.judged, language)
    if language == "fr":
        verb = "fourchette sur {} a tenu" if reading.held < 2 else "fourchettes sur {} ont tenu"
        return f"{held}{_N}{verb.format(judged)}"
    return f"{held} of {judged} ranges foreseen held"
