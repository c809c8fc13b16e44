"""Every oddity that feeds have been seen with, and some that only malice makes: no crash, no flood, no hunger."""

from __future__ import annotations

import gzip
import json
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count, pairwise
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import CollectError, Fetched
from clients.listening.raw import check
from tests.loopback import Site, serving

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
DOOR = Door(timeout_s=20, max_bytes=20_000_000, allow_private=True)
PROLOG = '<?xml version="1.0" encoding="utf-8"?>'
HEAD = PROLOG + '<rss version="2.0"><channel><title>t</title>'
TAIL = "</channel></rss>"
SECONDS, MEGABYTES = 5, 200  # the machine of the tests may be busy


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def item(inside: str) -> str:
    return f"<item>{inside}</item>"


def rss(*items: str) -> bytes:
    return (HEAD + "".join(items) + TAIL).encode()


def titled(title: str) -> bytes:
    return rss(item(f"<guid>1</guid><title>{title}</title>"))


def html(markup: str) -> bytes:
    return rss(item(f"<guid>1</guid><title>a</title><description><![CDATA[{markup}]]></description>"))


def typed(entities: str, title: str) -> bytes:
    """A document that declares entities of its own."""
    return f"<!DOCTYPE r [{entities}]>".encode() + titled(title)[len(PROLOG) :]


def atom(*entries: str, namespace: str = "http://www.w3.org/2005/Atom", version: str = "") -> bytes:
    said = f' version="{version}"' if version else ""
    return f'<feed{said} xmlns="{namespace}"><title>t</title>{"".join(entries)}</feed>'.encode()


def jsonfeed(*items: Any, version: Any = "https://jsonfeed.org/version/1.1", **fields: Any) -> bytes:
    return json.dumps({"version": version, "title": "t", "items": list(items), **fields}).encode()


ENTRY = "<item><guid>1</guid><title>Titre</title><description>Été à Nîmes</description></item>"
ACCENTS = f'<?xml version="1.0" encoding="{{}}"?><rss version="2.0"><channel>{ENTRY}</channel></rss>'
ATOM_ENTRY = "<entry><id>1</id><title>Titre</title><content>Bonjour</content></entry>"
JSON_HEAD = b'{"version":"https://jsonfeed.org/version/1","items":['
MARKS = "\u0301" * 9_999
WORDS = "Un colis perdu, encore. " * 50_000  # 1.2 MB

