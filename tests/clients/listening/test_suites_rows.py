"""Upstream suites: their rows mapped, and what is of no shape counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clients.listening.collectors.brandwatch import rows as brandwatch_rows
from clients.listening.collectors.mentioncom import rows as mentioncom_rows
from clients.listening.collectors.talkwalker import rows as talkwalker_rows
from clients.listening.collectors.youscan import rows as youscan_rows
from clients.listening.origins import native_id, network_of
from clients.listening.raw import RawMention, check

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures"


def captured(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def by_id(mentions: tuple[RawMention, ...]) -> dict[str, RawMention]:
    assert not [problem for one in mentions for problem in check(one, now=NOW)]
    return {one.external_id: one for one in mentions}


def test_brandwatch_rows_keep_their_network_and_its_number() -> None:
    taken = brandwatch_rows.posted(captured("brandwatch/page.json"))
    found = by_id(taken.mentions)
    reply = found["1859000000000000001"]
    assert (reply.network, reply.kind, reply.author_handle, reply.followers, reply.reach) == (
        "x", "reply", "zoe_33", 1200, 350,
    )  # fmt: skip
    assert reply.reply_to == "1858999999999999999" and reply.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert (found["brandwatch:230465512807"].network, found["brandwatch:230465512807"].kind) == ("web", "article")
    assert (found["t1_l9xyz01"].network, found["t1_l9xyz01"].kind) == ("reddit", "reply")
    assert taken.left_out == {"no_text": 1} and "X" in taken.notes[0].fr


def test_mention_rows_are_plain_text_with_their_original_kept() -> None:
    found = by_id(mentioncom_rows.posted(captured("mention/page.json")).mentions)
    article, post = found["mention:527849934"], found["1859000000000000001"]
    assert article.text == "Gazette Aérolia laisse les bagages d'un vol entier à quai …" and "&#39;" in article.original
    assert (article.kind, article.network, article.reach) == ("article", "web", 48000)
    assert (post.author_handle, post.network, post.published_at) == (
        "zoe_33",
        "x",
        datetime(2026, 11, 20, 18, 15, tzinfo=UTC),
    )


def test_youscan_says_the_same_by_its_api_and_by_its_webhook() -> None:
    taken, posted = (
        youscan_rows.posted(captured("youscan/page.json")),
        youscan_rows.posted(captured("youscan/webhook.json")),
    )
    found = by_id(taken.mentions)
    assert by_id(posted.mentions).keys() <= found.keys() and posted.mentions[0].text == found["youscan:241032672"].text
    assert (found["UgxAbC123"].network, found["UgxAbC123"].kind, found["UgxAbC123"].language) == (
        "youtube",
        "reply",
        "fr",
    )
    assert (found["youscan:241032675"].kind, found["youscan:241032675"].language) == ("article", "en")
    assert taken.left_out == {"no_text": 1}


@pytest.mark.parametrize("rows", [brandwatch_rows, talkwalker_rows, mentioncom_rows, youscan_rows])
@pytest.mark.parametrize(
    "body", [[], {}, None, 3, "x", [None, 1, {"text": 3}], {"results": {"a": 1}}, {"mentions": "?"}]
)
def test_what_is_of_no_shape_is_counted_and_never_breaks(rows: Any, body: Any) -> None:
    taken = rows.posted(body)
    assert taken.mentions == () and all(note.fr and note.en for note in taken.notes)


@pytest.mark.parametrize(
    ("network", "url", "number"),
    [
        ("x", "https://x.com/zoe/status/18590?s=20", "18590"),
        ("x", "https://twitter.com/i/web/status/18590", "18590"),
        ("reddit", "https://old.reddit.com/r/a/comments/1AB/titre/", "t3_1ab"),
        ("reddit", "https://www.reddit.com/r/a/comments/1ab/titre/l9x/?context=3", "t1_l9x"),
        ("bluesky", "https://bsky.app/profile/did:plc:abc/post/3k2", "at://did:plc:abc/app.bsky.feed.post/3k2"),
        ("bluesky", "https://bsky.app/profile/zoe.bsky.social/post/3k2", ""),
        ("youtube", "https://www.youtube.com/watch?v=a&lc=Ugx", "Ugx"),
        ("youtube", "https://www.youtube.com/watch?v=a", ""),
        ("web", "https://gazette.example/status/18590", ""),
        ("x", "http://[bad", ""),
    ],
)
def test_the_number_at_the_network_is_read_from_the_address(network: str, url: str, number: str) -> None:
    assert native_id(network, url) == number


@pytest.mark.parametrize(
    ("names", "url", "network"),
    [
        (("X (formerly Twitter)",), "", "x"),
        (("SOCIALMEDIA", "SOCIALMEDIA_TWITTER"), "", "x"),
        (("News",), "https://www.facebook.com/a", "facebook"),
        (("Blog",), "https://blog.example", "web"),
        (("Inconnu",), "https://m.youtube.com/a", "youtube"),
        ((), "https://notx.com/a", "web"),
        (("",), "", ""),
    ],
)
def test_networks_have_one_name(names: tuple[str, ...], url: str, network: str) -> None:
    assert network_of(*names, url=url) == network
