"""A mention as Mention (mention.com) gives it."""

from __future__ import annotations

from typing import Any

from clients.listening.collectors.suites import (
    Row,
    Taken,
    figure,
    inner,
    language,
    made,
    moment,
    rows_of,
    short,
    take,
    written,
)
from clients.listening.origins import link, network_of
from clients.listening.raw import RawMention


def read(row: Row) -> RawMention:
    """One of `mentions`. `original_url` is where it was published. Raises LeftOut."""
    url = written(row, "original_url", "url")
    kind = written(row, "source_type")
    network = network_of(kind, url=url)
    author = inner(row, "author_influence")
    return made(
        own_id="mention:" + (written(row, "id") or written(row, "unique_id") or url),
        text=written(row, "description", "description_short"),
        title=written(row, "title"),
        url=url,
        network=network,
        published_at=moment(row.get("published_at")),
        language=language(written(row, "language_code")),
        author_handle=_handle(author, row),
        author_name=short(author, "name"),
        author_url=link(written(author, "url")),
        followers=figure(author, "followers", "followers_count"),
        reach=figure(row, "direct_reach", "cumulative_reach"),
        kind="article" if kind in ("news", "blogs") else "post",
    )


def _handle(author: Row, row: Row) -> str:
    """Mention names the author's page ("https://x.com/zoe_33"), its handle is the end of it; else what it calls it."""
    page = written(author, "url").rstrip("/").partition("?")[0]
    handle = page.rpartition("/")[2] if page.count("/") == 3 else ""
    return (handle or short(author, "name") or short(row, "source_name")).lstrip("@")


def posted(body: Any) -> Taken:
    """What was posted to us in Mention's shape: a list, one mention, or {"type": "mention", "mention": {…}}."""
    return take(rows_of(body, "mentions", "mention"), read)
