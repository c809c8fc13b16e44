"""Entries out of RSS and Atom, however badly written."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from time import struct_time
from typing import Any
from xml.parsers import expat

import feedparser
from feedparser.encodings import convert_to_utf8

from clients.listening.collectors.entries import Entry, author_name
from clients.listening.collectors.plain import from_either, from_html, link, tidy
from clients.listening.raw import is_web_address, storable

LONGEST_ENTITY = 64  # bytes; &nbsp; and its kind need less, a bomb needs more
DEEPEST = 200  # elements within one another; feeds have some ten
LOOSE_TAGS = 100_000  # the forgiving parser needs up to 70 µs a tag: a larger broken feed is better said to be broken
_ENTITY = re.compile(rb"<!ENTITY\s+(%?)\s*[^\s>]+\s+(\"[^\"]*\"|'[^']*'|[^\s>]*)", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ROOT_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.I)
_ENTRY_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.I)


class DangerousFeed(ValueError):
    """The document is made to exhaust its reader: swelling entities, endless nesting."""


class HopelessFeed(ValueError):
    """The document is too large to be read in spite of not being well-formed."""


@dataclass(frozen=True)
class Document:
    """A parsed document. `is_feed` is False for anything else than RSS or Atom; `cut`: its end is missing, and only
    the entries complete before the cut are here; `broken`: not well-formed, read by the forgiving parser."""

    entries: tuple[Entry, ...]
    is_feed: bool
    cut: bool = False
    broken: bool = False


def parse(body: bytes, *, url: str, content_type: str = "") -> Document:
    """Parse RSS or Atom. `url` is the base of relative links. Raises DangerousFeed, HopelessFeed."""
    text = _as_utf8(body, content_type)
    _refuse_bombs(text)
    if not _is_well_formed(text) and text.count(b"<") > LOOSE_TAGS:
        raise HopelessFeed
    parsed = feedparser.parse(
        io.BytesIO(text),  # never the bytes themselves: feedparser would try them as a file name
        # no base address: feedparser would put it before ids too, and a feed that moves would come in twice
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,  # all HTML becomes plain text here, by a browser's parser
        resolve_relative_uris=False,
    )
    is_feed = bool(parsed.version or parsed.entries)
    cut = is_feed and not _ROOT_END.search(text)
    complete = parsed.entries[: len(_ENTRY_END.findall(text))] if cut else parsed.entries
    language = str(parsed.feed.get("language") or "")
    atom = parsed.version.startswith("atom")
    entries = tuple(_entry(entry, url, language, atom=atom) for entry in complete)
    return Document(entries, is_feed, cut, bool(parsed.bozo))


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """The document in UTF-8. A byte-order mark decides, then what decodes as UTF-8 is UTF-8, whatever the server or
    the prolog claims; the rest is left to feedparser's guesses."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").encode()
    if _is_utf8(body):
        return body
    return bytes(convert_to_utf8({"content-type": content_type}, body, {"bozo": False}))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in body  # else UTF-16 without its mark


def _refuse_bombs(text: bytes) -> None:
    """expat caps the growth of entities, but the forgiving parser behind it does not: long, nested and outer ones are
    refused before either sees them. Old feeds name an outer list of entities (a % one): feedparser drops it unread."""
    for percent, value in _ENTITY.findall(text):
        quoted = value[:1] in (b'"', b"'")
        swelling = len(value) > LONGEST_ENTITY or re.search(rb"&(?!#)", value)
        if (quoted and (percent or swelling)) or not (quoted or percent):
            raise DangerousFeed(value[:80].decode("utf-8", "replace"))


def _is_well_formed(text: bytes) -> bool:
    """A first pass in C, far faster than feedparser. Raises DangerousFeed on endless nesting."""
    depth = 0

    def enter(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise DangerousFeed(f"more than {DEEPEST} elements within one another")

    def leave(name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return False
    return True


def _entry(entry: Any, url: str, language: str, *, atom: bool) -> Entry:
    name = storable(str(entry.get("id") or "")).strip()
    where = str(entry.get("link") or "")
    detail = entry.get("author_detail") or {}
    return Entry(
        id=name,
        # without a link, feedparser offers the id, which RSS calls a link unless told otherwise
        link="" if not where or (where == name and not is_web_address(where)) else link(where, url),
        title=_plain(entry.get("title_detail"), atom=atom).replace("\n", " "),
        text=_body(entry, atom=atom),
        published_at=_moment(entry.get("published_parsed") or dict.get(entry, "updated_parsed")),
        author_name=author_name(tidy(str(entry.get("author") or detail.get("name") or ""))),
        author_url=link(str(detail.get("href") or ""), url) if detail.get("href") else "",
        language=str((entry.get("title_detail") or {}).get("language") or language),
    )


def _body(entry: Any, *, atom: bool) -> str:
    """The longest of what the entry says: some feeds put the text in the content, some in the summary."""
    pieces = [*entry.get("content", ()), entry.get("summary_detail")]
    return max((_plain(piece, atom=atom) for piece in pieces), key=len)


def _plain(detail: Any, *, atom: bool) -> str:
    """Atom says whether a text is HTML; RSS does not, and its titles carry escaped HTML all the same."""
    value = str((detail or {}).get("value") or "")
    if (detail or {}).get("type") != "text/plain":
        return from_html(value)
    return tidy(value) if atom else from_either(value)


def _moment(parsed: struct_time | None) -> datetime | None:
    try:
        return datetime(*parsed[:6], tzinfo=UTC) if parsed else None
    except (ValueError, OverflowError):
        return None
