"""`evaluate replay`: posts of the past through the real streams, one line for each signal they would have raised."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from clients.listening.reading.gravity import wakes_alone
from clients.listening.reading.labels import Doc, Label
from clients.listening.reading.reader import Reader
from incidents.detection.streams import Alarm, Follower, Heard, Setting
from incidents.detection.streams_topics import topics_of

COLUMNS: tuple[str, ...] = ("at", "stream", "attack", "why")
ATTACKS = ("attack_brand", "attack_cm", "mockery", "call_to_action")
URGENT = ("legal_threat", "safety", "call_to_action")
YES = ("true", "1", "yes", "oui")


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterator[Row]:
    """Return a line for each signal, oldest first; nothing is learnt. One false alarm a month unless told."""
    follower = Follower(Setting(options.per_month or 1.0))
    for alarm in follower.take(heard(rows_of(test, ("created_at", "author", "text")))):
        yield _line(alarm)


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return how many signals there are, and how many a month of the days that were heard: no labels are needed."""
    days = {row["created_at"][:10] for row in rows_of(test, ("created_at",))}
    months = max(len(days) / 30.0, 1 / 30.0)
    return [Figure("signals", float(len(answers))), Figure("signals a month heard", len(answers) / months)]


def heard(rows: Iterable[Row]) -> list[Heard]:
    """Return posts as the streams take them, oldest first, read by the reader that ships. Raises WrongFile."""
    kept = sorted(((_moment(row["created_at"]), row) for row in rows), key=lambda pair: pair[0])
    labels = Reader.shipped().read([Doc(row["text"]) for _, row in kept])
    return [_heard(at, row, read) for (at, row), read in zip(kept, labels, strict=True)]


def _heard(at: datetime, row: Row, labels: Sequence[Label]) -> Heard:
    said = {label.axis: label.value for label in labels}
    intent = str(said.get("intent", ""))
    attack = said.get("attack") or ("yes" if intent in ATTACKS else "no")
    return Heard(
        at=at,
        author=row["author"] or None,
        attack=str(attack),
        urgent=intent if intent in URGENT else "",
        is_grave=intent in URGENT and wakes_alone(row["text"]),
        thread=row.get("thread", ""),
        topics=topics_of(row["text"]),
        is_ours=row.get("brand_side", "").strip().lower() in YES,
    )


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongFile(f"created_at: “{text[:40]}” is not a moment in ISO 8601.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _line(alarm: Alarm) -> Row:
    why = " ".join(alarm.why["fr"])
    return {"at": alarm.at.isoformat(), "stream": alarm.stream, "attack": alarm.attack, "why": why}
