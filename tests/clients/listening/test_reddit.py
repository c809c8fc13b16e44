"""Reddit: listings walked by date, tokens kept, edits and deletions seen later."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors.protocol import CollectError, Fetched, HeldBack, PassingFailure, PermanentFailure
from clients.listening.collectors.reddit.collector import RedditCollector
from clients.listening.collectors.reddit.things import is_gone, things, to_mention
from clients.listening.matching import Wanted
from clients.listening.raw import check
from tests.answering import Asked, Said, answering

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
DOOR = Door(timeout_s=5, allow_private=True)
LISTING = json.loads((Path(__file__).parents[2] / "fixtures" / "reddit" / "listing.json").read_text())
SECRET = "le-secret"


class Reddit:
    """Signing in, listings of at most a thousand things, newest first, `after`, and /api/info."""

    def __init__(self) -> None:
        self.things: list[dict[str, Any]] = []
        self.numbers = count()
        self.asked: list[Asked] = []
        self.token = "jeton-1"
        self.quota = 100.0
        self.fault: Callable[[Asked], Said | None] = lambda asked: None

    def publish(
        self, number: int, *, ago_s: float = 60, kind: str = "t3", text: str = "drap", every_s: float = 0.001
    ) -> list[str]:
        made = NOW.timestamp() - ago_s
        new = [thing(f"{kind}_{next(self.numbers):04d}", made + n * every_s, f"{text} {n}") for n in range(number)]
        self.things += new
        return [one["name"] for one in new]

    @property
    def listings(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "GET" and asked.path != "/api/info"]

    def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        assert asked.headers["user-agent"] == "linux:rempart:1 (by /u/agence)"
        if (said := self.fault(asked)) is not None:
            return said
        if asked.path == "/api/v1/access_token":
            return self.sign_in(asked)
        if asked.headers["authorization"] != f"Bearer {self.token}":
            return Said({"message": "Unauthorized", "error": 401}, 401)
        self.quota -= 1
        headers = {"x-ratelimit-remaining": f"{self.quota:.1f}", "x-ratelimit-reset": "120", "x-ratelimit-used": "1"}
        if asked.path == "/api/info":
            wanted = asked.params["id"].split(",")
            return Said(listing([one for one in self.things if one["name"] in wanted]), 200, headers)
        return Said(self.page(asked), 200, headers)

    def sign_in(self, asked: Asked) -> Said:
        if asked.headers["authorization"] != "Basic " + base64.b64encode(f"appli:{SECRET}".encode()).decode():
            return Said({"message": "Unauthorized", "error": 401}, 401)
        assert asked.form == {"grant_type": "client_credentials"}
        return Said({"access_token": self.token, "token_type": "bearer", "expires_in": 86_400, "scope": "*"})

    def page(self, asked: Asked) -> dict[str, Any]:
        kind = "t1" if asked.path.endswith("/comments") else "t3"
        found = sorted(
            (one for one in self.things if one["name"].startswith(kind)), key=lambda one: -one["created_utc"]
        )
        found = found[:1_000]
        names = [one["name"] for one in found]
        start = names.index(asked.params["after"]) + 1 if asked.params.get("after") else 0
        size = int(asked.params["limit"])
        return listing(found[start : start + size], more=start + size < len(found))


def thing(name: str, made: float, text: str) -> dict[str, Any]:
    written = {"body": text, "link_title": "", "parent_id": "t3_0000"} if name.startswith("t1") else {"title": text}
    return {
        "name": name,
        "author": "zoe",
        "created_utc": made,
        "edited": False,
        "permalink": f"/r/a/{name}/",
        **written,
    }


def listing(found: list[dict[str, Any]], more: bool = False) -> dict[str, Any]:
    children = [{"kind": one["name"][:2], "data": one} for one in found]
    return {"kind": "Listing", "data": {"after": found[-1]["name"] if more else None, "children": children}}


@pytest.fixture
def reddit() -> Reddit:
    return Reddit()


@pytest.fixture
def base(reddit: Reddit) -> Iterator[str]:
    with answering(reddit) as url:
        yield url


def read(base: str, cursor: dict[str, Any] | None = None, now: datetime = NOW, **settings: Any) -> Fetched:
    given = {
        "base": base,
        "sign_in": base,
        "client_id": "appli",
        "client_secret": SECRET,
        "account": "u/agence",
        "query": "aldane",
        **settings,
    }
    return RedditCollector().fetch(given, cursor or {}, http=DOOR, now=now)


def names(*readings: Fetched) -> set[str]:
    return {mention.external_id for fetched in readings for mention in fetched.mentions}


def test_things_become_mentions() -> None:
    comment, post, crosspost = [to_mention(one) for one in things(LISTING) if not is_gone(one)]
    assert comment and post and crosspost
    assert (comment.kind, comment.reply_to, comment.title) == ("reply", "t3_1p1001", "Mon drap Aldane a déteint")
    assert comment.text.startswith("Pareil chez moi")
    assert comment.url == "https://www.reddit.com/r/france/comments/1p1001/mon_drap/nq1c01/"
    assert comment.edited_at == datetime.fromtimestamp(1795203120, UTC)
    assert (post.text, post.author_handle, post.edited_at) == ("Sur **tout** le linge.", "zoe_linge", None)
    assert crosspost.text == "Vu dans la presse\nhttps://gazette.example/aldane"
    assert (crosspost.kind, crosspost.refers_to, crosspost.author_handle) == ("repost", "t3_1p0fff", "")
    assert [check(one) for one in (comment, post, crosspost)] == [[], [], []]


def test_what_was_taken_away_is_gone() -> None:
    assert [one["name"] for one in things(LISTING) if is_gone(one)] == ["t1_nq1c00", "t3_1p0ffe"]


def test_a_search_is_read_down_to_what_is_known(reddit: Reddit, base: str) -> None:
    old = reddit.publish(250, ago_s=7_200, every_s=20)
    first = read(base)
    assert names(first) == set(old)
    calls = len(reddit.listings)
    assert calls == 3
    new = reddit.publish(3)
    assert names(read(base, first.cursor)) == set(new)
    assert len(reddit.listings) == calls + 1


def test_one_token_serves_many_readings(reddit: Reddit, base: str) -> None:
    first = read(base)
    assert first.session is not None
    again = read(base, first.cursor, session=first.session)
    assert again.session is None
    assert sum(asked.path.endswith("access_token") for asked in reddit.asked) == 1
    read(base, first.cursor, now=NOW + timedelta(days=2), session=first.session)
    assert sum(asked.path.endswith("access_token") for asked in reddit.asked) == 2


def test_a_token_ended_before_its_time_is_renewed_once(reddit: Reddit, base: str) -> None:
    (made,) = reddit.publish(1)
    session = read(base).session
    reddit.token = "jeton-2"
    fetched = read(base, session=session)
    assert names(fetched) == {made}
    assert fetched.session and fetched.session["token"] == "jeton-2"


def test_the_session_of_another_application_is_not_used(reddit: Reddit, base: str) -> None:
    read(base, session={"of": "another", "token": "x", "until": 9e12})
    assert reddit.asked[0].path.endswith("access_token")


def test_a_deleted_thing_at_the_top_hides_nothing(reddit: Reddit, base: str) -> None:
    reddit.publish(5, ago_s=600)
    first = read(base)
    del reddit.things[-1]
    new = reddit.publish(2)
    assert set(new) <= names(read(base, first.cursor))


def test_edits_and_deletions_are_seen_for_three_days(reddit: Reddit, base: str) -> None:
    made = reddit.publish(4, ago_s=20 * 3_600)
    first = read(base)
    reddit.things[0]["selftext"], reddit.things[0]["edited"] = "rectifié", NOW.timestamp()
    reddit.things[1].update(selftext="[deleted]", author="[deleted]")
    reddit.things[2]["removed_by_category"] = "moderator"
    second = read(base, first.cursor, now=NOW + timedelta(hours=1))
    assert [(mention.external_id, mention.text) for mention in second.mentions] == [(made[0], "rectifié")]
    assert second.deleted == (made[1], made[2])
    assert read(base, second.cursor, now=NOW + timedelta(days=4)).calls == 2


def test_comments_are_read_and_sorted_here(reddit: Reddit, base: str) -> None:
    wanted = (Wanted(1, include=("aldane",)),)
    about = reddit.publish(1, kind="t1", text="Aldane encore")
    other = reddit.publish(1, kind="t1", text="les élections")
    settings = {"query": "", "communities": ["r/france", "https://www.reddit.com/r/linge/"], "wanted": wanted}
    assert names(read(base, **settings)) == set(about)
    paths = {asked.path: asked.params for asked in reddit.listings}
    assert paths["/r/france+linge/search"]["restrict_sr"] == "1"
    assert "/r/france+linge/comments" in paths
    assert names(read(base, **settings, everything=True)) == {*about, *other}


def test_without_words_a_community_is_read_whole(reddit: Reddit, base: str) -> None:
    made = reddit.publish(2)
    assert names(read(base, query="", communities="r/aldane", comments=False)) == set(made)
    assert {asked.path for asked in reddit.listings} == {"/r/aldane/new"}
    with pytest.raises(HeldBack):
        read(base, query="")


def test_a_walk_that_breaks_begins_again_at_the_top(reddit: Reddit, base: str) -> None:
    burst = reddit.publish(450)
    answers = iter([None, None, None, Said(b"<html>", 500)])
    reddit.fault = lambda asked: next(answers, None)
    first = read(base)
    assert len(first.mentions) == 200
    assert first.notes
    assert names(first, read(base, first.cursor)) == set(burst)


def test_more_than_a_listing_holds_is_said(reddit: Reddit, base: str) -> None:
    reddit.publish(1_200)
    fetched = read(base)
    assert len(fetched.mentions) == 1_000
    assert "thousand" in fetched.notes[0].en
    assert read(base, fetched.cursor, now=NOW + timedelta(hours=1)).notes == ()


def test_a_page_that_repeats_itself_for_ever_ends_the_walk(reddit: Reddit, base: str) -> None:
    reddit.publish(3)
    same = listing(reddit.things, more=True)
    reddit.fault = lambda asked: Said(same) if asked.path == "/search" else None
    assert len(read(base).mentions) == 3
    assert len(reddit.listings) == 2


def test_no_call_is_made_when_none_is_left(reddit: Reddit, base: str) -> None:
    burst = reddit.publish(450)
    reddit.quota = 2.9
    first = read(base)
    assert len(reddit.listings) == 2
    assert first.quota is not None
    assert (first.quota.left, first.quota.resets_at) == (0, NOW + timedelta(seconds=120))
    reddit.quota = 100
    assert names(first, read(base, first.cursor)) == set(burst)


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "code", "retry_after"),
    [
        (403, {"reason": "private", "error": 403}, {}, PassingFailure, "closed", None),
        (404, {"reason": "banned", "error": 404}, {}, PassingFailure, "unknown_community", None),
        (429, b"", {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "77"}, PassingFailure, "http_429", 77),
        (429, b"", {"retry-after": "5"}, PassingFailure, "http_429", 5),
        (429, b"", {"retry-after": "Fri, 20 Nov 2026 20:01:00 GMT"}, PassingFailure, "http_429", 60),
        (503, b"<html>Our CDN was unable to reach our servers", {}, PassingFailure, "http_503", None),
        (200, b'{"kind": "Listing", "data": {"childr', {}, PassingFailure, "not_json", None),
        (200, b"<!doctype html><title>reddit.com: search results", {}, PassingFailure, "not_json", None),
        (200, listing([{"name": "t5_2qh", "created_utc": 1}]), {}, PassingFailure, "unknown_community", None),
        (200, [], {}, PassingFailure, "unknown_community", None),
    ],
)
def test_refusals_are_said_in_words(
    reddit: Reddit,
    base: str,
    status: int,
    body: Any,
    headers: dict[str, str],
    kind: type,
    code: str,
    retry_after: float | None,
) -> None:
    reddit.fault = lambda asked: Said(body, status, headers) if asked.method == "GET" else None
    with pytest.raises(CollectError) as raised:
        read(base)
    assert (type(raised.value), raised.value.code, raised.value.retry_after) == (kind, code, retry_after)


def test_wrong_credentials_stop_the_source(base: str) -> None:
    with pytest.raises(PermanentFailure) as raised:
        read(base, client_secret="autre-secret")
    assert raised.value.code == "login"
    assert "autre-secret" not in f"{raised.value} {raised.value.words_fr}"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"client_secret": ""}, "no_credentials"),
        ({"account": "x\r\nHost: evil"}, "no_account"),
        ({"communities": ["../user"]}, "unknown_community"),
    ],
)
def test_settings_that_cannot_be_used_are_said(reddit: Reddit, base: str, settings: dict[str, Any], code: str) -> None:
    with pytest.raises(PermanentFailure) as raised:
        read(base, **settings)
    assert raised.value.code == code
    assert reddit.asked == []


def test_a_closed_community_does_not_silence_the_search(reddit: Reddit, base: str) -> None:
    made = reddit.publish(2)
    reddit.fault = lambda asked: Said({"reason": "private"}, 403) if asked.path.endswith("/comments") else None
    fetched = read(base, communities="r/aldane")
    assert names(fetched) == set(made)
    assert "private" in fetched.notes[0].en
