"""Finds out how a table file is written: encoding, delimiter or sheet, the line of its header, its columns."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from clients.listening.tables.cells import Records
from clients.listening.tables.columns import guess, known_names
from clients.listening.tables.dates import is_day_first
from clients.listening.tables.workbook import BadWorkbook, SheetRecords, count_rows, first_rows, opened, visible_sheets
from clients.listening.words import Words

DELIMITERS = (",", ";", "\t", "|")
HEAD_CHARACTERS = 200_000
HEADER_WITHIN = 40  # lines; exports put up to some twenty lines of preamble before their header
SAMPLE_ROWS = 5
ROWS_SCANNED = 20_000  # for their dates
ROWS_SCANNED_IN_WORKBOOK = 3_000  # where most dates are real ones, and a row costs ten times as much
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_CHUNK = 1_048_576
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_ZIPPED = b"PK\x03\x04"
WORKBOOK = "xlsx"  # stands where a text file has its encoding

WORDS = {
    "empty": Words("le fichier est vide", "the file is empty"),
    "workbook": Words(
        "ce classeur Excel est d’un format ancien, ou protégé par un mot de passe\u00a0: l’enregistrer au format XLSX, "
        "sans mot de passe",
        "this Excel workbook is of an old format, or protected by a password: save it as XLSX, without a password",
    ),
    "not_a_workbook": Words(
        "ce fichier n’est pas un classeur Excel lisible\u00a0: l’ouvrir et l’enregistrer de nouveau en XLSX ou en CSV",
        "this file is not an Excel workbook that can be read: open it and save it again as XLSX or CSV",
    ),
    "workbook_too_large": Words(
        "ce classeur est trop lourd une fois ouvert\u00a0: l’enregistrer au format CSV, ou l’envoyer en plusieurs fois",
        "this workbook is too heavy once opened: save it as CSV, or send it in several parts",
    ),
    "row_too_long": Words(
        "une ligne de ce classeur est démesurée\u00a0: l’enregistrer au format CSV",
        "a row of this workbook is immense: save it as CSV",
    ),
    "no_sheet": Words(
        "aucune feuille de ce classeur ne contient de tableau", "no sheet of this workbook has a table in it"
    ),
    "binary": Words("ce fichier n’est pas un tableau de texte", "this file is not a table of text"),
    "no_header": Words("aucune ligne d’en-tête n’a été trouvée", "no header line was found"),
    "unknown_columns": Words(
        "colonnes introuvables : {missing} ; le fichier contient : {present}",
        "columns not found: {missing}; the file has: {present}",
    ),
    "unknown_fields": Words(
        "champs inconnus : {fields} ; une mention connaît : {known}",
        "unknown fields: {fields}; a mention knows: {known}"
    ),
    "unmapped": Words(
        "aucune colonne n’est indiquée pour « {field} » ; le fichier contient : {present}",
        "no column is given for “{field}”; the file has: {present}",
    ),
}  # fmt: skip


class TableError(ValueError):
    """A file, or a mapping of its columns, with which no row can be read."""

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.words = WORDS[code].put(**values)
        super().__init__(self.words.en)


@dataclass(frozen=True)
class Layout:
    """How a file is written. `header_line` counts from 1; `guesses` maps fields to columns; `day_first` tells how its
    dates in figures begin; `sample_rows` are the first rows, for a preview. A workbook has `sheet` (the one that is
    read), `other_sheets` (tables or not, they are not), WORKBOOK as its encoding and no delimiter."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    sample_rows: tuple[tuple[str, ...], ...]
    guesses: dict[str, str]
    day_first: bool = True
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


