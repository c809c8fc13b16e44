"""A document as Talkwalker gives it."""

from __future__ import annotations

from collections.abc import Mapping
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
from clients.listening.origins import native_id, network_of
from clients.listening.raw import Kind, RawMention


def read(row: Row) -> RawMention:
    """The `data` of a result. A post of X has neither address nor title; its number is in `external_id`.

    Raises LeftOut.
    """
    row = _document(row)
    url, types = written(row, "url"), _list(row, "source_type")
    network = network_of(*types, url=url)
    author, own = inner(row, "extra_author_attributes"), written(row, "external_id")
    parent = written(row, "parent_url")
    is_reply = "isComment" in _list(row, "tags_internal") and not (parent and parent == url)
    return made(
        own_id="talkwalker:" + (own or url),
        native=own if network == "x" and own.isdigit() else "",
        text=written(row, "content", "content_snippet"),
        title=written(row, "title", "title_snippet"),
        url=url,
        network=network,
        published_at=moment(row.get("published")),
        language=language(written(row, "lang")),
        author_handle=short(author, "short_name", "name").lstrip("@"),
        author_name=short(author, "name"),
        author_url=_web(written(author, "url")),
        followers=figure(inner(row, "source_extended_attributes"), f"{_HAD.get(network, network)}_followers"),
        reach=figure(row, "reach"),
        reply_to=native_id(network, parent) if is_reply else "",
        kind=_kind(types, _list(row, "tags_internal"), is_reply),
    )


_HAD = {"x": "twitter"}  # the names that their fields still bear


def _document(row: Row) -> Row:
    """A result is {"data": {"data": {…}}} in a stream, {"data": {…}} in a search."""
    for _level in range(2):
        nested = row.get("data")
        row = nested if isinstance(nested, Mapping) else row
    return row


def _list(row: Row, name: str) -> list[str]:
    value = row.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _kind(types: list[str], tags: list[str], is_reply: bool) -> Kind:
    if "isRetweet" in tags or "isShare" in tags:
        return "repost"
    if is_reply:
        return "reply"
    return "article" if any(one.startswith(("ONLINENEWS", "NEWS", "PRINT")) for one in types) else "post"


def _web(url: str) -> str:
    return url if url.startswith(("http://", "https://")) and " " not in url and len(url) <= 2_000 else ""


def posted(body: Any) -> Taken:
    """What was posted to us in Talkwalker's shape: results, documents, or one of them."""
    return take(rows_of(body, "results", "documents"), read)
