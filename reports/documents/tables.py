"""Tables of a report, whatever they hold, and how their hours are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.charts.times import NO_BREAK, hour_in_table, short_day


@dataclass(frozen=True)
class Row:
    """One row of a table; `role` names the shape drawn before the first cell, `tag` the label before the second."""

    cells: tuple[str, ...]
    role: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Table:
    """A titled table; `numeric` columns are counts, aligned right.

    `name` tells the layouts which table it is: moments, speakers, changes, reading, parts, carriers,
    called, outlooks, decisions, log, captures, curve, strip, tally, cadence or foresight.
    `empty` is said when there is no row.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    note: str = ""
    numeric: tuple[int, ...] = ()


def hours_of(instants: Sequence[datetime], zone: ZoneInfo, language: str) -> list[str]:
    """Hours for a table; the day is said with them as soon as the instants are not all of one day."""
    local = [at.astimezone(zone) for at in instants]
    several_days = len({at.date() for at in local}) > 1
    return [
        f"{short_day(at, language)}{NO_BREAK}{hour_in_table(at)}" if several_days else hour_in_table(at) for at in local
    ]
