"""Finds out how a table file is written: encoding, delimiter, the line of its header, and what its columns hold."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from clients.listening.tables.cells import Records
from clients.listening.tables.columns import guess, known_names
from clients.listening.tables.dates import is_day_first
from clients.listening.words import Words

DELIMITERS = (",", ";", "\t", "|")
HEAD_CHARACTERS = 200_000
HEADER_WITHIN = 40  # lines; exports put up to some twenty lines of preamble before their header
SAMPLE_ROWS = 5
DATES_SCANNED = 20_000
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_CHUNK = 1_048_576
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

WORDS = {
    "empty": Words("le fichier est vide", "the file is empty"),
    "workbook": Words(
        "ce fichier est un classeur Excel : l’enregistrer au format CSV UTF-8",
        "this file is an Excel workbook: save it as CSV UTF-8"
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
    dates in figures begin; `sample_rows` are the first rows, for a preview."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_line: int
    sample_rows: tuple[tuple[str, ...], ...]
    guesses: dict[str, str]
    day_first: bool = True


def sniff(path: Path) -> Layout:
    """The layout of a CSV or TSV file. Raises TableError (empty, an Excel workbook, not text, no header), OSError."""
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
    guesses = guess(header)
    return Layout(
        encoding,
        delimiter,
        header,
        header_line,
        sample_rows=tuple(cells for cells in _rows(path, encoding, delimiter, header_line, SAMPLE_ROWS)),
        guesses=guesses,
        day_first=_day_first(path, encoding, delimiter, header_line, header, guesses),
    )


def _encoding(path: Path) -> str:
    """By the byte-order mark, or by reading the whole file: a first megabyte in ASCII proves nothing of the next."""
    with path.open("rb") as file:
        start = file.read(4)
        if start in _WORKBOOKS:
            raise TableError("workbook")
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
    """The line with the most known column names; else the first one without a blank, a number or a date in it that
    is as wide as the rows are."""
    rows = [_split(line, delimiter) for line in lines[:HEADER_WITHIN]]
    known = [known_names(row) for row in rows]
    if max(known) >= 1:
        return known.index(max(known)) + 1
    width = Counter(len(row) for row in rows if row).most_common(1)[0][0]
    for number, row in enumerate(rows, start=1):
        if len(row) == width and all(re.match(r"\s*[^\W\d]", cell) for cell in row):
            return number
    raise TableError("binary" if _CONTROL.search("".join(lines[:HEADER_WITHIN])) else "no_header")


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


def _rows(path: Path, encoding: str, delimiter: str, header_line: int, count: int) -> list[tuple[str, ...]]:
    records = Records(path, encoding=encoding, delimiter=delimiter, skipped=header_line)
    return [record.cells for record in islice(records, count)]


def _day_first(
    path: Path, encoding: str, delimiter: str, header_line: int, header: Sequence[str], guesses: dict[str, str]
) -> bool:
    if "published_at" not in guesses:
        return True
    column = header.index(guesses["published_at"])
    rows = _rows(path, encoding, delimiter, header_line, DATES_SCANNED)
    return is_day_first(row[column] for row in rows if len(row) > column)
