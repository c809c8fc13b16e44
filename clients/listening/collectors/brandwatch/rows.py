"""A mention as Brandwatch Consumer Research gives it."""

from __future__ import annotations

from typing import Any

from clients.listening.collectors.suites import (
    Row,
    Taken,
    figure,
    language,
    made,
    moment,
    rows_of,
    short,
    take,
    written,
)
from clients.listening.origins import KINDS, folded, native_id, network_of
from clients.listening.raw import Kind, RawMention


def read(row: Row) -> RawMention:
    """One of `results`. `guid` is the post's number at X; `resourceId` is Brandwatch's own. Raises LeftOut."""
    url = written(row, "url", "originalUrl")
    place = url or written(row, "domain")
    network = network_of(written(row, "contentSourceName"), written(row, "contentSource", "pageType"), url=place)
    guid = written(row, "guid")
    original, answered = written(row, "retweetOf"), written(row, "replyTo")
    return made(
        own_id="brandwatch:" + (written(row, "resourceId") or guid or url),
        native=guid if network == "x" and guid.isdigit() else "",
        text=written(row, "fullText", "snippet"),
        title=written(row, "title"),
        url=url,
        network=network,
        published_at=moment(row.get("date")),
        language=language(written(row, "language")),
        author_handle=short(row, "author").lstrip("@"),
        author_name=short(row, "fullname", "fullName"),
        followers=figure(row, "xFollowers", "twitterFollowers", "instagramFollowerCount", "blueskyFollowers"),
        reach=figure(row, "reachEstimate", "impressions"),
        reply_to=native_id(network, answered),
        refers_to=native_id(network, original),
        kind=_kind(row, original, answered),
    )


def _kind(row: Row, original: str, answered: str) -> Kind:
    if original:
        return "repost"
    if said := KINDS.get(folded(written(row, "threadEntryType"))):
        return said
    return "reply" if answered else KINDS.get(folded(written(row, "contentSource", "pageType")), "post")


def posted(body: Any) -> Taken:
    """What was posted to us in Brandwatch's shape: a page of results, a list, or one mention."""
    return take(rows_of(body, "results", "mentions", "mention"), read)
