"""Rows in PostgreSQL's COPY text format, written in a few passes over the whole batch instead of one per cell."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

# While the batch is being written these control characters stand for "next cell", "next row" and "no value". No text
# that we accept holds one; `blob` counts them all the same, so that none can ever forge a cell.
CELL = "\x1f"
ROW = "\x1e"
NULL = "\x1d"


class UnwritableText(ValueError):
    """A cell holds a control character or half a character, which a mention must not: clean it first."""


def blob(rows: Sequence[str], cells: int, nulls: int = 0) -> bytes:
    """COPY text of the rows, each one its `cells` cells joined by CELL, with NULL for no value, `nulls` times in all.

    Raises UnwritableText when a cell holds a separator, NUL or a lone surrogate.
    """
    joined = ROW.join(rows)
    whole = joined.count(CELL) == len(rows) * (cells - 1) and joined.count(ROW) == len(rows) - 1
    if not whole or joined.count(NULL) != nulls or "\0" in joined:
        raise UnwritableText("a cell holds a control character")
    escaped = joined.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    try:
        return (escaped.replace(CELL, "\t").replace(ROW, "\n").replace(NULL, "\\N") + "\n").encode()
    except UnicodeEncodeError as error:
        raise UnwritableText("a cell holds half a character") from error


def copy_in(
    table: str, columns: Iterable[str], rows: Sequence[str], nulls: int = 0, cursor: CursorWrapper | None = None
) -> None:
    """COPY the rows (see `blob`) into the table; nothing for no row. Part of the caller's transaction."""
    if not rows:
        return
    names = list(columns)
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(
        table=sql.Identifier(table), columns=sql.SQL(", ").join(map(sql.Identifier, names))
    )
    data = blob(rows, len(names), nulls)
    with nullcontext(cursor) if cursor else connection.cursor() as ours, ours.copy(statement) as copy:
        copy.write(data)


def numbers_array(numbers: Iterable[int | None]) -> str:
    """The numbers as PostgreSQL writes an array: one value to bind, much cheaper than a list of thousands."""
    return f"{{{','.join('NULL' if number is None else str(number) for number in numbers)}}}"


def texts_array(texts: Iterable[str]) -> str:
    """The texts as PostgreSQL writes an array (see `numbers_array`)."""
    quoted = ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    return f"{{{','.join(quoted)}}}"
