"""Turns the rows of a table into mentions, and says line and column of each row that is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from clients.listening import origins
from clients.listening.origins import folded
from clients.listening.raw import LIMITS, RawMention, content_id, fitting_id, language_hint, refused, storable
from clients.listening.tables.cells import Record, Records
from clients.listening.tables.columns import FIELDS
from clients.listening.tables.dates import moment
from clients.listening.tables.layout import Layout, TableError, records
from clients.listening.tables.workbook import SheetRecords
from clients.listening.words import Words

REQUIRED = ("text", "published_at")  # without a date nothing could be placed in time, and all would surge today
_BLANKS = frozenset({"", "-", "--", "n/a", "na", "null", "none", "nan", "#n/a"})
_SPOILT_ID = re.compile(r"\d[.,]\d+E\+\d+", re.I)  # what a spreadsheet makes of a long number: many ids in one
_COUNT = re.compile(r"(\d{1,3}(?:[., ]\d{3})+|\d+)(?:[.,](\d{1,2}|0+))?\s*([kKmM])?")
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_LANGUAGES = {
    "francais": "fr", "french": "fr", "anglais": "en", "english": "en", "allemand": "de", "german": "de",
    "espagnol": "es", "spanish": "es", "italien": "it", "italian": "it", "portugais": "pt", "portuguese": "pt",
    "neerlandais": "nl", "dutch": "nl",
}  # fmt: skip
WORDS = {
    "too_few_cells": Words(
        "la ligne a {got} cellules sur {expected} : elle est coupée",
        "the row has {got} cells out of {expected}: it is cut"
    ),
    "too_many_cells": Words(
        "la ligne a {got} cellules pour {expected} colonnes : un séparateur n’est pas entre guillemets",
        "the row has {got} cells for {expected} columns: a delimiter is not quoted",
    ),
    "endless_cell": Words("un guillemet ouvert n’est jamais refermé", "a quote is opened and never closed"),
    "cut": Words(
        "le fichier s’arrête au milieu de cette ligne, entre guillemets",
        "the file ends in the middle of this row, inside quotes"
    ),
    "damaged": Words(
        "le classeur est endommagé à partir de cette ligne\u00a0: la suite n’a pas pu être lue",
        "the workbook is damaged from this row on: the rest could not be read",
    ),
    "text_withheld": Words(
        "le texte manque\u00a0: X interdit à cet outil de le donner\u00a0; brancher X comme source pour le lire",
        "the text is missing: X forbids this tool to give it; add X as a source to read it",
    ),
    "bad_date": Words("« {value} » n’est pas une date connue", "“{value}” is not a known date"),
    "bad_count": Words("« {value} » n’est pas un nombre", "“{value}” is not a number"),
}  # fmt: skip


@dataclass(frozen=True)
class RowProblem:
    """Why a row is not taken in: the line on which it begins (from 1), the column ("" for the row as a whole)."""

    line: int
    column: str
    code: str
    words: Words


class Reading:
    """The rows of a file, one at a time and in constant memory; iterate once. `fraction_read` feeds a progress bar."""

    def __init__(
        self, records: Records | SheetRecords, layout: Layout, mapping: Mapping[str, str], network: str, zone: ZoneInfo
    ) -> None:
        self._records, self._layout, self._mapping, self._network, self._zone = records, layout, mapping, network, zone
        self._places = {field: layout.header.index(column) for field, column in mapping.items()}

    @property
    def fraction_read(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self._records.fraction_read

    def __iter__(self) -> Iterator[RawMention | RowProblem]:
        for record in self._records:
            try:
                yield self._mention(record)
            except _BadRow as bad:
                yield RowProblem(record.line, bad.column, bad.code, bad.words)

    def _mention(self, record: Record) -> RawMention:
        self._check_shape(record)
        cells = {field: storable(record.cells[place]).strip() for field, place in self._places.items()}
        text = cells["text"] or cells.get("title", "")
        published_at = self._moment(cells)
        handle = _filled(cells, "author_handle").lstrip("@")
        network = _network(cells) or self._network
        if not text and network == "x":
            raise _BadRow(self._mapping["text"], "text_withheld", WORDS["text_withheld"])
        mention = RawMention(
            external_id=_external_id(cells, network, handle, text, published_at),
            text=text,
            published_at=published_at,
            url=_filled(cells, "url"),
            title=_filled(cells, "title")[: LIMITS["title"]],
            language=_language(_filled(cells, "language")),
            network=network,
            author_handle=handle,
            author_name=_filled(cells, "author_name"),
            author_url=_filled(cells, "author_url"),
            author_bio=_filled(cells, "author_bio")[: LIMITS["author_bio"]],
            followers=self._count(cells, "followers"),
            reach=self._count(cells, "reach"),
            reply_to=_filled(cells, "reply_to"),
            kind=origins.KINDS.get(folded(cells.get("kind", "")), "post"),
        )
        for problem in refused(mention):
            raise _BadRow(self._mapping.get(problem.field, problem.field), problem.code, problem.words)
        return mention

    def _check_shape(self, record: Record) -> None:
        got, expected = len(record.cells), len(self._layout.header)
        if record.damage:
            raise _BadRow("", record.damage, WORDS[record.damage])
        if got < expected:
            raise _BadRow("", "too_few_cells", WORDS["too_few_cells"].put(got=got, expected=expected))
        if any(cell.strip() for cell in record.cells[expected:]):
            raise _BadRow("", "too_many_cells", WORDS["too_many_cells"].put(got=got, expected=expected))

    def _moment(self, cells: Mapping[str, str]) -> datetime:
        written = f"{cells['published_at']} {cells.get('published_time', '')}".strip()
        try:
            return moment(written, self._zone, day_first=self._layout.day_first)
        except (ValueError, OverflowError):
            words = WORDS["bad_date"].put(value=written[:60])
            raise _BadRow(self._mapping["published_at"], "bad_date", words) from None

    def _count(self, cells: Mapping[str, str], field: str) -> int | None:
        written = _filled(cells, field)
        if not written:
            return None
        count = _whole(written)
        if count is None:
            raise _BadRow(self._mapping[field], "bad_count", WORDS["bad_count"].put(value=written[:40]))
        return count


def read(
    path: Path,
    layout: Layout,
    mapping: Mapping[str, str],
    network: str,
    *,
    timezone: str = "Europe/Paris",
    rows: int = 0,
) -> Reading:
    """The rows of a file as mentions or problems.

    `mapping` says which column holds which field ("text" and "published_at" at least; "published_time" for an hour in
    a column of its own); `network` is that of rows that do not name theirs; `timezone` that of dates without one;
    `rows`, where known, makes a workbook's progress exact. A row without an id of its own is known by its number at
    its network when its address tells it, else by a hash of author, text and date: never by anything of the file, so
    that a second import changes nothing, whatever the file is called by then.
    Raises TableError when the mapping does not fit the file.
    """
    present = ", ".join(layout.header)
    if strange := sorted(set(mapping) - FIELDS):
        raise TableError("unknown_fields", fields=", ".join(strange), known=", ".join(sorted(FIELDS)))
    if missing := [column for column in mapping.values() if column not in layout.header]:
        raise TableError("unknown_columns", missing=", ".join(missing), present=present)
    for field in REQUIRED:
        if field not in mapping:
            raise TableError("unmapped", field=field, present=present)
    return Reading(records(path, layout, rows), layout, mapping, network, ZoneInfo(timezone))


class _BadRow(Exception):
    def __init__(self, column: str, code: str, words: Words) -> None:
        super().__init__(code)
        self.column, self.code, self.words = column, code, words


def _filled(cells: Mapping[str, str], field: str) -> str:
    """A cell's text, "" when it is absent or holds one of the ways to say so."""
    value = cells.get(field, "")
    return "" if value.lower() in _BLANKS else value


