"""Entries out of JSON Feed (jsonfeed.org, versions 1 and 1.1), by our own reading: feedparser does not know it.

Its standard leaves names that begin with _ to extensions. Ours is `_rempart`: in an item `reply_to` and `refers_to`,
the ids of the item answered and of the item quoted; in an author `bio` and `followers`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from clients.listening.collectors import appstore
from clients.listening.collectors.feed.entries import MOST_ENTRIES, Entry, author_name
from clients.listening.collectors.plain import from_either, from_html, link, tidy
from clients.listening.raw import COUNT_LIMIT, storable


class NotAJSONFeed(ValueError):
    """The document is no JSON, or JSON of another kind."""


def parse(body: bytes, *, url: str) -> tuple[Entry, ...]:
    """The entries of a JSON Feed, or of Apple's reviews; an item that is not an object is left out. Raises
    NotAJSONFeed."""
    feed = _decoded(body)
    if (reviews := appstore.parse(feed, url=url)) is not None:
        return reviews
    version, items = (feed.get("version"), feed.get("items")) if isinstance(feed, dict) else ("", None)
    if not isinstance(items, list) or "jsonfeed.org/version/" not in str(version):
        raise NotAJSONFeed("no jsonfeed.org version or no list of items")
    return tuple(_entry(item, feed, url) for item in items[:MOST_ENTRIES] if isinstance(item, dict))


def _decoded(body: bytes) -> Any:
    """JSON is UTF-8 by its standard; some servers write UTF-16 all the same."""
    try:
        return msgspec.json.decode(body.decode(json.detect_encoding(body), "replace"))
    except (ValueError, RecursionError) as error:
        raise NotAJSONFeed(str(error)[:200]) from None


def _entry(item: dict[str, Any], feed: dict[str, Any], url: str) -> Entry:
    author = _author(item) or _author(feed)
    where = _written(item, "url") or _written(item, "external_url")
    markup = _written(item, "content_html")
    return Entry(
        id=storable(_written(item, "id")).strip(),
        link=link(where, url) if where else "",
        title=from_either(_written(item, "title")).replace("\n", " "),
        text=from_html(markup) if markup else tidy(_written(item, "content_text") or _written(item, "summary")),
        published_at=_moment(_written(item, "date_published") or _written(item, "date_modified")),
        updated_at=_moment(_written(item, "date_modified")),
        original=markup,
        author_name=author_name(tidy(_written(author, "name"))),
        author_url=link(_written(author, "url"), url) if author.get("url") else "",
        language=_written(item, "language") or _written(feed, "language"),
        reply_to=storable(_written(_ours(item), "reply_to")).strip(),
        refers_to=storable(_written(_ours(item), "refers_to")).strip(),
        author_bio=tidy(_written(_ours(author), "bio")),
        followers=_count(_ours(author).get("followers")),
    )


def _ours(holder: dict[str, Any]) -> dict[str, Any]:
    extension = holder.get("_rempart")
    return extension if isinstance(extension, dict) else {}


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= COUNT_LIMIT
    return value if is_count else None


def _author(holder: dict[str, Any]) -> dict[str, Any]:
    """Version 1.1 has a list of authors, version 1 a single one."""
    authors = holder.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else holder.get("author")
    return first if isinstance(first, dict) else {}


def _written(holder: dict[str, Any], key: str) -> str:
    """A text, or a number written as one: version 1 lets ids be numbers."""
    value = holder.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
