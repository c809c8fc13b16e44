"""What monitoring suites have in common: rows of theirs become mentions, and some cannot.

What a suite found elsewhere keeps the name of its network of origin and, where the row tells it, the number that the
post bears there: heard by the network's own collector too, it can be known as the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from clients.listening.collectors.plain import from_either
from clients.listening.origins import link, native_id
from clients.listening.raw import (
    COUNT_LIMIT,
    LIMITS,
    ORIGINAL_LIMIT,
    TEXT_LIMIT,
    RawMention,
    fitting_id,
    in_utc,
    language_hint,
    refused,
    storable,
)
from clients.listening.words import Words

NO_TEXT, UNREADABLE = "no_text", "unreadable"
_NOTES = {
    NO_TEXT: Words(
        "{count} messages sont venus sans leur texte et n’ont pas été repris\u00a0: X interdit aux outils de veille de "
        "le donner\u00a0; brancher X comme source pour les lire",
        "{count} posts came without their text and were left out: X forbids monitoring tools to give it; add X as a "
        "source to read them",
    ),
    UNREADABLE: Words(
        "{count} lignes n’ont pas la forme attendue et n’ont pas été reprises",
        "{count} rows are not of the expected shape and were left out",
    ),
}
_TWO_LETTERS = {
    "eng": "en", "fra": "fr", "fre": "fr", "deu": "de", "ger": "de", "spa": "es", "ita": "it", "por": "pt",
    "nld": "nl", "dut": "nl", "pol": "pl", "ukr": "uk", "rus": "ru", "ara": "ar", "tur": "tr", "jpn": "ja",
    "zho": "zh", "chi": "zh", "kor": "ko", "swe": "sv", "dan": "da", "nor": "no", "fin": "fi", "ron": "ro",
    "ces": "cs", "ell": "el", "heb": "he", "cat": "ca", "hun": "hu",
}  # fmt: skip


class LeftOut(Exception):
    """A row that does not become a mention; `reason` is NO_TEXT or UNREADABLE."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Taken:
    """What a batch of rows came to: the mentions, and how many rows were left out for which reason."""

    mentions: tuple[RawMention, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[Words, ...]:
        return tuple(_NOTES[reason].put(count=count) for reason, count in sorted(self.left_out.items()))


Row = Mapping[str, Any]
ReadRow = Callable[[Row], RawMention]


def take(rows: Iterable[Any], read: ReadRow) -> Taken:
    """Each row as a mention; a row that is none is counted, and never stands in the way of the others."""
    mentions: list[RawMention] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        try:
            if not isinstance(row, Mapping):
                raise LeftOut(UNREADABLE)
            mentions.append(read(row))
        except LeftOut as error:
            left_out[error.reason] += 1
    return Taken(tuple(mentions), dict(left_out))


def made(*, own_id: str, text: str, title: str = "", url: str = "", native: str = "", **fields: Any) -> RawMention:
    """A mention out of a row's fields, cleaned and cut to what can be kept.

    `own_id` is the suite's number ("brandwatch:123"), `native` that of the network when the row says it. A post
    without text is known by its title; with neither it is left out (nothing is made up for it). Raises LeftOut.
    """
    known = native or native_id(str(fields.get("network", "")), url)
    if not known and own_id.endswith(":"):
        raise LeftOut(UNREADABLE)  # without any number it would be another one at each reading
    plain, heading = from_either(text), from_either(title)
    if not (plain or heading):
        raise LeftOut(NO_TEXT)
    mention = RawMention(
        external_id=fitting_id(storable(known or own_id)),
        text=(plain or heading)[:TEXT_LIMIT],
        title=heading[: LIMITS["title"]],
        url=link(url),
        original=text if text != plain and len(text) <= ORIGINAL_LIMIT else "",
        **fields,
    )
    if refused(mention):
        raise LeftOut(UNREADABLE)
    return mention


def written(row: Row, *names: str) -> str:
    """The first of these fields that holds something, as text; numbers as they are written."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return storable(value).strip()
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def short(row: Row, *names: str) -> str:
    """A name or a handle: as `written`, on 255 characters at most."""
    return written(row, *names)[: LIMITS["author_name"]]


def inner(row: Row, name: str) -> Row:
    """The object in that field, an empty one when there is none."""
    value = row.get(name)
    return value if isinstance(value, Mapping) else {}


def figure(row: Row, *names: str) -> int | None:
    """The first of these fields that is a possible count."""
    for name in names:
        value = row.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= COUNT_LIMIT:
            return int(value)
    return None


def moment(value: Any) -> datetime | None:
    """A date in ISO 8601 (UTC when it says no zone) or in milliseconds since 1970; None when it is neither."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000, UTC)
        found = datetime.fromisoformat(value)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
    return in_utc(found if found.tzinfo else found.replace(tzinfo=UTC))


def language(code: str) -> str:
    """Two letters where there are two: suites write "eng", "fra"."""
    return _TWO_LETTERS.get(code.lower()) or language_hint(code)


def rows_of(body: Any, *names: str) -> list[Any]:
    """The rows of a body that was posted: a list, an object that holds one under `names`, or one row by itself."""
    if isinstance(body, list):
        return body
    for name in names:
        if isinstance(body, Mapping) and isinstance(body.get(name), list):
            return list(body[name])
        if isinstance(body, Mapping) and isinstance(body.get(name), Mapping):
            return [body[name]]
    return [body]
