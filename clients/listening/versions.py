"""What a mention said, one state after the other, in whatever order the states come in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from clients.listening.raw import RawMention


@dataclass(frozen=True)
class Version:
    """What a mention said and says no longer; `edited_at` is the source's date of these words, None of the first."""

    title: str
    text: str
    original: bytes | None
    edited_at: datetime | None
    seen_from: datetime
    seen_until: datetime

    @property
    def sha256(self) -> str:
        return words_sha256(self.title, self.text)


@dataclass(slots=True)
class Said:
    """A mention's present words, and what taking in other states of it changed.

    `edited_at` is the source's date when `is_edit_dated`, else the hour at which we saw the edit. `seen` holds the
    hashes of its earlier words.
    """

    title: str
    text: str
    original: bytes | None = None
    edited_at: datetime | None = None
    is_edit_dated: bool = False
    seen_from: datetime | None = None
    seen: set[str] = field(default_factory=set)
    older: list[Version] = field(default_factory=list)
    is_edited: bool = False  # other words than before
    is_redated: bool = False  # the same words, of a later date

    def take(self, raw: RawMention, now: datetime) -> None:
        """Takes in another state of the mention (normalised).

        With a date of edit the latest counts, and earlier words that we had not seen are kept as a version. Without
        one, words that we had before come from a stale copy and change nothing; others are an edit, seen `now`.
        """
        if (raw.title, raw.text) == (self.title, self.text):
            self._redate(raw)
        elif raw.edited_at is None and self.is_edit_dated:
            self._keep_as_older(raw, now)
        elif raw.edited_at is None:
            if words_sha256(raw.title, raw.text) not in self.seen:
                self._replace(raw, now, now)
        elif not self.is_edit_dated or self.edited_at is None or raw.edited_at > self.edited_at:
            self._replace(raw, raw.edited_at, now)
        elif raw.edited_at < self.edited_at:
            self._keep_as_older(raw, now)

    def _redate(self, raw: RawMention) -> None:
        if raw.edited_at and (not self.is_edit_dated or self.edited_at is None or raw.edited_at > self.edited_at):
            self.edited_at, self.is_edit_dated, self.is_redated = raw.edited_at, True, True

    def _keep_as_older(self, raw: RawMention, now: datetime) -> None:
        version = Version(raw.title, raw.text, original_of(raw), raw.edited_at, now, now)
        if version.sha256 not in self.seen:
            self.seen.add(version.sha256)
            self.older.append(version)

    def _replace(self, raw: RawMention, edited_at: datetime, now: datetime) -> None:
        dated = self.edited_at if self.is_edit_dated else None
        version = Version(self.title, self.text, self.original, dated, self.seen_from or now, now)
        if version.sha256 not in self.seen:
            self.seen.add(version.sha256)
            self.older.append(version)
        self.title, self.text, self.original = raw.title, raw.text, original_of(raw)
        self.edited_at, self.is_edit_dated, self.is_edited = edited_at, raw.edited_at is not None, True
        self.seen_from = now


def original_of(raw: RawMention) -> bytes | None:
    """What came, byte for byte, where the text was made from it; None where it is the text itself."""
    return raw.original.encode("utf-8", "surrogatepass") if raw.original and raw.original != raw.text else None


def words_sha256(title: str, text: str) -> str:
    """By which the words of a version are known again."""
    return hashlib.sha256(f"{title}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()
