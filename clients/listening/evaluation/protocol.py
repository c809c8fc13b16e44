"""What anyone can score: a task answers a file it has not seen, one line a row, and says what its answers are worth."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Row = Mapping[str, str]


class WrongFile(Exception):
    """A file of an evaluation cannot be used; the message names it and says what was expected."""


@dataclass(frozen=True)
class Options:
    """What a task may be asked besides its files. `per_month`: false alarms accepted in a month of one series.

    `window`: seconds between two shares of one object; `common`: objects that two accounts must have in common.
    `by_meaning`: read, where the extra is installed, what the words leave open a second time.
    """

    per_month: float | None = None
    window: float = 60.0
    common: int = 2
    by_meaning: bool = True


@dataclass(frozen=True)
class Figure:
    """One figure: its value and the bounds of its 95 % interval (None where there is none)."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        between = f" [{self.low:.3f}, {self.high:.3f}]" if self.low is not None and self.high is not None else ""
        return f"{self.name} {self.value:.3f}{between}"


class Task(Protocol):
    """A module of `evaluation` or of `incidents.detection.tasks` with these names."""

    COLUMNS: tuple[str, ...]

    @staticmethod
    def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
        """Return the lines of the answer, in the order of the test's rows; labels in the test file are not looked at.

        Raises WrongFile.
        """
        ...

    @staticmethod
    def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
        """Return what the answers are worth against the test file's labels. Raises WrongFile when it has none."""
        ...


def rows_of(path: Path, needed: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """Yield the rows of a UTF-8 CSV file with a header, missing cells as "". Raises WrongFile."""
    csv.field_size_limit(50_000_000)
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            # A null byte is no text: the csv module of Python 3.11 would keep it, PostgreSQL would not.
            reader = csv.DictReader(line.replace("\0", "") for line in file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise WrongFile(f"{path}: column {', '.join(missing)} is missing.")
            for row in reader:
                yield {name: value or "" for name, value in row.items() if isinstance(name, str)}
    except (OSError, csv.Error) as error:
        raise WrongFile(f"{path}: not a readable CSV file ({error}).") from error


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    """Write the answers as CSV and return them."""
    kept = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(kept)
    return kept
