"""A mention as YouScan gives it: by its API, and by its webhook, whose fields have other names."""

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
from clients.listening.origins import KINDS, by_host, link, native_id, network_of
from clients.listening.raw import RawMention


def read(row: Row) -> RawMention:
    """One of `mentions`, or what the webhook posts. Posts of X come without text or author: LeftOut is raised."""
    url, place = written(row, "url"), written(row, "source", "sourceName")
    network = by_host(url) or by_host(place) or network_of(place, written(row, "sourceType", "resourceType"), url=url)
    author, kind = inner(row, "author"), KINDS.get(written(row, "postType").lower(), "post")
    post = written(row, "postId")
    # Elsewhere the number of the parent is one that no other row is known by.
    parent = written(row, "parentPostId") if network == "x" else ""
    return made(
        own_id="youscan:" + written(row, "id", "mentionId"),
        native=native_id(network, url) or (post if network == "x" else ""),
        text=written(row, "fullText", "text"),
        title=written(row, "title"),
        url=url,
        network=network,
        published_at=moment(row.get("published")),
        language=language(written(row, "language")),
        author_handle=short(author, "nickname", "name").lstrip("@"),
        author_name=short(author, "name"),
        author_url=link(written(author, "url")),
        followers=figure(author, "subscribers"),
        reach=figure(row, "potentialReach", "reach"),
        reply_to=parent if kind == "reply" else "",
        refers_to=parent if kind in ("repost", "quote") else "",
        kind="article" if kind == "post" and written(row, "sourceType", "resourceType") == "news" else kind,
    )


def posted(body: Any) -> Taken:
    """What YouScan's webhook posted: one mention; lists are taken too."""
    return take(rows_of(body, "mentions"), read)
