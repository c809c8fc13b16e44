"""Entries out of RSS and Atom, however badly written."""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time
from typing import Any
from xml.parsers import expat

import feedparser
from feedparser.encodings import convert_to_utf8

from clients.listening.collectors.feed.entries import MOST_ENTRIES, Entry, author_name
from clients.listening.collectors.feed.frenchdates import french_date
from clients.listening.collectors.plain import from_either, from_html, link, rated, tidy
from clients.listening.raw import in_utc, is_web_address, storable

LONGEST_ENTITY = 64  # bytes; &nbsp; and its kind need less, a bomb needs more
DEEPEST = 200  # elements within one another; feeds have some ten
LOOSE_TAGS = 100_000  # the forgiving parser needs up to 70 µs a tag: a larger broken feed is better said to be broken
_ENTITY = re.compile(rb"<!ENTITY\s+(%?)\s*[^\s>]+\s+(\"[^\"]*\"|'[^']*'|[^\s>]*)", re.I)
_NUMBERED = re.compile(rb"&#(?:([0-9]+)|x([0-9a-f]+));?", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ROOT_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\s*>", re.I)
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)(rss|feed|rdf)[\s>]", re.I)
_ENTRY_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.I)


class DangerousFeed(ValueError):
    """The document is made to exhaust its reader: swelling entities, endless nesting."""


class HopelessFeed(ValueError):
    """The document is too large to be read in spite of not being well-formed."""


@dataclass(frozen=True)
class Document:
    """A parsed document. `is_feed` is False for anything else than RSS or Atom; `cut`: its end is missing, and only
    the entries complete before the cut are here; `broken`: not well-formed, read by the forgiving parser; `too_long`:
    only the first entries are here."""

    entries: tuple[Entry, ...]
    is_feed: bool
    cut: bool = False
    broken: bool = False
    too_long: bool = False


def parse(body: bytes, *, url: str, content_type: str = "") -> Document:
    """Parse RSS or Atom. `url` is the base of relative links. Raises DangerousFeed, HopelessFeed."""
    text = _as_utf8(body, content_type)
    _refuse_bombs(text)
    is_sound, shortened = _first_pass(text)
    if not is_sound and text.count(b"<") > LOOSE_TAGS:
        raise HopelessFeed
    parsed = _parsed(shortened or (text if is_sound else _NUMBERED.sub(_possible, text)))
    is_feed = bool(parsed.version or parsed.entries)
    cut = is_feed and not _ROOT_END.search(text)
    complete = parsed.entries[: len(_ENTRY_END.findall(text))] if cut else parsed.entries
    language = str(parsed.feed.get("language") or "")
    atom = parsed.version.startswith("atom")
    entries = tuple(_entry(entry, url, language, atom=atom) for entry in complete[:MOST_ENTRIES])
    return Document(entries, is_feed, cut, bool(parsed.bozo), bool(shortened) or len(complete) > MOST_ENTRIES)


def _possible(reference: re.Match[bytes]) -> bytes:
    """A character named by a number that no character has breaks the forgiving parser: the usual stand-in instead."""
    decimal, hexadecimal = reference.groups()
    digits = (decimal or hexadecimal).lstrip(b"0")[:8] or b"0"
    number = int(digits, 10 if decimal else 16)
    is_one = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0x10FFFF
    return reference.group() if is_one and len(reference.group()) < 20 else b"&#65533;"


def _parsed(text: bytes) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(text),  # never the bytes themselves: feedparser would try them as a file name
            # no base address: feedparser would put it before ids too, and a feed that moves would come in twice
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # all HTML becomes plain text here
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
        raise HopelessFeed(str(error)[:200]) from error  # the forgiving parser forgives much, not everything


