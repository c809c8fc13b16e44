"""Walks through the records of a table file in constant memory, whatever its quotes do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 1_000_000  # characters; a longer one is taken in pieces rather than held whole


@dataclass(frozen=True)
class Record:
    """One record; `line` is where it begins, counted from 1. `damage` is "" or a code: "endless_cell" (a quote that
    is never closed runs on and on) or "cut" (the file ends within a quoted cell)."""

    line: int
    cells: tuple[str, ...]
    damage: str = ""


class Records:
    """The records of a file after its first `skipped` lines; iterate once."""

    def __init__(self, path: Path, *, encoding: str, delimiter: str, skipped: int) -> None:
        self._path, self._encoding, self._delimiter, self._skipped = path, encoding, delimiter, skipped
        self._size = max(path.stat().st_size, 1)
        self._file: BinaryIO | None = None
        self._position = 0
        self._at_end = False

    @property
    def fraction_read(self) -> float:
        """How much of the file has been read, 0 to 1, for a progress bar."""
        if self._file is not None and not self._file.closed:
            self._position = self._file.tell()
        return min(self._position / self._size, 1.0)

    def __iter__(self) -> Iterator[Record]:
        # errors="replace": sniffing has read the whole file; what fails now is an undefined byte, worth a mark only
        with (
            self._path.open("rb") as self._file,
            io.TextIOWrapper(self._file, self._encoding, errors="replace", newline="") as text,
        ):
            for _ in range(self._skipped):
                text.readline()
            yield from self._records(self._lines(text))
        self._position = self._size

    def _lines(self, text: io.TextIOWrapper) -> Iterator[str]:
        while line := text.readline(LONGEST_LINE):
            yield line.replace("\0", "")
        self._at_end = True

    def _records(self, lines: Iterator[str]) -> Iterator[Record]:
        reader = csv.reader(lines, delimiter=self._delimiter)
        while True:
            line = self._skipped + reader.line_num + 1
            try:
                cells = tuple(next(reader))
            except StopIteration:
                return
            except csv.Error:
                yield Record(line, (), "endless_cell")
                continue
            if any(cell.strip() for cell in cells):
                # The reader asks for more lines only inside an open quote: a record that met the end was cut there.
                yield Record(line, cells, "cut" if self._at_end else "")
