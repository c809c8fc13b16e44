"""What RSS, Atom and JSON Feed have in common: an entry, and the mention that it becomes."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from clients.listening.raw import (
    LIMITS,
    ORIGINAL_LIMIT,
    TEXT_LIMIT,
    Kind,
    RawMention,
    content_id,
    fitting_id,
    in_utc,
    language_hint,
)

EARLIEST_YEAR = 1990  # an earlier date in a feed is a clock at zero, not a date
MOST_ENTRIES = 5_000  # of one document; at a second a five thousand, the first ones are read
REMEMBERED, MARK = 500, 6  # entries, and bytes of each mark: 8 kB of the cursor
_ADDRESS = re.compile(r"[^\s<>()]+@[^\s<>()]+")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed, in plain text. `id` may be empty, `published_at` unknown; `original` is the HTML that `text`
    was made from, as it came, and `updated_at` when the feed says that it was last changed."""

    id: str
    link: str
    title: str
    text: str
    published_at: datetime | None = None
    author_name: str = ""
    author_url: str = ""
    language: str = ""
    original: str = ""
    updated_at: datetime | None = None
    reply_to: str = ""
    refers_to: str = ""
    author_bio: str = ""
    followers: int | None = None


def to_mentions(
    entries: Iterable[Entry], settings: Mapping[str, Any], known: str = ""
) -> tuple[tuple[RawMention, ...], str]:
    """The mentions of a feed's entries, each once, and what to remember of them for the next reading (`known`).

    Entries with neither text nor title are left out. So are those that the reading before brought under an id that is
    gone now: some sites make new ids at every reading. `settings` may name the `network` ("web" when absent), the
    `kind` ("article") and the `language`.
    """
    said = [entry for entry in dict.fromkeys(entries) if entry.text or entry.title]
    shared = _shared_ids(said)
    named = {_external_id(entry, shared): entry for entry in reversed(said)}  # of two with one id, the first
    marks = {external_id: (_mark(external_id), _words_mark(entry)) for external_id, entry in named.items()}
    ids_now, before = {id_mark for id_mark, _ in marks.values()}, _remembered(known)
    mentions = [
        _to_mention(entry, external_id, settings)
        for external_id, entry in reversed(named.items())
        if not _is_renamed(marks[external_id], before, ids_now)
    ]
    newest = [mark for pair in list(reversed(marks.values()))[:REMEMBERED] for mark in pair]
    return tuple(mentions), b64encode(b"".join(newest)).decode()


def _is_renamed(mark: tuple[bytes, bytes], before: Mapping[bytes, bytes], ids_now: Container[bytes]) -> bool:
    """Whether these very words were there under another id, which nothing bears any more."""
    id_before = before.get(mark[1])
    return id_before is not None and id_before not in ids_now and mark[0] not in before.values()


def _words_mark(entry: Entry) -> bytes:
    return _mark(entry.link, entry.title, entry.text, entry.author_name)


def _mark(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()[:MARK]


def _remembered(known: str) -> dict[bytes, bytes]:
    """What the reading before brought: the mark of the words → that of the id."""
    marks = b64decode(known)
    pieces = [marks[at : at + MARK] for at in range(0, len(marks), MARK)]
    return dict(zip(pieces[1::2], pieces[::2], strict=True))


def author_name(written: str) -> str:
    """The name in an author field. Addresses are never kept: "zoe@a.example (Zoé)" gives Zoé, a bare one its user."""
    bare = _ADDRESS.sub("", written).strip(" \t<>()\"'")
    if not bare and (address := _ADDRESS.search(written)):
        bare = address.group().removeprefix("mailto:").partition("@")[0]
    return bare[: LIMITS["author_name"]]


def _shared_ids(entries: list[Entry]) -> frozenset[str]:
    """Ids, or links where there is no id, that entries saying different things share: some sites give all of theirs the
    same. They name nothing."""
    counted = Counter(entry.id or entry.link for entry in entries if entry.id or entry.link)
    return frozenset(shared for shared, count in counted.items() if count > 1)


def _external_id(entry: Entry, shared: frozenset[str]) -> str:
    if entry.id and entry.id not in shared:
        return fitting_id(entry.id)
    if entry.link and not entry.id and entry.link not in shared:
        return fitting_id(entry.link)
    published = entry.published_at.isoformat() if entry.published_at else ""
    return content_id(entry.link, entry.title, entry.text, entry.author_name, published)


def _to_mention(entry: Entry, external_id: str, settings: Mapping[str, Any]) -> RawMention:
    """An author without a name is the site itself, known by its host; forums write "@handle Name"."""
    handle, name = _forum_handle(entry.author_name)
    return RawMention(
        external_id=external_id,
        text=(entry.text or entry.title)[:TEXT_LIMIT],
        published_at=_believable(entry.published_at),
        url=entry.link,
        title=entry.title[: LIMITS["title"]],
        language=language_hint(str(settings.get("language") or entry.language)),
        network=settings.get("network") or "web",
        author_handle=(handle or urlsplit(entry.link).hostname or "")[: LIMITS["author_handle"]],
        author_name=name,
        author_url=entry.author_url,
        author_bio=entry.author_bio[: LIMITS["author_bio"]],
        followers=entry.followers,
        reply_to=fitting_id(entry.reply_to),
        refers_to=fitting_id(entry.refers_to),
        kind=_kind(entry, settings.get("kind") or "article"),
        original=entry.original[:ORIGINAL_LIMIT] if entry.original != entry.text else "",
        edited_at=_edited(entry),
    )


def _kind(entry: Entry, usual: Kind) -> Kind:
    if entry.reply_to:
        return "reply"
    return "quote" if entry.refers_to else usual


def _forum_handle(written: str) -> tuple[str, str]:
    handle, _, name = written.removeprefix("@").partition(" ") if written.startswith("@") else (written, "", written)
    return handle, name.strip() or handle


def _edited(entry: Entry) -> datetime | None:
    """When the entry was changed after it was published: most feeds repeat the one date as the other."""
    updated, published = _believable(entry.updated_at), _believable(entry.published_at)
    return updated if updated and published and updated > published else None


def _believable(published_at: datetime | None) -> datetime | None:
    if published_at is None or published_at.year < EARLIEST_YEAR:
        return None
    return in_utc(published_at)
