"""Walks through the rows of an Excel workbook (XLSX) in bounded memory, whatever the file pretends to be."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from clients.listening.tables.cells import Record

ROWS_LIMIT = 1_048_576  # Excel's own
COLUMNS_LIMIT = 300
UNPACKED_LIMIT = 600_000_000  # bytes of XML in all
STRINGS_LIMIT = 120_000_000  # bytes: the texts that cells share are held in memory
STYLES_LIMIT = 20_000_000
ROW_LIMIT = 2_000_000  # bytes of one row: openpyxl holds a row at a time
AFTER_ROWS_LIMIT = 16_000_000  # bytes of links and merged cells, which follow the rows
MEMBERS_LIMIT = 5_000
LOST_DIGITS_FROM = 10**15  # a spreadsheet keeps fifteen digits of a number: longer ids are wrong from there
_CHUNK = 1_048_576
_ROW = re.compile(rb"<(?:[\w.-]{1,20}:)?row[\s/>]")
_ROWS_END = re.compile(rb"</(?:[\w.-]{1,20}:)?sheetData")
_LONGEST_TAG = 40  # bytes: what a block may cut in two is looked at again with the next
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)  # what openpyxl and zipfile raise on files that are cut, altered or made to hurt


class BadWorkbook(Exception):
    """A file that is no workbook, or one that we do not open. `code` is in the table of words of `layout`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """The workbook, read-only, with the values that its formulas had when it was saved. Raises BadWorkbook."""
    _check_archive(path)
    with path.open("rb") as file, catch_warnings():
        simplefilter("ignore")  # openpyxl warns of styles and extensions that we do not read
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise BadWorkbook("not_a_workbook") from error
        try:
            yield book
        finally:
            book.close()


def visible_sheets(book: Workbook) -> list[Any]:
    """The sheets that a person sees on opening the file, in their order; all of them when every one is hidden."""
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    return [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets


def first_rows(sheet: Any, count: int) -> list[list[str]]:
    """The first rows of a sheet as texts, without their empty ends. Raises BadWorkbook."""
    try:
        rows = sheet.iter_rows(max_row=count, max_col=COLUMNS_LIMIT, values_only=True)
        return [_without_end([written(value) for value in row]) for row in rows]
    except _BROKEN as error:
        raise BadWorkbook("not_a_workbook") from error


def count_rows(path: Path, sheet_name: str) -> int:
    """How many rows the sheet's XML has, headers included. Raises BadWorkbook when one is too long to be held."""
    with opened(path) as book:
        sheet: Any = book[sheet_name]
        member: str = sheet._worksheet_path
    with zipfile.ZipFile(path) as archive:
        return _rows_in(archive, member)


class SheetRecords:
    """The rows of a sheet after its first `skipped` ones, `width` cells each; iterate once.

    Cells to the right of the header are nobody's; missing ones are empty. `rows` is what `count_rows` found under the
    header; with `at_most` no row beyond so many is looked at, blank or not.
    """

    def __init__(
        self, path: Path, *, sheet: str, skipped: int, width: int, rows: int = 0, at_most: int = ROWS_LIMIT
    ) -> None:
        self._path, self._sheet, self._skipped, self._width = path, sheet, skipped, width
        self._rows, self._line = max(rows, 1), 0
        self._last = min(skipped + at_most, ROWS_LIMIT)

    @property
    def fraction_read(self) -> float:
        """How much of the sheet has been read, 0 to 1."""
        return min(self._line / self._rows, 1.0)

    def __iter__(self) -> Iterator[Record]:
        line = self._skipped
        try:
            with opened(self._path) as book:
                for row in self._values(book[self._sheet]):
                    line += 1
                    self._line = min(line - self._skipped, self._rows)
                    cells = tuple(written(value) for value in row) if any(value is not None for value in row) else ()
                    if any(cell.strip() for cell in cells):
                        yield Record(line, cells + ("",) * (self._width - len(cells)))
        except (BadWorkbook, *_BROKEN):
            yield Record(line + 1, (), "damaged")
        self._line = self._rows

    def _values(self, sheet: Any) -> Iterator[tuple[Any, ...]]:
        first = self._skipped + 1
        return sheet.iter_rows(min_row=first, max_row=self._last, max_col=self._width, values_only=True)  # type: ignore[no-any-return]


def written(value: Any) -> str:
    """A cell's value as a person would have typed it: dates in ISO, whole numbers without decimals."""
    if value is None or isinstance(value, str):
        return (value or "").replace("_x000D_", "")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, datetime):
        value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _number(value: float) -> str:
    if value != value or abs(value) == float("inf"):
        return ""
    if abs(value) >= LOST_DIGITS_FROM:
        return f"{value:.2E}"
    return str(int(value)) if value == int(value) else repr(value)


def _without_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _check_archive(path: Path) -> None:
    """Refuses a zip that would fill memory before openpyxl is let near it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
                raise BadWorkbook("not_a_workbook")
            if len(members) > MEMBERS_LIMIT or sum(member.file_size for member in members) > UNPACKED_LIMIT:
                raise BadWorkbook("workbook_too_large")
            for member in members:
                _check_member(archive, member)
    except _BROKEN as error:
        raise BadWorkbook("not_a_workbook") from error


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    name = member.filename.lower()
    if "sharedstrings" in name and member.file_size > STRINGS_LIMIT:
        raise BadWorkbook("workbook_too_large")
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        _rows_in(archive, member.filename)
    elif name.endswith((".xml", ".rels")) and "sharedstrings" not in name and member.file_size > STYLES_LIMIT:
        raise BadWorkbook("workbook_too_large")


def _rows_in(archive: zipfile.ZipFile, member: str) -> int:
    """Counts rows by their tags alone, some hundred megabytes a second, and measures the longest."""
    rows = since_last = 0
    tail, limit = b"", ROW_LIMIT
    with archive.open(member) as file:
        while chunk := file.read(_CHUNK):
            block = tail + chunk
            ends = [found.end() for found in _ROW.finditer(block)]
            rows += len(ends)
            since_last = len(block) - ends[-1] if ends else since_last + len(chunk)
            tail = block[ends[-1] if ends else 0 :][-_LONGEST_TAG:]
            limit = AFTER_ROWS_LIMIT if _ROWS_END.search(block) else limit
            if since_last > limit:
                raise BadWorkbook("row_too_long")
    return rows