def sniff(path: Path) -> Layout:
    """The layout of a CSV, TSV or XLSX file. Raises TableError (empty, no table that we can read), OSError."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == _OLD_WORKBOOK:
        raise TableError("workbook")
    if start == _ZIPPED:
        return _sniff_workbook(path)
    encoding = _encoding(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(HEAD_CHARACTERS)
    if not head.strip():
        raise TableError("empty")
    lines = io.StringIO(head, newline="").readlines()
    delimiter = _delimiter(lines)
    header_line = _header_line(lines, delimiter)
    header = _named(next(csv.reader([lines[header_line - 1]], delimiter=delimiter)))
    if _CONTROL.search("".join(header)):
        raise TableError("binary")
    return _looked_at(path, Layout(encoding, delimiter, header, header_line, (), guess(header)))


def records(path: Path, layout: Layout, rows: int = 0) -> Records | SheetRecords:
    """The records of a file under its header. `rows`, where known, makes the progress of a workbook exact."""
    if layout.sheet:
        width = len(layout.header)
        return SheetRecords(path, sheet=layout.sheet, skipped=layout.header_line, width=width, rows=rows)
    return Records(path, encoding=layout.encoding, delimiter=layout.delimiter, skipped=layout.header_line)


def count(path: Path, layout: Layout) -> int:
    """How many records `read` will come to; for a workbook at most so many, as its empty rows count too.

    Takes about a second for 50 MB. Raises TableError when a workbook cannot be opened.
    """
    if not layout.sheet:
        return sum(1 for _record in records(path, layout))
    try:
        return max(count_rows(path, layout.sheet) - layout.header_line, 0)
    except BadWorkbook as error:
        raise TableError(error.code) from error


def _sniff_workbook(path: Path) -> Layout:
    """The first visible sheet whose columns bear known names; else the first one that looks like a table."""
    try:
        with opened(path) as book:
            heads = [(str(sheet.title), first_rows(sheet, HEADER_WITHIN)) for sheet in visible_sheets(book)]
    except BadWorkbook as error:
        raise TableError(error.code) from error
    tables = [(name, rows, line) for name, rows in heads if (line := _header_among(rows)) and len(rows[line - 1]) > 1]
    if not tables:
        raise TableError("no_sheet" if any(any(rows) for _name, rows in heads) else "empty")
    name, rows, line = max(tables, key=lambda table: min(known_names(table[1][table[2] - 1]), 1))
    header = _named(rows[line - 1])
    others = tuple(other for other, _rows in heads if other != name)
    return _looked_at(path, Layout(WORKBOOK, "", header, line, (), guess(header), sheet=name, other_sheets=others))


def _looked_at(path: Path, layout: Layout) -> Layout:
    """The layout with its first rows, and how its dates begin."""
    scanned = ROWS_SCANNED_IN_WORKBOOK if layout.sheet else ROWS_SCANNED
    rows = [record.cells for record in islice(_first_records(path, layout), scanned) if record.cells]
    return replace(layout, sample_rows=tuple(rows[:SAMPLE_ROWS]), day_first=_day_first(layout, rows))


def _first_records(path: Path, layout: Layout) -> Records | SheetRecords:
    if not layout.sheet:
        return records(path, layout)
    most, width = ROWS_SCANNED_IN_WORKBOOK, len(layout.header)
    return SheetRecords(path, sheet=layout.sheet, skipped=layout.header_line, width=width, at_most=most)


def _encoding(path: Path) -> str:
    """By the byte-order mark, or by reading the whole file: a first megabyte in ASCII proves nothing of the next."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        if len(start) == 4 and start.count(0) == 2:
            return "utf-16-le" if start[1] == 0 else "utf-16-be"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"  # a last character cut in two does not make it another encoding


def _delimiter(lines: Sequence[str]) -> str:
    """The delimiter that yields the most known column names, then the most cells in rows of one width."""
    if hint := re.fullmatch(r"sep=(.)\s*", lines[0].lstrip("\ufeff"), re.I):
        return hint[1]
    return max(DELIMITERS, key=lambda delimiter: _regularity(lines, delimiter))


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        rows = list(islice(csv.reader(lines, delimiter=delimiter), 100))
    except csv.Error:
        rows = [row for line in lines[:100] if (row := _split(line, delimiter))]
    width, count = Counter(len(row) for row in rows if row).most_common(1)[0] if any(rows) else (1, 0)
    return max((known_names(row) for row in rows[:HEADER_WITHIN]), default=0), count * (width - 1)


def _split(line: str, delimiter: str) -> list[str]:
    """One line on its own; a cell that opens a quote and does not close it there is simply the last."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _header_line(lines: Sequence[str], delimiter: str) -> int:
    rows = [_split(line, delimiter) for line in lines[:HEADER_WITHIN]]
    if line := _header_among(rows):
        return line
    raise TableError("binary" if _CONTROL.search("".join(lines[:HEADER_WITHIN])) else "no_header")


def _header_among(rows: Sequence[Sequence[str]]) -> int:
    """The line with the most known column names; else the first one without a blank, a number or a date in it that
    is as wide as the rows are; 0 when there is none."""
    known = [known_names(row) for row in rows]
    if max(known, default=0) >= 1:
        return known.index(max(known)) + 1
    width = Counter(len(row) for row in rows if row).most_common(1)
    for number, row in enumerate(rows, start=1):
        if row and len(row) == width[0][0] and all(re.match(r"\s*[^\W\d]", cell) for cell in row):
            return number
    return 0


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """The columns' names: each one different, none empty, trailing empty ones dropped."""
    names = [cell.strip().lstrip("\ufeff") for cell in cells]
    while names and not names[-1]:
        names.pop()
    seen: Counter[str] = Counter()
    for index, name in enumerate(names):
        seen[name] += 1
        names[index] = (name or f"#{index + 1}") + (f" ({seen[name]})" if name and seen[name] > 1 else "")
    return tuple(names)


def _day_first(layout: Layout, rows: Sequence[Sequence[str]]) -> bool:
    if "published_at" not in layout.guesses:
        return True
    column = layout.header.index(layout.guesses["published_at"])
    return is_day_first(row[column] for row in rows if len(row) > column)
