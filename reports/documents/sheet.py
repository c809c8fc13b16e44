"""The report ready to lay out: every line worded and dated, in reading order. Page and PDF print this."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from incidents.charts.svg import Skin
from incidents.charts.times import day, hour_in_prose, period, whole
from reports.documents.content import LogLine, Number, ReportContent
from reports.documents.figures import Figure, curve_of, further_figures
from reports.documents.reading_tables import reading_tables
from reports.documents.tables import Row, Table, hours_of
from reports.documents.words import WORDS, Words

MOST_MOMENTS = 6  # lines of the log on page one
LONGEST_MOMENT = 60  # characters of such a line there; the full log has the rest


@dataclass(frozen=True)
class Section:
    """A titled list of sentences."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """The whole report in reading order. `figures` and `details` begin page two of the PDF.

    The numbers of every drawing close the PDF, and unfold under it on the page.
    """

    language: str
    document_title: str
    drill: str
    drill_note: str
    above: tuple[str, ...]
    level: str
    level_words: str
    title: str
    bottom_line: str
    asked: str
    decision: str
    numbers_title: str
    numbers: tuple[Number, ...]
    curve: Figure | None
    moments: Table
    speakers: Table
    changes: Table
    figures: tuple[Figure, ...]
    details: tuple[Table, ...]
    notes: tuple[Section, ...]
    foot: tuple[str, ...]
    see_figures: str
    figures_title: str
    brand_colour: str


def sheet(content: ReportContent, skin: Skin = "page") -> Sheet:
    """The report worded in its own language and time zone, its figures drawn in `skin`."""
    words, zone = WORDS[content.language], ZoneInfo(content.time_zone)
    level = words.level.format(severity=content.severity, level=words.levels[content.level])
    span = period(content.started_at.astimezone(zone), content.ended_at.astimezone(zone), content.language)
    drill = words.drill if content.drill else ""
    return Sheet(
        language=content.language,
        document_title=" · ".join(part for part in (drill, content.title, content.client) if part),
        drill=drill,
        drill_note=words.drill_note if content.drill else "",
        above=(words.kind, content.client, span),
        level=content.level,
        level_words=level,
        title=content.title,
        bottom_line=" ".join(content.bottom_line),
        asked=words.asked if content.decision_asked else words.nothing_asked,
        decision=content.decision_asked,
        numbers_title=words.numbers,
        numbers=content.numbers,
        curve=curve_of(content.curve, content.language, zone, skin) if content.curve else None,
        moments=_moments(content, words, zone),
        speakers=_speakers(content, words),
        changes=_changes(content, words),
        figures=tuple(further_figures(content, skin)),
        details=tuple(_details(content, words, zone)),
        notes=tuple(_notes(content, words, zone)),
        foot=tuple(part for part in (drill, content.client, content.reference, content.confidential) if part),
        see_figures=words.see_figures,
        figures_title=words.figures,
        brand_colour=content.brand_colour,
    )


def _moments(content: ReportContent, words: Words, zone: ZoneInfo) -> Table:
    """The log on page one: whole when short, else its key moments, long lines cut (the full log follows)."""
    log = content.log
    moments = key_moments(log)
    hours = hours_of([line.happened_at for line in log], zone, content.language)
    rows = tuple(Row((hours[index], _said(log[index], LONGEST_MOMENT))) for index in moments)
    note = words.moments_note.format(shown=len(moments), all=len(log)) if len(moments) < len(log) else ""
    return Table("moments", words.moments, words.moments_columns, rows, words.no_log, note)


def key_moments(log: Sequence[LogLine], most: int = MOST_MOMENTS) -> list[int]:
    """Which lines tell the story: all when they are few; else the first, the last and key lines, evenly thinned."""
    if len(log) <= most:
        return list(range(len(log)))
    inner = [index for index, line in enumerate(log[:-1]) if line.key and index > 0]
    room = most - 2
    if len(inner) > room:
        inner = [inner[round(place * (len(inner) - 1) / (room - 1))] for place in range(room)]
    return sorted({0, *inner, len(log) - 1})


def _said(line: LogLine, most: int = 10**9) -> str:
    return line.text if len(line.text) <= most else f"{line.text[: most - 1].rstrip()}…"


def _speakers(content: ReportContent, words: Words) -> Table:
    rows = tuple(
        Row(
            (row.label, whole(row.accounts, content.language), whole(row.messages, content.language)),
            row.role or "none",
        )
        for row in content.who_spoke
    )
    return Table("speakers", words.speakers, words.speakers_columns, rows, words.no_speakers, numeric=(1, 2))


def _changes(content: ReportContent, words: Words) -> Table:
    rows = tuple(Row((row.what, row.who, _deadline(row.before, content))) for row in content.changes)
    return Table("changes", words.changes, words.changes_columns, rows, words.no_changes)


def _deadline(before: date, content: ReportContent) -> str:
    return day(before, content.language, year=before.year != content.generated_at.year)


def _details(content: ReportContent, words: Words, zone: ZoneInfo) -> list[Table]:
    """How the attack was read, decisions, delays, the full log when page one cut it, captures."""
    language = content.language
    taken = hours_of([decision.taken_at for decision in content.decisions], zone, language)
    decisions = tuple(
        Row((hour, one.what, one.reason, one.by), tag=words.no_reply if one.no_reply else "")
        for hour, one in zip(taken, content.decisions, strict=True)
    )
    tables = list(reading_tables(content.reading, words, language, zone)) if content.reading else []
    tables.append(Table("decisions", words.decisions, words.decisions_columns, decisions, words.no_decisions))
    delays = tuple(Row((one.label, one.value, one.habit)) for one in content.delays)
    if delays:
        tables.append(Table("delays", words.delays, words.delays_columns, delays, numeric=(1,)))
    hours = hours_of([line.happened_at for line in content.log], zone, language)
    log = tuple(Row((hour, line.text, line.by)) for hour, line in zip(hours, content.log, strict=True))
    if log:
        tables.append(Table("log", words.log, words.log_columns, log))
    kept = hours_of([capture.captured_at for capture in content.captures], zone, language)
    captures = tuple(Row((hour, one.what, one.sha256)) for hour, one in zip(kept, content.captures, strict=True))
    if captures:
        tables.append(Table("captures", words.captures, words.captures_columns, captures, note=words.captures_note))
    return tables


def _notes(content: ReportContent, words: Words, zone: ZoneInfo) -> list[Section]:
    """Method, limits, and what this document is."""
    made = content.generated_at.astimezone(zone)
    generated = words.generated.format(day=day(made, content.language), hour=hour_in_prose(made, content.language))
    signed = words.signed.format(name=content.signed_by) if content.signed_by else words.unsigned
    about = [f"{words.version.format(version=content.version)}, {generated}, {signed}."]
    if content.log_fingerprint:
        about.append(f"{words.log_fingerprint} {content.log_fingerprint}")
    sections = (Section(words.method, content.method), Section(words.limits, content.limits))
    return [section for section in (*sections, Section(words.about, tuple(about))) if section.lines]
