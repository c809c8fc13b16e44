"""The log's chain of hashes: each line carries the hash of the line before, so that a changed line shows.

Whoever may rewrite the whole table may also rewrite every hash: the last hash, printed in a report or a message that
has left the house, is what pins the log down. Hand it to `verify` as `last`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Fault = Literal["number", "previous", "content", "corrects", "picture", "last"]

_WORDS: dict[str, dict[Fault, str]] = {
    "fr": {
        "number": "La ligne {number} ne suit pas la précédente\u00a0: une ligne manque ou est en double.",
        "previous": "La ligne {number} ne suit plus celle d’avant, qui a été changée ou retirée.",
        "content": "La ligne {number} a été changée après son inscription.",
        "corrects": "La ligne {number} corrige une ligne qui n’est pas avant elle.",
        "picture": "L’image de la ligne {number} a été changée ou manque.",
        "last": "La fin de la main courante a été changée ou retirée.",
    },
    "en": {
        "number": "Line {number} does not follow the one before: a line is missing or there twice.",
        "previous": "Line {number} no longer follows the one before, which was changed or removed.",
        "content": "Line {number} was changed after it was written.",
        "corrects": "Line {number} corrects a line that is not before it.",
        "picture": "The picture of line {number} was changed or is missing.",
        "last": "The end of the log was changed or removed.",
    },
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a log. `by` is the id of a person, None for the machine; `corrects` the number of an earlier line.

    `picture` is the SHA-256 of the picture that the line shows, None without one.
    """

    number: int
    kind: str
    text: str
    happened_at: datetime
    logged_at: datetime
    by: int | None
    corrects: int | None
    previous: str
    hash: str
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold; number 0 for the end of an empty log."""

    number: int
    fault: Fault

    def words(self, language: str) -> str:
        """Say it in "fr" or "en"."""
        return _WORDS[language][self.fault].format(number=self.number)


def entry_hash(
    *,
    previous: str,
    number: int,
    kind: str,
    text: str,
    happened_at: datetime,
    logged_at: datetime,
    by: int | None,
    corrects: int | None,
    picture: str | None = None,
) -> str:
    """Return the SHA-256, in 64 hexadecimal digits, of a line and of the hash before it ("" for the first).

    Canonical form: JSON, keys sorted, no spaces, UTF-8 unescaped, moments in UTC to the microsecond; the key "picture"
    only on a line that shows one. Raise ValueError on a moment without time zone: the hash would depend on the machine.
    """
    content = {
        "previous": previous,
        "number": number,
        "kind": kind,
        "text": text,
        "happened_at": _canonical(happened_at),
        "logged_at": _canonical(logged_at),
        "by": by,
        "corrects": corrects,
    }
    if picture is not None:  # the lines of before there were pictures keep the hash they have
        content["picture"] = picture
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


def verify(entries: Sequence[Entry], *, last: str | None = None) -> list[Break]:
    """Return every place where a log, in order of number, does not hold; empty when it is whole.

    last: the hash known from elsewhere that the last line must carry ("" for an empty log).
    """
    breaks = []
    previous = ""
    for position, entry in enumerate(entries, start=1):
        breaks += [Break(entry.number, fault) for fault in _faults(entry, position, previous)]
        previous = entry.hash
    if last is not None and last != previous:
        breaks.append(Break(entries[-1].number if entries else 0, "last"))
    return breaks


def _faults(entry: Entry, position: int, previous: str) -> list[Fault]:
    faults: list[Fault] = []
    if entry.number != position:
        faults.append("number")
    if entry.previous != previous:
        faults.append("previous")
    if entry.hash != _hash_of(entry):
        faults.append("content")
    if entry.corrects is not None and not 0 < entry.corrects < entry.number:
        faults.append("corrects")
    return faults


def _hash_of(entry: Entry) -> str:
    return entry_hash(
        previous=entry.previous,
        number=entry.number,
        kind=entry.kind,
        text=entry.text,
        happened_at=entry.happened_at,
        logged_at=entry.logged_at,
        by=entry.by,
        corrects=entry.corrects,
        picture=entry.picture,
    )


def _canonical(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a moment of the log needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