def _external_id(cells: Mapping[str, str], network: str, handle: str, text: str, published_at: datetime) -> str:
    given = _filled(cells, "external_id")
    if given and not _SPOILT_ID.fullmatch(given):
        return fitting_id(given)
    if native := origins.native_id(network, _filled(cells, "url")):
        return fitting_id(native)
    return content_id(handle or _filled(cells, "author_name"), text, published_at.isoformat())


def _language(written: str) -> str:
    return _LANGUAGES.get(folded(written)) or language_hint(written)


def _network(cells: Mapping[str, str]) -> str:
    """Our name of the row's network; one that we do not know keeps its own name, one that is not given stays ""."""
    name, host = _filled(cells, "network"), origins.by_host(_filled(cells, "url"))
    known = origins.named(name, *name.split(",")) if name else ""
    if known and known != "web":
        return known
    return host or known or folded(name).replace(" ", "_")[:30]


def _whole(written: str) -> int | None:
    """A count as people write them: 1234, 1 234, 1,234, 1.234, 12,0, 3.4K, 1,2 M."""
    parts = _COUNT.fullmatch(written.replace("\u00a0", " ").replace("\u202f", " "))
    if parts is None:
        return None
    whole, decimals, scale = int(re.sub(r"\D", "", parts[1])), parts[2] or "0", (parts[3] or "").lower()
    return int(float(f"{whole}.{decimals}") * _SCALES[scale]) if scale else whole
