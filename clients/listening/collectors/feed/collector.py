"""Reads RSS, Atom and JSON feeds over HTTP, asking only for what has changed."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from agency.http import DoorError, Response
from clients.listening.collectors.failures import from_door, from_status
from clients.listening.collectors.feed import jsonfeed, xmlfeed
from clients.listening.collectors.feed.entries import MOST_ENTRIES, Entry, to_mentions
from clients.listening.collectors.plain import link
from clients.listening.collectors.protocol import Fetched, OutgoingNetwork, PassingFailure, PermanentFailure, Setting
from clients.listening.words import Words

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
HEAD_OF_PAGE = 200_000  # bytes of a web page in which it may offer its feeds
OFFERS_NAMED = 3

_NO_URL = Words("la source n’a pas d’adresse", "the source has no address")
_EMPTY = Words("la source a répondu par une page vide", "the source answered with an empty page")
_NOT_A_FEED = Words(
    "cette adresse ne répond pas par un flux RSS, Atom ou JSON Feed",
    "this address does not answer with an RSS, Atom or JSON feed",
)
_WEB_PAGE = Words(
    "cette adresse répond par une page web, et non par un flux", "this address answers with a web page, not a feed"
)
_OFFERS = Words("{words} ; la page propose ce flux : {feeds}", "{words}; the page offers this feed: {feeds}")
_DANGEROUS = Words(
    "le flux est fait pour épuiser qui le lit (entités ou imbrications sans fin) : il n’est pas lu",
    "the feed is made to exhaust its reader (endless entities or nesting): it is not read",
)
_HOPELESS = Words(
    "le flux est du XML mal formé, et trop long pour être lu malgré tout",
    "the feed is malformed XML, and too long to be read all the same",
)
_CUT = Words(
    "le flux est coupé avant sa fin : {count} entrées complètes ont été lues",
    "the feed is cut before its end: {count} complete entries were read",
)
_TOO_LONG = Words(
    "le flux compte plus de {count} entrées : les premières ont été lues",
    "the feed has more than {count} entries: the first ones were read",
)
_BROKEN = Words(
    "le flux contient du XML mal formé ; il a été lu malgré tout",
    "the feed holds malformed XML; it was read all the same",
)

_LINK_TAG = re.compile(r"<link\b[^<>]{0,2000}>", re.I)
_ATTRIBUTE = re.compile(r"""\b(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")


class FeedCollector:
    """Settings: `url`; optional `network`, `kind`, `language`, and `user` with `password` for basic sign-in."""

    kind = "feed"
    name = Words("Flux RSS, Atom ou JSON", "RSS, Atom or JSON feed")
    unit_price = Decimal(0)
    settings = (
        Setting(
            "user",
            Words("Identifiant", "User name"),
            Words("seulement si le flux demande une connexion", "only if the feed asks to sign in"),
        ),
        Setting("password", Words("Mot de passe", "Password"), kind="secret"),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """The entries of the feed, all of them when it has changed; the ingest keeps the new ones.

        The cursor holds ETag, Last-Modified, a hash of the body and marks of its entries. It is forgotten when the URL
        changes, unless to the very address to which the feed said it has moved.
        """
        url = str(settings.get("url") or "").strip()
        if not url:
            raise PermanentFailure("no_url", _NO_URL)
        known = dict(cursor) if cursor.get("url") == url else {}
        response = _ask(http, url, settings, known)
        moved_to = (
            "" if response.permanent_url == url or _takes_along(settings, url, response) else response.permanent_url
        )
        if response.status == 304 and known:
            return Fetched((), {**known, "url": moved_to or url}, unchanged=True, moved_to=moved_to)
        if response.status != 200:
            raise from_status(response, now)
        fingerprint = hashlib.sha256(response.body).hexdigest()
        fresh = _cursor(moved_to or url, response, fingerprint)
        if known.get("sha256") == fingerprint:
            return Fetched((), {**known, **fresh}, unchanged=True, bytes=len(response.body), moved_to=moved_to)
        entries, notes, whole = _read(response)
        mentions, marks = to_mentions(entries, settings, str(known.get("known") or ""))
        kept = fresh if whole else {"url": moved_to or url}  # a cut feed is asked for whole again
        return Fetched(
            mentions,
            {**kept, "known": marks},
            bytes=len(response.body),
            moved_to=moved_to,
            notes=notes,
        )


def _ask(http: OutgoingNetwork, url: str, settings: Mapping[str, Any], known: Mapping[str, Any]) -> Response:
    headers = {"Accept": ACCEPT}
    if known.get("etag"):
        headers["If-None-Match"] = known["etag"]
    if known.get("last_modified"):
        headers["If-Modified-Since"] = known["last_modified"]
    auth = (str(settings["user"]), str(settings.get("password") or "")) if settings.get("user") else None
    try:
        return http.get(url, headers, auth=auth)
    except DoorError as error:
        raise from_door(error) from error


def _takes_along(settings: Mapping[str, Any], url: str, response: Response) -> bool:
    """Whether keeping the new address would send the password to another server at the next reading: the old one is
    asked again each time, and sends us on without it."""
    before, after = (urlsplit(address) for address in (url, response.permanent_url))
    return bool(settings.get("user")) and (before.scheme, before.netloc) != (after.scheme, after.netloc)


def _cursor(url: str, response: Response, fingerprint: str) -> dict[str, Any]:
    validators = {"etag": response.headers.get("etag"), "last_modified": response.headers.get("last-modified")}
    return {"url": url, "sha256": fingerprint, **{name: value for name, value in validators.items() if value}}


def _read(response: Response) -> tuple[tuple[Entry, ...], tuple[Words, ...], bool]:
    """The entries, what is to be said about them, and whether the document was whole."""
    if not response.body.strip():
        raise PassingFailure("empty", _EMPTY)
    if response.body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        try:
            return jsonfeed.parse(response.body, url=response.url), (), True
        except jsonfeed.NotAJSONFeed as error:
            raise PassingFailure("not_a_feed", _NOT_A_FEED) from error
    return _read_xml(response)


def _read_xml(response: Response) -> tuple[tuple[Entry, ...], tuple[Words, ...], bool]:
    content_type = response.headers.get("content-type", "")
    if _is_web_page(response.body):
        raise PassingFailure("web_page", _about_page(response))
    try:
        document = xmlfeed.parse(response.body, url=response.url, content_type=content_type)
    except xmlfeed.DangerousFeed as error:
        raise PermanentFailure("dangerous", _DANGEROUS) from error
    except xmlfeed.HopelessFeed as error:
        raise PassingFailure("hopeless", _HOPELESS) from error
    if not document.is_feed:
        raise PassingFailure("not_a_feed", _NOT_A_FEED)
    if document.cut:
        return document.entries, (_CUT.put(count=len(document.entries)),), False
    if document.too_long:
        return document.entries, (_TOO_LONG.put(count=MOST_ENTRIES),), True
    return document.entries, (_BROKEN,) if document.broken else (), True


def _is_web_page(body: bytes) -> bool:
    start = body[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (b"<html" in start and b"<rss" not in start)


def _about_page(response: Response) -> Words:
    """Says that this is a page, and names the feeds that it offers in its head, so that a person can choose one."""
    offered = _offered_feeds(response.body[:HEAD_OF_PAGE].decode("utf-8", "replace"), response.url)
    if not offered:
        return _WEB_PAGE
    feeds = ", ".join(offered[:OFFERS_NAMED])
    return Words(_OFFERS.fr.format(words=_WEB_PAGE.fr, feeds=feeds), _OFFERS.en.format(words=_WEB_PAGE.en, feeds=feeds))


def _offered_feeds(page: str, base: str) -> list[str]:
    found = []
    for tag in _LINK_TAG.findall(page):
        values = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag)}
        if "alternate" in values.get("rel", "").lower().split() and values.get("type", "").lower() in _FEED_TYPES:
            found.append(link(values.get("href", ""), base))
    return [offer for offer in dict.fromkeys(found) if offer]