# name → (document, number of mentions; None for a refusal in words)
ODDITIES: dict[str, tuple[bytes, int | None]] = {
    "nothing": (b"", None),
    "only blanks": (b" \n\t ", None),
    "no id": (rss(item("<title>a</title><link>https://a.example/1</link>"), item("<title>b</title>")), 2),
    "no id, no link, no date": (rss(item("<description>a</description>"), item("<description>b</description>")), 2),
    "no words at all": (rss(item("<guid>1</guid>"), item("")), 0),
    "one id for all": (rss(*(item(f"<guid>x</guid><title>{n}</title>") for n in range(5))), 5),
    "one id, one text": (rss(*[item("<guid>x</guid><title>a</title>")] * 5), 1),
    "one link for all": (rss(*(item(f"<link>https://a.example/</link><title>{n}</title>") for n in range(5))), 5),
    "an id of 5,000 signs": (rss(item(f"<guid>{'x' * 5_000}</guid><title>a</title>")), 1),
    "an id of blanks": (rss(item("<guid>  \n </guid><title>a</title>")), 1),
    "RSS 0.90": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        b"<channel><title>t</title></channel><item><title>a</title><link>https://a.example/1</link></item></rdf:RDF>",
        1,
    ),
    "RSS 0.91 with its list of entities": (
        b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        b'<rss version="0.91"><channel><title>t</title><item><title>caf&eacute;</title></item></channel></rss>',
        1,
    ),
    "RSS 0.92": (b'<rss version="0.92"><channel><item><description>a</description></item></channel></rss>', 1),
    "RSS 1.0": (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<channel rdf:about="x"><title>t</title></channel>'
        b'<item rdf:about="https://a.example/1"><title>a</title></item></rdf:RDF>',
        1,
    ),
    "RSS without a channel": (b'<rss version="2.0"><item><title>a</title></item></rss>', 1),
    "Atom 0.3": (atom(ATOM_ENTRY, namespace="http://purl.org/atom/ns#", version="0.3"), 1),
    "Atom 1.0": (atom(ATOM_ENTRY), 1),
    "Atom in a wrong namespace": (atom(ATOM_ENTRY, namespace="http://www.w3.org/2005/Atomes"), 1),
    "Atom without a namespace": (atom(ATOM_ENTRY).replace(b' xmlns="http://www.w3.org/2005/Atom"', b""), 1),
    "a prefix that means nothing": (rss(item("<dc:creator>Zoé</dc:creator><title>a</title>")), 1),
    "XHTML in Atom": (
        atom('<entry><id>1</id><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a</p></div></content></entry>'),
        1,
    ),
    "JSON Feed 1.0": (jsonfeed({"id": "1", "content_text": "a"}, version="https://jsonfeed.org/version/1"), 1),
    "JSON Feed 1.1": (jsonfeed({"id": "1", "content_html": "<p>a</p>", "authors": [{"name": "Zoé"}]}), 1),
    "JSON Feed of wrong types": (
        jsonfeed(
            None, 7, "x", [], {"id": {"a": 1}, "title": ["x"], "content_text": 12}, {"id": True, "content_html": None},
            {"id": 1.5, "content_text": "b", "authors": "Zoé", "date_published": 12, "tags": 3, "url": ["x"]},
            author=[1],
        ),
        2,
    ),
    "JSON Feed with a number too large": (JSON_HEAD + b'{"id":' + b"9" * 9_999 + b',"content_text":"a"}]}', None),
    "JSON Feed in UTF-16": (jsonfeed({"id": "1", "content_text": "été"}).decode().encode("utf-16-le"), 1),
    "JSON Feed with lone surrogates": (JSON_HEAD + b'{"id":"\\ud800","content_text":"a\\udfff"}]}', None),
    "another JSON": (b'{"error": "nope"}', None),
    "JSON cut": (jsonfeed({"id": "1", "content_text": "a"})[:-5], None),
    "JSON nested without end": (b"[" * 1_000_000, None),
    "a web page": (b"<!DOCTYPE html><html><body><h1>Maintenance</h1></body></html>", None),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, None),
    "noise": (bytes((n * 7919) % 256 for n in range(100_000)), None),
    "a gzip file": (gzip.compress(rss(ENTRY)), None),
    "XML that is no feed": (b"<catalog><book><title>a</title></book></catalog>", None),
    "a path": (b"/etc/passwd", None),
    "an address": (b"http://127.0.0.1:1/feed", None),
    "windows-1252 called utf-8": (ACCENTS.format("utf-8").encode("cp1252"), 1),
    "utf-8 called latin-1": (ACCENTS.format("iso-8859-1").encode(), 1),
    "an encoding that does not exist": (ACCENTS.format("utf-42").encode(), 1),
    "an encoding that is no text": (ACCENTS.format("zlib_codec").encode(), 1),
    "UTF-16 without its mark": (ACCENTS.format("utf-16").encode("utf-16-le"), 1),
    "UTF-16 backwards without its mark": (ACCENTS.format("utf-16").encode("utf-16-be"), 1),
    "UTF-16 called utf-8": (ACCENTS.format("utf-8").encode("utf-16"), 1),
    "UTF-32": (ACCENTS.format("utf-32").encode("utf-32"), 1),
    "a mark of UTF-8 before latin-1": (b"\xef\xbb\xbf" + ACCENTS.format("iso-8859-1").encode("latin-1"), 1),
    "a mark of UTF-16 before UTF-8": (b"\xff\xfe" + ACCENTS.format("utf-8").encode(), None),
    "UTF-7": (ACCENTS.format("utf-7").encode("utf-7"), None),
    "two marks": (b"\xef\xbb\xbf\xef\xbb\xbf" + ACCENTS.format("utf-8").encode(), 1),
    "blank lines before the prolog": (b"\n\n  " + rss(ENTRY), 1),
    "NUL and control signs": (rss(item("<guid>1\x00</guid><title>a\x00b\x08c\x1bd\x7fe</title>")), 1),
    "control signs as entities": (titled("a&#0;b&#x1b;c&#xD800;d&#xFFFF;e&#1114112;"), 1),
    "an entity that never ends": (titled(f"a&#{'9' * 9_999};b"), 1),
    "entities of HTML": (titled("a&nbsp;b&eacute;c&hellip;d&nothing;e&"), 1),
    "cut in a tag": (rss(ENTRY, ENTRY.replace(">1<", ">2<"))[:-60], 1),
    "cut in an entity": ((HEAD + ENTRY + "<item><guid>2</guid><title>a&am").encode(), 1),
    "cut in a letter": ((HEAD + ENTRY + "<item><title>é").encode()[:-1], 1),
    "cut in CDATA": ((HEAD + ENTRY + "<item><title><![CDATA[a").encode(), 1),
    "cut in a comment": ((HEAD + ENTRY + "<!-- a").encode(), 1),
    "cut before anything": (HEAD[:30].encode(), None),
    "CDATA in CDATA": (html("a <![CDATA[b]]> c"), 1),
    "CDATA escaped": (rss(item("<guid>1</guid><description>&lt;![CDATA[a]]&gt;</description>")), 1),
    "relative links": (rss(item("<link>/a/../b?c#d</link><title>a</title>")), 1),
    "a javascript link": (rss(item("<link>javascript:alert(1)</link><title>a</title>")), 1),
    "a data link": (rss(item("<link>data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;</link><title>a</title>")), 1),
    "a link that is none": (rss(item("<link>http://[::1</link><title>a</title>")), 1),
    "a link of 9,999 signs": (rss(item(f"<link>https://a.example/{'x' * 9_999}</link><title>a</title>")), 1),
    "unclosed HTML unescaped": (rss(item("<guid>1</guid><description><p>a<br>b<img src=x>c</description>")), 1),
    "an entry of 1.2 MB": (rss(item(f"<guid>1</guid><description>{WORDS}</description>")), 1),
    "ten entries of 1 MB": (
        rss(*(item(f"<guid>{n}</guid><description>{WORDS[:1_000_000]}</description>") for n in range(10))), 10,
    ),
    "50,000 entries": (rss(*(item(f"<guid>{n}</guid><title>Titre {n}</title>") for n in range(50_000))), 5_000),
    "50,000 entries of Atom": (atom(*(f"<entry><id>{n}</id><title>{n}</title></entry>" for n in range(50_000))), 5_000),
    "50,000 entries of JSON": (jsonfeed(*({"id": n, "content_text": f"Texte {n}"} for n in range(50_000))), 5_000),
    "50,000 broken entries": ((HEAD + "".join(f"<item><title>a & {n}</item>" for n in range(50_000))).encode(), None),
    "12 MB in one word": (titled(f"{'x' * 12_000_000}"), 1),
    "100,000 nested divs": (html(f"{'<div>' * 100_000}a"), 1),
    "5,000 fonts never closed": (
        html("".join(f"<font color={n}><p>" for n in range(5_000)) + "a"), 1,
    ),
    "100,000 attributes": (html("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">a"), 1),
    "200,000 signs less-than": (html("<" * 200_000 + "a"), 1),
    "100,000 comments never closed": (html("<!--" * 100_000), 1),
    "100,000 quotes never closed": (html('<a b="' * 99_999), 1),
    "elements nested without end": ((HEAD + "<a>" * 200_000).encode(), None),
    "billion laughs": (
        typed('<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "&{a};&{a};">' for a, b in pairwise("abcdefghijk")), "&k;"),
        None,
    ),
    "quadratic blow-up": (typed(f'<!ENTITY a "{"A" * 50_000}">', "&a;" * 10_000), None),
    "an entity from a file": (typed('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"), None),
    "an entity from the network": (typed('<!ENTITY a SYSTEM "http://127.0.0.1:1/">', "&a;"), None),
    "a list of entities from the network": (typed('<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;', "a"), 1),
    "an entity in an entity in UTF-16": (
        typed('<!ENTITY a "ha"><!ENTITY b "&a;&a;">', "&b;").decode().encode("utf-16"), None,
    ),
    "a stylesheet and processing instructions": (
        b'<?xml-stylesheet href="http://a.example/x.xsl"?>' + rss("<?php die() ?>", ENTRY)[len(PROLOG) :], 1,
    ),
    "two documents": (rss(ENTRY) + rss(ENTRY), 1),
    "a feed in a feed": (titled("a</title>" + item("<guid>2</guid><title>b")), None),
    "attributes twice": (rss('<item a="1" a="2"><guid>1</guid><title>a</title></item>'), 1),
    "an author who is an address": (rss(item("<guid>1</guid><title>a</title><author>zoe@a.example (Zoé)</author>")), 1),
    "an author of 9,999 signs": (rss(item(f"<guid>1</guid><title>a</title><author>{'x' * 9_999}</author>")), 1),
    "a title of 9,999 signs": (titled(f"{'x' * 9_999}"), 1),
    "a language that is none": (rss("<language>le français de France</language>", ENTRY), 1),
    "right-to-left overrides": (titled("a\u202eb\u2066c\u200fd"), 1),
    "letters of many marks": (titled(f"a{MARKS}"), 1),
    "emoji and rare planes": (titled("👩🏽‍🚀\U000e0041\U0010fffd"), 1),
}  # fmt: skip


def read(url: str, cursor: dict[str, Any] | None = None) -> Fetched:
    return registry.fetch("feed", {"url": url}, cursor or {}, http=DOOR, now=NOW)


@pytest.mark.parametrize("name", ODDITIES)
def test_no_oddity_crashes_floods_or_starves_us(site: Site, name: str) -> None:
    body, expected = ODDITIES[name]
    url = site.lay(f"/{abs(hash(name))}", body)
    begun, memory = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        fetched = read(url)
    except CollectError as failure:
        assert failure.words_fr and failure.words_en
        assert expected is None, failure.words_en
    else:
        assert len(fetched.mentions) == expected or expected is None
        assert {problem.code for mention in fetched.mentions for problem in check(mention) if problem.refuses} == set()
        afresh = {**fetched.cursor, "sha256": ""}  # as if the document had changed elsewhere
        known = {mention.external_id for mention in fetched.mentions}
        assert {mention.external_id for mention in read(url, afresh).mentions} == known
        assert {mention.external_id for mention in read(url).mentions} == known
    assert time.perf_counter() - begun < 3 * SECONDS
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024 < MEGABYTES


DATES = {
    "Fri, 20 Nov 2026 18:00:00 GMT": 18,
    "Fri, 20 Nov 2026 19:00:00 +0100": 18,
    "20 Nov 26 13:00 EST": 18,
    "Fri, 20 Nov 2026 18:00:00": 18,
    "2026-11-20T18:00:00Z": 18,
    "2026-11-20T19:00:00.123+01:00": 18,
    "2026-11-20T18:00": 18,
    "2026-11-20 18:00:00": 18,
    "20261120T180000Z": 18,
    "2026-11-20": 0,
    "vendredi 20 novembre 2026 à 19h00": 18,
    "ven., 20 nov. 2026 19:00:00 +0100": 18,
    "Le 20 novembre 2026, 18:00 UTC": 18,
}


@pytest.mark.parametrize("written", DATES)
def test_a_date_is_read_however_it_is_written(site: Site, written: str) -> None:
    url = site.lay("/d", rss(item(f"<guid>1</guid><title>a</title><pubDate>{written}</pubDate>")))
    published = read(url).mentions[0].published_at
    assert published is not None
    assert published.replace(microsecond=0) == datetime(2026, 11, 20, DATES[written], tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "hier", "0000-00-00", "Thu, 01 Jan 1970 00:00:00 GMT", "32 novembre 2026", "-1", "31 février 2026 10h"],
)  # fmt: skip
def test_a_date_that_is_none_is_no_date(site: Site, written: str) -> None:
    url = site.lay("/d", rss(item(f"<guid>1</guid><title>a</title><pubDate>{written}</pubDate>")))
    assert read(url).mentions[0].published_at is None


@pytest.mark.parametrize(
    "written", ["Fri, 20 Nov 2099 18:00:00 GMT", "2026-13-45T99:99:99Z", "99999999999999999999", "9999-12-31T23:59:59Z"]
)
def test_a_date_in_the_future_is_kept_and_flagged(site: Site, written: str) -> None:
    url = site.lay("/d", rss(item(f"<guid>1</guid><title>a</title><pubDate>{written}</pubDate>")))
    (mention,) = read(url).mentions
    assert [problem.code for problem in check(mention, now=NOW)] == ["future_date"]


def test_ids_made_anew_at_each_reading_do_not_double_the_feed(site: Site) -> None:
    numbers = count()

    def anew(titles: list[str]) -> bytes:
        link = "<link>https://a.example/{0}</link><title>{0}</title>"
        return rss(*(item(f"<guid>{next(numbers)}</guid>" + link.format(title)) for title in titles))

    url = site.lay("/anew", anew(["b", "a"]))
    first = read(url)
    site.lay("/anew", anew(["c", "b", "a"]))
    second = read(url, first.cursor)
    site.lay("/anew", anew(["d", "c", "b"]))
    third = read(url, second.cursor)
    assert [[m.title for m in reading.mentions] for reading in (first, second, third)] == [["b", "a"], ["c"], ["d"]]


def test_two_people_may_say_the_same(site: Site) -> None:
    same: Callable[[int], str] = lambda number: item(f"<guid>{number}</guid><title>Nul !</title>")  # noqa: E731
    url = site.lay("/same", rss(same(1)))
    first = read(url)
    site.lay("/same", rss(same(2), same(1)))
    assert [m.external_id for m in read(url, first.cursor).mentions] == ["2", "1"]
