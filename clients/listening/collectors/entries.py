"""What RSS, Atom and JSON Feed have in common: an entry, and the mention that it becomes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from clients.listening.raw import LIMITS, TEXT_LIMIT, RawMention, content_id, fitting_id, in_utc, language_hint

EARLIEST_YEAR = 1990  # an earlier date in a feed is a clock at zero, not a date
_ADDRESS = re.compile(r"[^\s<>()]+@[^\s<>()]+")


@dataclass(frozen=True)
class Entry:
    """One entry of a feed, in plain text. `id` may be empty, `published_at` unknown."""

    id: str
    link: str
    title: str
    text: str
    published_at: datetime | None = None
    author_name: str = ""
    author_url: str = ""
    language: str = ""


def to_mentions(entries: Iterable[Entry], settings: Mapping[str, Any]) -> tuple[RawMention, ...]:
    """The mentions of a feed's entries, each once; entries with neither text nor title are left out.

    `settings` may name the `network` ("web" when absent), the `kind` ("article") and the `language`.
    """
    said = [entry for entry in dict.fromkeys(entries) if entry.text or entry.title]
    shared = _shared_ids(said)
    mentions = (_to_mention(entry, _external_id(entry, shared), settings) for entry in said)
    return tuple({mention.external_id: mention for mention in mentions}.values())


def author_name(written: str) -> str:
    """The name in an author field. Addresses are never kept: "zoe@a.example (Zoé)" gives Zoé, a bare one its user."""
    bare = _ADDRESS.sub("", written).strip(" \t<>()\"'")
    if not bare and (address := _ADDRESS.search(written)):
        bare = address.group().removeprefix("mailto:").partition("@")[0]
    return bare[: LIMITS["author_name"]]


def _shared_ids(entries: list[Entry]) -> frozenset[str]:
    """Ids that entries saying different things share: some sites give all of theirs one id. They name nothing."""
    counted = Counter(entry.id for entry in entries if entry.id)
    return frozenset(shared for shared, count in counted.items() if count > 1)


def _external_id(entry: Entry, shared: frozenset[str]) -> str:
    if entry.id and entry.id not in shared:
        return fitting_id(entry.id)
    if entry.link and not entry.id:
        return fitting_id(entry.link)
    published = entry.published_at.isoformat() if entry.published_at else ""
    return content_id(entry.link, entry.title, entry.text, entry.author_name, published)


def _to_mention(entry: Entry, external_id: str, settings: Mapping[str, Any]) -> RawMention:
    """An author without a name is the site itself, known by its host."""
    return RawMention(
        external_id=external_id,
        text=(entry.text or entry.title)[:TEXT_LIMIT],
        published_at=_believable(entry.published_at),
        url=entry.link,
        title=entry.title[: LIMITS["title"]],
        language=language_hint(str(settings.get("language") or entry.language)),
        network=settings.get("network") or "web",
        author_handle=(entry.author_name or urlsplit(entry.link).hostname or "")[: LIMITS["author_handle"]],
        author_name=entry.author_name,
        author_url=entry.author_url,
        kind=settings.get("kind") or "article",
    )


def _believable(published_at: datetime | None) -> datetime | None:
    if published_at is None or published_at.year < EARLIEST_YEAR:
        return None
    return in_utc(published_at)
