"""Reviews out of Apple's own JSON: Atom with each text in a "label" (itunes.apple.com/…/customerreviews/…/json)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from clients.listening.collectors.feed.entries import MOST_ENTRIES, Entry
from clients.listening.collectors.plain import link, rated, tidy
from clients.listening.raw import in_utc, storable


def parse(document: Any, *, url: str) -> tuple[Entry, ...] | None:
    """The reviews, their stars in the title; None when the document is something else.

    A single review is not in a list; the app itself, which comes first in some feeds, has no rating and is left out.
    """
    feed = document.get("feed") if isinstance(document, dict) else None
    if not isinstance(feed, dict) or "author" not in feed:
        return None
    entries = feed.get("entry") or []
    reviews = entries if isinstance(entries, list) else [entries]
    return tuple(_entry(one, url) for one in reviews[:MOST_ENTRIES] if _label(one, "im:rating"))


def _entry(review: dict[str, Any], url: str) -> Entry:
    author = review.get("author")
    updated = _moment(_label(review, "updated"))
    return Entry(
        id=storable(_label(review, "id")).strip(),
        link=_link(review, url),
        title=rated(_label(review, "im:rating"), tidy(_label(review, "title")).replace("\n", " ")),
        text=tidy(_label(review, "content")),
        published_at=updated,
        author_name=tidy(_label(author, "name"))[:255],
        author_url=link(_label(author, "uri"), url) if _label(author, "uri") else "",
    )


def _label(holder: Any, key: str) -> str:
    inner = holder.get(key) if isinstance(holder, dict) else None
    value = inner.get("label") if isinstance(inner, dict) else None
    return value if isinstance(value, str) else ""


def _link(review: dict[str, Any], url: str) -> str:
    inner = review.get("link")
    attributes = inner.get("attributes") if isinstance(inner, dict) else None
    target = attributes.get("href") if isinstance(attributes, dict) else None
    return link(target, url) if isinstance(target, str) else ""


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return in_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
