"""What servers of the Mastodon API answer, each in its own way, laid on a small web server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.mastodon.posts import read as read_status
from clients.listening.collectors.protocol import CollectError, Fetched, PermanentFailure
from clients.listening.raw import RawMention, check
from tests.loopback import Site, serving

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "mastodon"
DOOR = Door(timeout_s=5, allow_private=True)
TAG = "/api/v1/timelines/tag/x?limit=40"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        running.lay("/api/v2/instance", '{"domain": "pouet.example", "version": "4.5.0"}')
        yield running


def read(site: Site, cursor: dict[str, Any] | None = None, minutes: int = 0, **settings: Any) -> Fetched:
    given = {"instance": site.base, "hashtags": ["x"], "mentions": False, **settings}
    return registry.fetch("mastodon", given, cursor or {}, http=DOOR, now=NOW + timedelta(minutes=minutes))


def statuses(*numbers: int, **fields: Any) -> str:
    """A page of posts, the newest first."""
    account = {"id": "1", "acct": "zoe"}
    made = [
        {"id": str(n), "uri": f"https://pouet.example/{n}", "content": f"<p>n{n}</p>", "account": account,
         "visibility": "public", "created_at": NOW.isoformat(), **fields}
        for n in sorted(numbers, reverse=True)
    ]  # fmt: skip
    return json.dumps(made)


def read_fixture(site: Site, name: str) -> tuple[RawMention, ...]:
    page = json.loads((FIXTURES / name).read_text())
    site.lay(TAG, json.dumps(page))
    site.lay(f"{TAG}&max_id={min(str(one['id']) for one in page)}", "[]")
    mentions = read(site).mentions
    assert [check(mention, now=NOW) for mention in mentions] == [[]] * len(mentions)
    return mentions


def test_a_post_is_read_as_its_readers_see_it(site: Site) -> None:
    mention = read_fixture(site, "timeline.json")[-1]
    assert mention.text == (
        "Toujours rien de @aldane. #colis\nhttps://gazette.example/tres/long/chemin\nRemboursée\nIgnorée\n"
        "[image] Un carton éventré\n[video]"
    )
    assert (mention.title, mention.language, mention.followers) == ("service client", "fr", 1_520)
    assert (mention.author_handle, mention.author_name) == ("zoe@pouet.example", "Zoé :blob:")
    assert mention.edited_at == datetime(2026, 11, 20, 18, 20, tzinfo=UTC)
    assert mention.original.startswith("<p>Toujours rien de <span")


def test_a_quote_names_what_it_quotes_in_whichever_way_it_is_given(site: Site) -> None:
    hidden, shallow, quote, quoted = read_fixture(site, "timeline.json")
    assert {hidden.kind, shallow.kind, quote.kind} == {"quote"}
    assert quote.refers_to == shallow.refers_to == quoted.external_id
    assert hidden.refers_to == ""
    assert (quote.author_handle, quote.followers) == ("paul@loin.example", None)


def test_gotosocial_numbers_with_letters_and_keeps_its_circles_to_itself(site: Site) -> None:
    answer, post = read_fixture(site, "gotosocial.json")
    assert (answer.text, post.text) == ("Annulé", "Départ retardé")
    assert (answer.kind, answer.reply_to) == ("reply", post.external_id)


def test_pixelfed_s_pictures_have_the_words_that_describe_them(site: Site) -> None:
    described, bare = read_fixture(site, "pixelfed.json")
    assert (described.text, bare.text) == ("[image] Des draps froissés", "[…]")
    assert described.author_handle == "lin@pouet.example"


def test_a_server_that_ignores_min_id_is_walked_back_instead(site: Site) -> None:
    site.lay(TAG, statuses(1, 2))
    site.lay(f"{TAG}&max_id=1", "[]")
    first = read(site)
    site.lay(f"{TAG}&min_id=2", statuses(7, 8, 9))  # the newest, whatever it was asked for
    site.lay(f"{TAG}&min_id=9", statuses(7, 8, 9))
    site.lay(TAG, statuses(7, 8, 9))
    site.lay(f"{TAG}&max_id=7", statuses(4, 5, 6))
    site.lay(f"{TAG}&max_id=4", statuses(1, 2, 3))
    assert {one.text for one in read(site, first.cursor, 1).mentions} == {f"n{n}" for n in range(1, 10)}


def test_a_post_that_arrives_late_with_an_older_number_is_heard_at_the_next_sweep(site: Site) -> None:
    site.lay(TAG, statuses(10))
    site.lay(f"{TAG}&max_id=10", "[]")
    cursor = read(site).cursor
    site.lay(f"{TAG}&min_id=10", statuses(30))
    site.lay(f"{TAG}&min_id=30", "[]")
    cursor = read(site, cursor, 1).cursor
    site.lay(f"{TAG}&min_id=10", statuses(20, 30))  # 20 was written elsewhere, and reached this server last
    assert read(site, cursor, 2).mentions == ()
    assert {one.text for one in read(site, cursor, 40).mentions} == {"n20", "n30"}


def test_without_a_batch_posts_are_looked_at_one_by_one(site: Site) -> None:
    site.lay(TAG, statuses(1, 2))
    site.lay(f"{TAG}&max_id=1", "[]")
    site.lay(f"{TAG}&min_id=2", "[]")
    first = read(site)
    site.lay("/api/v1/statuses/1", json.dumps(json.loads(statuses(1))[0]))
    again = read(site, first.cursor, 6)
    assert again.deleted == ("https://pouet.example/2",)
    assert {one.text for one in again.mentions} == {"n1"}
    calls = read(site, again.cursor, 12).calls
    assert calls == 2  # the timeline and one post: the batch is not asked for again


def test_an_error_page_deletes_nothing(site: Site) -> None:
    site.lay(TAG, statuses(1, 2))
    site.lay(f"{TAG}&max_id=1", "[]")
    site.lay(f"{TAG}&min_id=2", "[]")
    first = read(site)
    site.lay("/api/v1/statuses?id%5B%5D=2&id%5B%5D=1", "[]")
    for number in (1, 2):
        site.lay(f"/api/v1/statuses/{number}", "maintenance", status=503)
    assert read(site, first.cursor, 6).deleted == ()


def test_the_pages_of_an_instance_lead_to_the_instance(site: Site) -> None:
    site.lay(TAG, statuses(1))
    site.lay(f"{TAG}&max_id=1", "[]")
    assert len(read(site, instance=f"{site.base}/@zoe/1").mentions) == 1
    with pytest.raises(PermanentFailure):
        read(site, instance="")


def test_members_only_asks_for_a_token_in_words(site: Site) -> None:
    site.lay(TAG, '{"error": "This method requires an authenticated user"}', status=422)
    with pytest.raises(CollectError) as caught:
        read(site)
    assert caught.value.code == "token_needed"


ODD: list[Any] = [
    None, 7, "x", [], {}, {"id": 1}, {"id": "1", "uri": None, "account": {}}, {"id": "1", "uri": "u", "account": []},
    {"id": {"a": 1}, "uri": "u", "account": {}}, {"id": True, "uri": "u", "account": {}},
]  # fmt: skip
FIELDS = (
    "content", "created_at", "edited_at", "visibility", "language", "spoiler_text", "reblog", "quote", "poll", "url",
    "media_attachments", "in_reply_to_id",
)  # fmt: skip


def test_what_is_no_status_is_passed_over(site: Site) -> None:
    site.lay(TAG, json.dumps([*ODD, *json.loads(statuses(1))]))
    site.lay(f"{TAG}&max_id=1", "[]")
    assert [one.text for one in read(site).mentions] == ["n1"]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, 7, -1.5, True, "x" * 30_000, [], [7], {}, {"id": []}, "\ud800\x00"], ids=repr)
def test_a_field_of_a_wrong_type_breaks_nothing(field: str, value: Any) -> None:
    post = read_status({**json.loads(statuses(1))[0], field: value}, "pouet.example")
    assert post is not None
    assert post.mention.text


@pytest.mark.parametrize("answer", ["", "{", "null", '{"error": "x"}', '"x"', "<html></html>", "[" * 100_000])
def test_an_answer_that_is_no_page_is_a_failure_in_words(site: Site, answer: str) -> None:
    site.lay(TAG, answer)
    with pytest.raises(CollectError) as caught:
        read(site)
    assert caught.value.words_fr