def _as_utf8(body: bytes, content_type: str) -> bytes:
    """The document in UTF-8. A byte-order mark decides, then what decodes as UTF-8 is UTF-8, whatever the server or
    the prolog claims; the rest is left to feedparser's guesses."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").encode()
    if _is_utf8(body):
        return body
    if unmarked := _unmarked(body[:64]):
        return body.decode(unmarked, "replace").encode()
    return bytes(convert_to_utf8({"content-type": content_type}, body, {"bozo": False}))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in body  # else UTF-16 without its mark


def _unmarked(beginning: bytes) -> str:
    """UTF-16 without its mark shows by every second byte being nought; "" for anything else."""
    quarter = len(beginning) // 4
    if beginning[1::2].count(0) > quarter:
        return "utf-16-le"
    return "utf-16-be" if beginning[::2].count(0) > quarter else ""


def _refuse_bombs(text: bytes) -> None:
    """expat caps the growth of entities, but the forgiving parser behind it does not: long, nested and outer ones are
    refused before either sees them. Old feeds name an outer list of entities (a % one): feedparser drops it unread."""
    for percent, value in _ENTITY.findall(text):
        quoted = value[:1] in (b'"', b"'")
        swelling = len(value) > LONGEST_ENTITY or re.search(rb"&(?!#)", value)
        if (quoted and (percent or swelling)) or not (quoted or percent):
            raise DangerousFeed(value[:80].decode("utf-8", "replace"))


def _first_pass(text: bytes) -> tuple[bool, bytes]:
    """Whether the document is well-formed, and the document ended after its first 5,000 entries when it has more: a
    pass in C, far faster than feedparser. Raises DangerousFeed on endless nesting."""
    open_now: list[str] = []
    entries, ending = 0, b""
    # with namespaces, as feedparser's own parser has: a prefix that means nothing is an error to it
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")

    def enter(name: str, attributes: dict[str, str]) -> None:
        open_now.append(name)
        if len(open_now) > DEEPEST:
            raise DangerousFeed(f"more than {DEEPEST} elements within one another")

    def leave(name: str) -> None:
        nonlocal entries, ending
        open_now.pop()
        if name.rpartition(" ")[2] in ("item", "entry"):
            entries += 1
            if entries == MOST_ENTRIES:
                ending = text[: text.index(b">", parser.CurrentByteIndex) + 1]

    parser.StartElementHandler, parser.EndElementHandler = enter, leave
    try:
        parser.Parse(text, True)
    except expat.ExpatError:
        return False, b""
    return True, ending + _closing(ending) if entries > MOST_ENTRIES else b""


def _closing(beginning: bytes) -> bytes:
    """The end tags of the elements that are open after a whole entry: the root, and RSS's channel."""
    root = _ROOT.search(beginning)
    if root is None:
        return b""
    channel = b"</channel>" if root.group(2).lower() == b"rss" else b""
    return channel + b"</" + root.group(1) + root.group(2) + b">"


def _entry(entry: Any, url: str, language: str, *, atom: bool) -> Entry:
    name = storable(str(entry.get("id") or "")).strip()
    where = str(entry.get("link") or "")
    if where == name and not is_web_address(where):
        where = _related(entry)  # without a link, feedparser offers the id, which RSS calls one unless told otherwise
    detail = entry.get("author_detail") or {}
    text, original = _body(entry, atom=atom)
    updated = _moment(dict.get(entry, "updated_parsed"), dict.get(entry, "updated"))
    return Entry(
        id=name,
        link=link(where, url) if where else "",
        title=_title(entry, atom=atom),
        text=text,
        published_at=_moment(entry.get("published_parsed"), entry.get("published")) or updated,
        updated_at=updated,
        author_name=author_name(tidy(str(entry.get("author") or detail.get("name") or ""))),
        author_url=link(str(detail.get("href") or ""), url) if detail.get("href") else "",
        language=str((entry.get("title_detail") or {}).get("language") or language),
        original=original,
    )


def _related(entry: Any) -> str:
    """Apple's reviews have no link of their own, but one to the app's page of reviews."""
    return next((str(one.get("href") or "") for one in entry.get("links", ()) if one.get("rel") == "related"), "")


def _title(entry: Any, *, atom: bool) -> str:
    """The title, with the stars of a review in Apple's App Store before it."""
    title = _plain(entry.get("title_detail"), atom=atom).replace("\n", " ")
    return rated(str(entry.get("im_rating") or ""), title)


def _body(entry: Any, *, atom: bool) -> tuple[str, str]:
    """The longest of what the entry says, and what came: some feeds put the text in the content, some in the
    summary."""
    pieces = [*entry.get("content", ()), entry.get("summary_detail")]
    said = [(_plain(piece, atom=atom), str((piece or {}).get("value") or "")) for piece in pieces]
    return max(said, key=lambda one: len(one[0]))


def _plain(detail: Any, *, atom: bool) -> str:
    """Atom says whether a text is HTML; RSS does not, and its titles carry escaped HTML all the same."""
    value = str((detail or {}).get("value") or "")
    if (detail or {}).get("type") != "text/plain":
        return from_html(value)
    return tidy(value) if atom else from_either(value)


def _moment(parsed: struct_time | None, written: str | None) -> datetime | None:
    """The moment of a date in UTC, which is also the zone of a date that names none, except in French words."""
    said = (written or "").strip()
    for read in (
        datetime.fromisoformat,
        lambda _: datetime(*parsed[:6], tzinfo=UTC) if parsed else None,
        french_date,
        parsedate_to_datetime,
    ):
        try:
            moment = read(said)
        except (ValueError, OverflowError, TypeError):
            continue
        if moment is not None:
            return in_utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return None
