"""The drawings of a report at both widths, each with its description and its numbers as a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from incidents.charts import (
    Svg,
    describe_cadence,
    describe_curve,
    describe_foresight,
    describe_strip,
    describe_tally,
    draw_cadence,
    draw_curve,
    draw_foresight,
    draw_strip,
    draw_tally,
)
from incidents.charts.svg import Skin
from incidents.charts.times import duration, whole
from reports.documents.content import Cadence, Curve, Foresight, ReportContent, Strip, Tally, Update
from reports.documents.tables import Row, Table, hours_of
from reports.documents.words import WORDS, Words

WIDE, NARROW = 680, 320
MOST_ROWS = 200  # of a table: beyond, its empty lines are left out
NONE = "—"


@dataclass(frozen=True)
class Figure:
    """A drawing: its finding, what it counts, its description for who does not see it, its figures as a table.

    `wide` and `narrow` are one drawing at two widths: a phone shows the second, paper the first.
    """

    title: str
    unit: str
    description: str
    wide: Svg
    narrow: Svg
    table: Table
    note: str = ""


def further_figures(content: ReportContent, skin: Skin) -> Iterator[Figure]:
    """The drawings after the curve, in reading order: who spoke when, reports promised and sent, foreseen and come."""
    language, zone = content.language, ZoneInfo(content.time_zone)
    if content.strip and any(row.at for row in content.strip.rows):
        yield strip_of(content.strip, language, zone, skin)
    if content.tally:
        yield tally_of(content.tally, language, zone, skin)
    if content.cadence:
        yield cadence_of(content.cadence, language, zone, skin)
    if content.foresight:
        yield foresight_of(content.foresight, language, zone, skin)


def curve_of(curve: Curve, language: str, zone: ZoneInfo, skin: Skin) -> Figure:
    """The curve; what was counted while a source was not heard says so in its line of the table."""
    words = WORDS[language]
    hours = hours_of([at for at, _ in curve.points], zone, language)
    step = curve.points[1][0] - curve.points[0][0] if len(curve.points) > 1 else timedelta(minutes=15)
    rows = []
    for index, (hour, (at, count)) in enumerate(zip(hours, curve.points, strict=True)):
        low, high = curve.band[index] if curve.band else (0, 0)
        span = words.habit_span.format(low=whole(low, language), high=whole(high, language)) if curve.band else NONE
        tag = words.partly_heard if _is_unheard(curve, at, at + step) else ""
        if count or tag or len(curve.points) <= MOST_ROWS:
            rows.append(Row((hour, whole(count, language), span), tag=tag))
    note = words.empty_steps if len(rows) < len(curve.points) else ""
    table = Table("curve", curve.title, words.curve_columns, tuple(rows), numeric=(1, 2), note=note)
    drawn = _drawn(partial(draw_curve, curve, language=language, zone=zone, skin=skin), "curve")
    note = "" if curve.band else words.no_habit
    return Figure(curve.title, curve.unit, describe_curve(curve, language, zone), *drawn, table, note)


def _is_unheard(curve: Curve, since: datetime, until: datetime) -> bool:
    return any(begin < until and since < end for begin, end in curve.unheard)


def strip_of(strip: Strip, language: str, zone: ZoneInfo, skin: Skin) -> Figure:
    """One shape a message; the table has the hours of every one."""
    rows = (Row((row.label, ", ".join(hours_of(row.at, zone, language)) or NONE), row.role) for row in strip.rows)
    table = Table("strip", strip.title, WORDS[language].strip_columns, tuple(rows))
    drawn = _drawn(partial(draw_strip, strip, language=language, zone=zone, skin=skin), "strip")
    return Figure(strip.title, strip.unit, describe_strip(strip, language), *drawn, table)


def tally_of(tally: Tally, language: str, zone: ZoneInfo, skin: Skin) -> Figure:
    """One column a step; the table has one line a step in which somebody spoke."""
    words, rows = WORDS[language], []
    for index, hour in enumerate(hours_of(tally.starts, zone, language)):
        counts = [row.counts[index] for row in tally.rows]
        if any(counts):
            rows.append(Row((hour, *(whole(count, language) for count in counts))))
    columns = (words.tally_since, *(row.label for row in tally.rows))
    note = words.empty_steps if len(rows) < len(tally.starts) else ""
    numeric = tuple(range(1, len(columns)))
    table = Table("tally", tally.title, columns, tuple(rows), numeric=numeric, note=note)
    drawn = _drawn(partial(draw_tally, tally, language=language, zone=zone, skin=skin), "tally")
    return Figure(tally.title, tally.unit, describe_tally(tally, language, zone), *drawn, table)


def cadence_of(cadence: Cadence, language: str, zone: ZoneInfo, skin: Skin) -> Figure:
    """Situation reports promised and sent; the table says how far each was from its promise."""
    words = WORDS[language]
    moments = [at for one in cadence.updates for at in (one.promised_at, one.sent_at) if at]
    written = dict(zip(moments, hours_of(moments, zone, language), strict=True))
    rows = tuple(
        Row(
            (
                f"nº\u00a0{one.number}" if language == "fr" else f"no. {one.number}",
                written[one.promised_at] if one.promised_at else NONE,
                written[one.sent_at] if one.sent_at else words.never_sent,
                _gap(one, words, language),
            )
        )
        for one in cadence.updates
    )
    table = Table("cadence", cadence.title, words.cadence_columns, rows)
    drawn = _drawn(partial(draw_cadence, cadence, language=language, zone=zone, skin=skin), "cadence")
    return Figure(cadence.title, cadence.unit, describe_cadence(cadence, language), *drawn, table)


def _gap(one: Update, words: Words, language: str) -> str:
    if one.promised_at is None:
        return words.no_hour
    if one.sent_at is None:
        return NONE
    if one.late:
        return words.late.format(length=duration(one.late, language))
    early = one.promised_at - one.sent_at
    return words.early.format(length=duration(early, language)) if early >= timedelta(minutes=1) else words.in_time


def foresight_of(foresight: Foresight, language: str, zone: ZoneInfo, skin: Skin) -> Figure:
    """What came against what was foreseen; the table has the hours in which somebody spoke."""
    words, rows = WORDS[language], []
    instants = [foresight.first_hour + timedelta(hours=index) for index in range(len(foresight.hours))]
    normal = whole(foresight.high, language)
    for hour, count in zip(hours_of(instants, zone, language), foresight.hours, strict=True):
        if count:
            rows.append(Row((hour, whole(count, language), normal)))
    note = words.empty_steps if len(rows) < len(instants) else ""
    table = Table("foresight", foresight.title, words.foresight_columns, tuple(rows), numeric=(1, 2), note=note)
    drawn = _drawn(partial(draw_foresight, foresight, language=language, zone=zone, skin=skin), "foresight")
    return Figure(foresight.title, foresight.unit, describe_foresight(foresight, language, zone), *drawn, table)


def _drawn(draw: Callable[..., Svg], name: str) -> tuple[Svg, Svg]:
    """The drawing at both widths; the width in its name keeps ids apart within one page."""
    return draw(width=WIDE, name=f"{name}-{WIDE}"), draw(width=NARROW, name=f"{name}-{NARROW}")
