"""How the attack was read, as tables: answers, who did what, what carried it, who was called, what was foreseen."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from incidents.charts.times import day, duration, hour_in_prose, whole
from reports.documents.content import Foreseen, Language, Reading
from reports.documents.tables import Row, Table, hours_of
from reports.documents.words import Words

NONE = "—"


def reading_tables(reading: Reading, words: Words, language: Language, zone: ZoneInfo) -> Iterator[Table]:
    """The tables of the reading in their order; what is empty is left out."""
    read_at = reading.read_at.astimezone(zone)
    note = words.reading_note.format(
        messages=whole(reading.messages, language), day=day(read_at, language), hour=hour_in_prose(read_at, language)
    )
    answers = tuple(Row((one.question, " ".join((one.answer, *one.grounds)))) for one in reading.answers)
    yield Table("reading", words.reading, words.reading_columns, answers, note=note)
    if reading.parts:
        yield _parts(reading, words, language)
    if reading.carriers:
        yield _carriers(reading, words, language)
    if reading.called:
        called = tuple(
            Row((one.label, whole(one.accounts, language), whole(one.spoke, language), one.why))
            for one in reading.called
        )
        yield Table("called", words.called, words.called_columns, called, numeric=(1, 2))
    if reading.outlooks:
        yield _outlooks(reading, words, language, zone)


def _parts(reading: Reading, words: Words, language: str) -> Table:
    rows = tuple(
        Row((one.label, whole(one.accounts, language), whole(one.decided, language)), one.role or "none")
        for one in reading.parts
    )
    return Table("parts", words.parts, words.parts_columns, rows, note=words.parts_note, numeric=(1, 2))


def _carriers(reading: Reading, words: Words, language: str) -> Table:
    rows = tuple(
        Row((_since(one.minutes, words, language), one.label, one.how, whole(one.below, language)), one.role or "none")
        for one in reading.carriers
    )
    return Table("carriers", words.carriers, words.carriers_columns, rows, numeric=(3,))


def _since(minutes: int, words: Words, language: str) -> str:
    length = duration(timedelta(minutes=abs(minutes)), language)
    return words.before.format(length=length) if minutes < 0 else length


def _outlooks(reading: Reading, words: Words, language: Language, zone: ZoneInfo) -> Table:
    """Hours of one table all carry their day, or none does."""
    moments = [at for one in reading.outlooks for at in (one.made_at, one.since, one.until, one.returned_at) if at]
    written = dict(zip(moments, hours_of(moments, zone, language), strict=True))
    rows = []
    for one in reading.outlooks:
        expected = NONE
        if one.since and one.until:
            expected = words.between.format(since=written[one.since], until=written[one.until])
        came = written[one.returned_at] if one.returned_at else NONE
        rows.append(Row((written[one.made_at], one.phase, expected, came, _held(one, words))))
    note = words.outlooks_note.format(shown=len(reading.outlooks), all=reading.foreseen)
    return Table("outlooks", words.outlooks, words.outlooks_columns, tuple(rows), note=note)


def _held(one: Foreseen, words: Words) -> str:
    if one.until is None:
        return NONE
    return words.not_judged if one.held is None else words.held if one.held else words.not_held
