"""Bluesky's search and sign-in, against a server on loopback that pages as the real one does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import CollectError, Fetched, PassingFailure, PermanentFailure
from clients.listening.matching import Wanted
from clients.listening.raw import RawMention, check
from tests.bluesky import POSTS, AppView, app_view

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures" / "bluesky"
DID = "did:plc:" + "a" * 24


@pytest.fixture
def view() -> Iterator[AppView]:
    with app_view() as running:
        yield running


def read(view: AppView, cursor: dict[str, Any] | None = None, now: datetime = NOW, **settings: Any) -> Fetched:
    given = {
        "service": view.base,
        "appview": view.base,
        "handle": "agence.bsky.social",
        "password": view.password,
        "queries": ["aérolia"],
        "session": {},
        **settings,
    }
    door = Door(timeout_s=5, allow_private=True)
    return registry.fetch("bluesky", given, cursor or {}, http=door, now=now)


def post(number: int, at: datetime, text: str = "Aérolia en retard") -> dict[str, Any]:
    written = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "uri": f"at://{DID}/{POSTS}/3l{number:011d}",
        "cid": f"bafy{number}",
        "author": {"did": DID, "handle": "zoe.bsky.social"},
        "record": {"text": f"{text} {number}", "createdAt": written},
        "indexedAt": written,
    }


def told(view: AppView) -> dict[str, RawMention]:
    view.posts = json.loads((FIXTURES / "search.json").read_text())["posts"]
    view.profiles = json.loads((FIXTURES / "profiles.json").read_text())["profiles"]
    fetched = read(view)
    assert all(not check(mention, now=NOW) for mention in fetched.mentions)
    return {mention.author_handle: mention for mention in fetched.mentions}


def test_a_post_is_read_with_its_links_its_card_and_its_author(view: AppView) -> None:
    mention = told(view)["zoe.bsky.social"]
    assert mention.external_id == f"at://{DID}/app.bsky.feed.post/3l3qo2vutsw2b"
    assert mention.text == (
        "Trois heures d’attente chez Aérolia, et pas un mot. https://gazette.example/aerolia-vacances 😡\n"
        "Les vacances à quai\nLa compagnie promet un retour à la normale."
    )
    assert mention.original.endswith("gazette.example/aerolia-va... 😡")
    assert mention.url == f"https://bsky.app/profile/{DID}/post/3l3qo2vutsw2b"
    assert (mention.kind, mention.language, mention.network) == ("post", "fr", "bluesky")
    assert (mention.author_name, mention.followers) == ("Zoé Martin", 1234)
    assert mention.published_at == datetime(2026, 11, 20, 19, 46, 2, 102_000, tzinfo=UTC)


def test_replies_and_quotes_name_the_post_they_are_about(view: AppView) -> None:
    mentions, root = told(view), f"at://{DID}/app.bsky.feed.post/3l3qo2vutsw2b"
    assert (mentions["marc.example"].kind, mentions["marc.example"].reply_to) == ("reply", root)
    assert (mentions["lea.bsky.social"].kind, mentions["lea.bsky.social"].refers_to) == ("quote", root)


def test_a_picture_is_read_by_its_description(view: AppView) -> None:
    view.posts = json.loads((FIXTURES / "search.json").read_text())["posts"]
    view.posts[1]["record"]["embed"] = {
        "$type": "app.bsky.embed.images",
        "images": [{"alt": "Une file d’attente devant le comptoir", "image": {}}],
    }
    texts = {mention.author_handle: mention.text for mention in read(view).mentions}
    assert texts["lea.bsky.social"] == "Aérolia, encore.\nUne file d’attente devant le comptoir"


def test_a_lost_handle_gives_way_to_the_did_and_a_date_to_come_to_the_date_seen(view: AppView) -> None:
    mention = told(view)["did:plc:" + "d" * 24]
    assert mention.published_at == datetime(2026, 11, 20, 19, 49, tzinfo=UTC)
    assert mention.title == "graphic-media, spam"
    assert mention.text == "Aérolia vue du hublot\n#voyage"


def test_what_is_no_post_is_left_out(view: AppView) -> None:
    view.posts = [post(1, NOW - timedelta(minutes=1))]
    broken = [None, 3, {"uri": f"at://x/{POSTS}/y", "record": [], "author": {}}, {"uri": "at://x/app.bsky.feed.like/y"}]
    view.faults["app.bsky.feed.searchPosts"] = [(200, {"posts": [*broken, *view.posts]}, {})]
    assert len(read(view).mentions) == 1


def test_a_second_reading_brings_nothing_and_says_so(view: AppView) -> None:
    view.posts = [post(n, NOW - timedelta(minutes=n + 1)) for n in range(3)]
    first = read(view)
    second = read(view, first.cursor)
    assert (len(first.mentions), second.mentions, second.unchanged) == (3, (), True)


def test_a_burst_of_five_hundred_between_two_readings_is_all_there(view: AppView) -> None:
    view.posts = [post(0, NOW - timedelta(hours=1))]
    first = read(view)
    burst = NOW + timedelta(minutes=1)
    view.posts += [post(n, burst + timedelta(milliseconds=20 * n)) for n in range(1, 501)]
    second = read(view, first.cursor, now=burst + timedelta(minutes=1))
    assert len({mention.external_id for mention in second.mentions}) == 500
    assert not second.has_more


def test_a_walk_that_hits_its_cap_is_gone_on_with(view: AppView) -> None:
    view.posts = [post(n, NOW - timedelta(seconds=n)) for n in range(3_000)]
    first = read(view)
    assert (len(first.mentions), first.has_more) == (2_000, True)
    second = read(view, first.cursor)
    found = {mention.external_id for mention in (*first.mentions, *second.mentions)}
    assert (len(found), second.has_more) == (3_000, False)


def test_a_walk_cut_by_a_failure_keeps_what_came_and_goes_on_later(view: AppView) -> None:
    view.posts = [post(n, NOW - timedelta(seconds=n)) for n in range(250)]
    view.faults["app.bsky.feed.searchPosts"] = [(200, view.search({"q": ["aérolia"], "limit": ["100"]}), {})]
    view.faults["app.bsky.feed.searchPosts"].append((429, {"error": "RateLimitExceeded"}, {"Retry-After": "90"}))
    first = read(view)
    assert (len(first.mentions), first.has_more) == (100, False)
    assert first.quota is not None and first.quota.left == 0
    assert first.quota.resets_at == NOW + timedelta(seconds=90)
    second = read(view, first.cursor, session=first.session)
    assert len({mention.external_id for mention in (*first.mentions, *second.mentions)}) == 250


def test_a_page_repeated_for_ever_ends_the_walk(view: AppView) -> None:
    view.posts, view.is_repeating = [post(n, NOW - timedelta(seconds=n)) for n in range(150)], True
    assert len(read(view).mentions) == 100
    assert len(view.calls("app.bsky.feed.searchPosts")) == 2


def test_a_page_whose_posts_are_all_hidden_is_passed_over(view: AppView) -> None:
    view.posts = [post(n, NOW - timedelta(seconds=n)) for n in range(150)]
    view.faults["app.bsky.feed.searchPosts"] = [(200, {"posts": [], "cursor": "0"}, {})]
    assert len(read(view).mentions) == 150
    view.faults["app.bsky.feed.searchPosts"] = [(200, {"posts": [], "cursor": str(n)}, {}) for n in range(9)]
    assert read(view).mentions == ()


def test_a_post_indexed_late_is_found_within_the_overlap(view: AppView) -> None:
    view.posts = [post(1, NOW - timedelta(minutes=1))]
    first = read(view)
    view.posts.append(post(2, NOW - timedelta(minutes=4)))
    assert [m.text for m in read(view, first.cursor).mentions] == ["Aérolia en retard 2"]


def test_an_edit_and_a_deletion_are_seen_at_the_second_look(view: AppView) -> None:
    view.posts = [post(n, NOW - timedelta(hours=n)) for n in range(1, 4)]
    first = read(view)
    view.posts[1]["record"]["text"], view.posts[1]["cid"] = "Aérolia a répondu", "bafyother"
    gone = view.posts.pop(2)["uri"]
    second = read(view, first.cursor)
    assert [m.text for m in second.mentions] == ["Aérolia a répondu"]
    assert second.deleted == (gone,)
    assert read(view, second.cursor).unchanged


@pytest.mark.parametrize(("days", "count"), [(None, 2), ("", 2), (0, 0), (1, 1), (10**9, 3)])
def test_the_first_reading_goes_back_as_many_days_as_were_asked(view: AppView, days: object, count: int) -> None:
    view.posts = [post(n, NOW - timedelta(days=n, hours=-1)) for n in (1, 2, 30)]
    assert len(read(view, days_back=days).mentions) == count


def test_the_watches_are_searched_when_no_query_is_written(view: AppView) -> None:
    view.posts = [post(1, NOW - timedelta(minutes=1)), post(2, NOW - timedelta(minutes=1), "Tramontel")]
    wanted = (Wanted(1, include=("Tramontel",)), Wanted(2))
    assert len(read(view, queries=[], wanted=wanted).mentions) == 1
    with pytest.raises(PassingFailure) as failure:
        read(view, queries=[], wanted=(Wanted(2),))
    assert failure.value.code == "nothing_to_hear"


def test_a_session_is_kept_renewed_and_opened_anew_only_when_it_must(view: AppView) -> None:
    first = read(view)
    assert read(view, session=first.session).session is None
    view.expired.add("access-1")
    renewed = read(view, session=first.session).session
    assert renewed is not None and renewed["access"] == "access-2"
    view.expired |= {"access-2", "refresh-2"}
    assert (read(view, session=renewed).session or {})["access"] == "access-3"
    assert len(view.calls("com.atproto.server.createSession")) == 2


def test_the_session_of_another_account_is_not_used(view: AppView) -> None:
    session = read(view).session
    read(view, handle="autre.bsky.social", session=session)
    assert len(view.calls("com.atproto.server.createSession")) == 2


def test_a_wrong_password_is_said_and_appears_nowhere(view: AppView) -> None:
    with pytest.raises(PermanentFailure) as failure:
        read(view, password="faux-mot")
    assert "mot de passe d’application" in failure.value.words_fr
    assert "faux-mot" not in repr(failure.value.__dict__) + str(failure.value) + repr(failure.value.__cause__)


def test_too_many_sign_ins_wait_until_the_networks_own_reset(view: AppView) -> None:
    reset = {"ratelimit-remaining": "0", "ratelimit-reset": str(int(NOW.timestamp()) + 300)}
    view.faults["com.atproto.server.createSession"] = [(429, {"error": "RateLimitExceeded"}, reset)]
    with pytest.raises(PassingFailure) as failure:
        read(view)
    assert failure.value.retry_after == 300


def test_a_search_without_an_account_says_that_it_needs_one(view: AppView) -> None:
    with pytest.raises(PermanentFailure) as failure:
        read(view, handle="", password="")
    assert failure.value.code == "needs_account"


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (503, b"<html>down</html>", "http_503"),
        (200, b'{"posts": [', "not_json"),
        (200, b"<html>maintenance</html>", "not_json"),
        (200, b'{"feed": []}', "not_a_search"),
        (400, b'{"error": "BadQueryString"}', "bad_query"),
    ],
)
def test_a_bad_answer_is_a_passing_failure_in_words(view: AppView, status: int, body: bytes, code: str) -> None:
    view.faults["app.bsky.feed.searchPosts"] = [(status, body, {})]
    with pytest.raises(CollectError) as failure:
        read(view)
    assert (failure.value.code, isinstance(failure.value, PassingFailure)) == (code, True)
    assert failure.value.words_fr
