"""Hundreds of kinds of hostile HTML, through feeds and Mastodon, into the pages that people read: nothing runs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

import pytest
from django.template import Context, Template
from django_tenants.utils import schema_context
from playwright.sync_api import BrowserContext, Page

from agency.http import Door
from agency.models import Client
from clients.models import Mention, Source
from clients.services.listening import listen
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.clients.rooms import feed
from tests.conftest import NOW
from tests.hostile import kinds
from tests.loopback import Site, serving

pytestmark = pytest.mark.browser
KINDS = kinds()
DOOR = Door(timeout_s=20, allow_private=True)
LISTEN = """
    window.__violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.__violations.push(event.violatedDirective));
"""
# What a page may not hold where it shows what strangers wrote: elements that act or fetch, attributes that do more
# than say where a link leads, and links to anything but the web and mail.
FOUND = """() => {
    const held = ["table", "p", "br", "a", "strong", "b", "em", "i", "s", "blockquote", "ul", "ol", "li", "code", "pre",
        "h3", "h4", "h5"];
    const all = [...document.querySelectorAll(".is-html *")];
    return {
        ran: String(window.__ran), violations: window.__violations || [],
        elements: all.map((one) => one.localName).filter((name) => !held.includes(name)),
        attributes: all.flatMap((one) => one.getAttributeNames()).filter((name) => !["href", "rel"].includes(name)),
        links: all.map((one) => one.getAttribute("href")).filter((to) => to && !/^(https?|mailto):/i.test(to)),
    };
}"""
HARMLESS = {"ran": "undefined", "violations": [], "elements": [], "attributes": [], "links": []}


def rss(pieces: list[str]) -> str:
    def item(number: int, markup: str) -> str:
        inside = markup.replace("]]>", "]]]]><![CDATA[>")
        return (
            f"<item><guid>r{number}</guid><title>{number} {escape(markup)}</title><author>{escape(markup)}</author>"
            f"<link>{escape(markup)}</link><description><![CDATA[{inside}]]></description></item>"
        )

    items = "".join(item(number, markup) for number, markup in enumerate(pieces))
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'


def jsonfeed(pieces: list[str]) -> str:
    items = [
        {"id": f"j{number}", "title": f"{number} {markup}", "content_html": markup, "url": markup,
         "authors": [{"name": markup, "url": markup}]}
        for number, markup in enumerate(pieces)
    ]  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": items})


def statuses(pieces: list[str]) -> str:
    def status(number: int, markup: str) -> dict[str, Any]:
        account = {"id": "1", "acct": f"a{number}{markup}", "display_name": markup, "url": markup}
        return {"id": str(1_000 + number), "uri": f"https://a.example/{number}", "url": markup, "content": markup,
                "spoiler_text": markup, "account": account, "visibility": "public", "language": markup}  # fmt: skip

    return json.dumps([status(number, markup) for number, markup in enumerate(pieces)][::-1])


def in_xml(pieces: list[str]) -> list[str]:
    """Those that XML can carry: it has no room for most control characters."""
    return [one for one in pieces if all(sign >= " " or sign in "\t\n" for sign in one)]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def sources(site: Site, house: House) -> Iterator[list[Source]]:
    """Three sources of the linen shop that bring nothing but attacks; the test runs in its schema."""
    with schema_context("maison_aldane"):
        query = "/api/v1/timelines/tag/x?limit=40"
        site.lay("/api/v2/instance", "{}")
        site.lay(f"{query}&max_id=1000", "[]")
        site.lay(query, statuses(KINDS))
        listened = {"instance": site.base, "hashtags": ["x"]}
        yield [
            feed("RSS", url=site.lay("/rss", rss(in_xml(KINDS)))),
            feed("JSON", url=site.lay("/json", jsonfeed(KINDS))),
            feed("Mastodon", kind="mastodon", url=site.base, settings=listened),
        ]


def read(sources: list[Source]) -> list[int]:
    """How many mentions each source has after a reading."""
    assert [listen(source=source, http=DOOR, now=NOW).outcome for source in sources] == ["read"] * 3
    return [Mention.objects.filter(source=source).count() for source in sources]


def test_there_are_hundreds_of_kinds_and_a_page_that_trusts_them_is_lost(eyes: Eyes) -> None:
    assert len(set(KINDS)) >= 745
    page = eyes.browser.new_context().new_page()
    ran = 0
    for markup in KINDS[::12]:
        page.set_content(f"<main>{markup}</main>", wait_until="domcontentloaded")
        ran += page.evaluate("() => Array.isArray(window.__ran)")
    page.context.close()
    assert ran >= 10


def test_what_strangers_wrote_is_kept_as_it_came_and_once(sources: list[Source], site: Site) -> None:
    counts = [len(in_xml(KINDS)), len(KINDS), len(KINDS)]
    assert read(sources) == counts
    for source in sources:
        pieces = in_xml(KINDS) if source.name == "RSS" else KINDS
        kept = Mention.objects.filter(source=source).order_by("id")
        for mention in kept:
            number = int(mention.external_id.rpartition("/")[2].lstrip("rj"))
            came = bytes(mention.original).decode() if mention.original else mention.text
            assert came.strip() == pieces[number].strip()
    Source.objects.update(cursor={}, due_at=None)
    assert [listen(source=source, http=DOOR, now=NOW + timedelta(hours=1)).taken_in.new for source in sources] == [
        0,
        0,
        0,
    ]
    assert [Mention.objects.filter(source=source).count() for source in sources] == counts


def test_nothing_that_strangers_wrote_runs_in_the_pages(house: House, eyes: Eyes, sources: list[Source]) -> None:
    """Every tenth kind on its own page, each time another tenth; all of them, as that page shows them, in the next."""
    client = Client.objects.get(schema_name="maison_aldane")
    lead = house.person("lead", client)
    read(sources)
    signed_in = house.signed_in(lead, client)
    asked: list[str] = []
    with_policy = watched(eyes.browser.new_context(), signed_in, asked)
    # without the policy too: what is shown must be harmless by itself, the policy is the second wall
    without = watched(eyes.browser.new_context(bypass_csp=True), signed_in, asked)
    without.route("**/static/**", lambda route: route.abort())  # it is the words that are on trial
    tenth = random.randrange(10)
    for source, page, step in ((sources[1], without, 10), (sources[2], with_policy, 50)):
        for pk in Mention.objects.filter(source=source).order_by("id").values_list("id", flat=True)[tenth::step]:
            answer = page.goto(house.url(f"/agence/tri/mentions/{pk}/", client), wait_until="domcontentloaded")
            assert answer is not None
            assert (answer.status, page.evaluate(FOUND)) == (200, HARMLESS), Mention.objects.get(pk=pk).text
    for page, pages in ((with_policy, 1), (without, 8)):
        page.goto(house.url("/agence/tri/", client))
        for _ in range(pages):
            assert page.evaluate(FOUND) == HARMLESS
            page.goto(house.url(page.locator("a[rel=next]").get_attribute("href"), client))
    assert {url for url in asked if not url.startswith(house.url("/", client))} == set()


def test_every_kind_is_harmless_as_the_page_shows_it(eyes: Eyes, site: Site) -> None:
    """All of them in one document of a server without any policy: what the filter writes is closed in itself."""
    shown = Template(
        '{% load mentions %}{% for one in kinds %}<div class="is-html">{{ one|made_harmless }}</div>{% endfor %}'
    )
    url = site.lay("/all", f"<!DOCTYPE html>{shown.render(Context({'kinds': KINDS}))}", Content_Type="text/html")
    asked: list[str] = []
    page = watched(eyes.browser.new_context(), [], asked)
    page.goto(url)
    assert page.locator(".is-html").count() == len(KINDS)
    assert page.evaluate(FOUND) == HARMLESS
    assert {one.removeprefix(site.base) for one in asked} <= {"/all", "/favicon.ico"}


def watched(context: BrowserContext, cookies: Any, asked: list[str]) -> Page:
    """A page that notes every request, and in which a dialog is a failure."""
    context.add_init_script(LISTEN)
    context.add_cookies(cookies)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog: {dialog.message}"))
    return page
