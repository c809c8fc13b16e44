"""YouTube: threads walked without holes, replies and edits seen later, the day's units counted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors.protocol import CollectError, Fetched, HeldBack, PassingFailure, PermanentFailure
from clients.listening.collectors.youtube import collector as module
from clients.listening.collectors.youtube.collector import YouTubeCollector
from clients.listening.collectors.youtube.comments import HANDLE, VIDEO, comments_of, items, to_mention
from clients.listening.matching import Wanted
from clients.listening.raw import check
from tests.answering import Asked, Said, answering

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
DOOR = Door(timeout_s=5, allow_private=True)
THREADS = json.loads((Path(__file__).parents[2] / "fixtures" / "youtube" / "threads.json").read_text())
CHANNEL = "UCaldaneLinge00000000001"
KEY = "AIza-cle"


class YouTube:
    """Threads newest first, a page after the one that its token names, five replies with a thread, units."""

    def __init__(self) -> None:
        self.threads: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.found: list[dict[str, Any]] = []
        self.fault: Callable[[Asked], Said | None] = lambda asked: None

    def publish(self, number: int, *, ago_s: float = 60.0, replies: int = 0) -> list[str]:
        start = len(self.threads)
        made = [
            {"id": f"Ug{start + n:05d}", "at": NOW - timedelta(seconds=ago_s - n * 0.001), "text": f"drap {n}"}
            for n in range(number)
        ]
        for one in made:
            one["replies"] = [f"{one['id']}.{n:03d}" for n in range(replies)]
        self.threads += made
        return [str(one["id"]) for one in made]

    def paths(self, what: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == f"/youtube/v3/{what}"]

    def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        assert asked.headers["x-goog-api-key"] == KEY
        assert KEY not in str(asked.params)
        if (said := self.fault(asked)) is not None:
            return said
        what = asked.path.removeprefix("/youtube/v3/")
        if what == "commentThreads":
            return self.list_threads(asked.params)
        if what == "comments":
            return self.list_replies(asked.params)
        if what == "channels":
            known = asked.params["forHandle"] == "@aldane"
            return Said({"items": [{"id": CHANNEL}] if known else []})
        if what == "videos":
            return Said(
                {"items": [{"id": one, "snippet": {"title": f"Vidéo {one}"}} for one in asked.params["id"].split(",")]}
            )
        return Said({"items": self.found})

    def list_threads(self, params: dict[str, str]) -> Said:
        if "id" in params:
            wanted = params["id"].split(",")
            return Said({"items": [thread(one) for one in self.threads if one["id"] in wanted]})
        assert params["order"] == "time"
        found = sorted(self.threads, key=lambda one: one["at"], reverse=True)
        start, token = 0, params.get("pageToken", "")
        if token:
            places = [place for place, one in enumerate(found) if one["id"] == token]
            if not places:
                return Said(error(400, "invalidPageToken", "page token is not valid"), 400)
            start = places[0] + 1
        return page([thread(one) for one in found], start, int(params["maxResults"]), "id")

    def list_replies(self, params: dict[str, str]) -> Said:
        (parent,) = [one for one in self.threads if one["id"] == params["parentId"]]
        start = int(params.get("pageToken", 0))
        found = [reply(parent, name) for name in parent["replies"]]
        rest = start + int(params["maxResults"])
        more = {"nextPageToken": str(rest)} if rest < len(found) else {}
        return Said({"items": found[start:rest], **more})


def page(found: list[dict[str, Any]], start: int, size: int, name: str) -> Said:
    given = found[start : start + size]
    more = {"nextPageToken": given[-1][name]} if start + size < len(found) else {}
    return Said({"items": given, **more})


def comment(name: str, text: str, at: datetime, **more: Any) -> dict[str, Any]:
    written = f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
    said = {"textDisplay": text, "authorDisplayName": "@zoe", "publishedAt": written, "updatedAt": written, **more}
    return {"id": name, "snippet": said}


def thread(one: dict[str, Any]) -> dict[str, Any]:
    first = comment(one["id"], one["text"], one["at"], **one.get("more", {}))
    replies = {"comments": [reply(one, name) for name in one["replies"][-5:]]}
    about = {
        "videoId": one.get("video", "drapVideo01"),
        "totalReplyCount": len(one["replies"]),
        "topLevelComment": first,
    }
    return {"id": one["id"], "snippet": about, **({"replies": replies} if one["replies"] else {})}


def reply(parent: dict[str, Any], name: str) -> dict[str, Any]:
    return comment(name, f"réponse {name}", parent["at"] + timedelta(minutes=1), parentId=parent["id"])


def error(code: int, reason: str, message: str = "", domain: str = "youtube.commentThread") -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "errors": [{"reason": reason, "domain": domain}]}}


def found(video: str, title: str) -> dict[str, Any]:
    said = {"title": title, "description": "", "channelTitle": "Inès", "publishedAt": "2026-11-20T10:00:00Z"}
    return {"id": {"kind": "youtube#video", "videoId": video}, "snippet": said}


@pytest.fixture
def youtube() -> YouTube:
    return YouTube()


@pytest.fixture
def base(youtube: YouTube) -> Iterator[str]:
    with answering(youtube) as url:
        yield url


def read(base: str, cursor: dict[str, Any] | None = None, now: datetime = NOW, **settings: Any) -> Fetched:
    given = {"base": base, "key": KEY, "channels": [CHANNEL], **settings}
    kept = json.loads(json.dumps(cursor or {}))  # as it comes back from the database
    return YouTubeCollector().fetch(given, kept, http=DOOR, now=now)


def ids(*readings: Fetched) -> set[str]:
    return {mention.external_id for fetched in readings for mention in fetched.mentions}


def test_comments_become_mentions() -> None:
    first, second = [to_mention(one, video="drapVideo01", title="Nos draps") for one in comments_of(items(THREADS)[0])]
    assert first and second
    assert first.text == "Déteint dès le premier lavage & sans réponse.\n1:15"
    assert first.original.startswith("Déteint dès le <b>premier</b>")
    assert first.edited_at == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert first.url == "https://www.youtube.com/watch?v=drapVideo01&lc=UgxDrap1"
    assert (first.author_handle, first.author_url) == (
        "zoe-linge",
        "https://www.youtube.com/channel/UCzoe0000000000000000001",
    )
    assert (first.kind, first.title) == ("post", "Nos draps")
    assert (second.kind, second.reply_to, second.edited_at, second.original) == ("reply", "UgxDrap1", None, "")
    assert second.author_handle == "UCines000000000000000001"
    assert [check(one) for one in (first, second)] == [[], []]


@pytest.mark.parametrize(
    "written",
    [
        "dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3s",
        "https://youtu.be/dQw4w9WgXcQ?si=x",
        "https://www.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ",
    ],
)
def test_a_video_is_known_however_it_is_written(written: str) -> None:
    found = VIDEO.fullmatch(written)
    assert found and found[1] == "dQw4w9WgXcQ"


def test_a_channel_is_known_by_its_name() -> None:
    assert HANDLE.fullmatch("https://www.youtube.com/@aldane/videos")
    assert not HANDLE.fullmatch("aldane")


def test_new_comments_are_read_once_and_say_their_video(youtube: YouTube, base: str) -> None:
    old = youtube.publish(250, ago_s=90_000)
    first = read(base)
    assert ids(first) == set(old)
    assert {mention.title for mention in first.mentions} == {"Vidéo drapVideo01"}
    again = read(base, first.cursor)
    assert (again.mentions, again.unchanged) == ((), True)
    new = youtube.publish(3)
    assert ids(read(base, again.cursor)) == set(new)
    assert len(youtube.paths("videos")) == 1


def test_replies_that_did_not_come_with_their_thread_are_read(youtube: YouTube, base: str) -> None:
    (name,) = youtube.publish(1, replies=130)
    fetched = read(base)
    assert len(ids(fetched)) == 131
    assert {mention.reply_to for mention in fetched.mentions if mention.kind == "reply"} == {name}
    assert len(youtube.paths("comments")) == 2
    assert read(base, fetched.cursor).unchanged
    assert len(youtube.paths("comments")) == 2


def test_a_new_reply_to_an_old_comment_is_seen(youtube: YouTube, base: str) -> None:
    (name,) = youtube.publish(1, ago_s=40 * 3_600, replies=7)
    first = read(base)
    youtube.threads[0]["replies"].append(f"{name}.new")
    assert f"{name}.new" in ids(read(base, first.cursor, now=NOW + timedelta(hours=1)))


def test_edits_and_deletions_are_seen_for_three_days(youtube: YouTube, base: str) -> None:
    made = youtube.publish(3, ago_s=20 * 3_600)
    first = read(base)
    youtube.threads[0].update(text="rectifié", more={"updatedAt": "2026-11-20T19:59:00Z"})
    del youtube.threads[1]
    second = read(base, first.cursor, now=NOW + timedelta(hours=1))
    (edit,) = second.mentions
    assert (edit.external_id, edit.text) == (made[0], "rectifié")
    assert edit.edited_at == datetime(2026, 11, 20, 19, 59, tzinfo=UTC)
    assert second.deleted == (made[1],)
    late = read(base, second.cursor, now=NOW + timedelta(days=4))
    assert not [asked for asked in youtube.asked[-late.calls :] if "id" in asked.params]


def test_an_empty_answer_deletes_nothing(youtube: YouTube, base: str) -> None:
    youtube.publish(3, ago_s=20 * 3_600)
    first = read(base)
    youtube.fault = lambda asked: Said({"items": []}) if "id" in asked.params else None
    assert read(base, first.cursor).deleted == ()


def test_a_burst_larger_than_a_reading_is_read_to_its_end(youtube: YouTube, base: str) -> None:
    cursor = read(base).cursor
    burst = youtube.publish(3_200)
    readings = [read(base, cursor)]
    assert readings[0].has_more
    while readings[-1].has_more and len(readings) < 9:
        burst += youtube.publish(2, ago_s=1)
        readings.append(read(base, readings[-1].cursor))
    readings.append(read(base, readings[-1].cursor))
    assert ids(*readings) == set(burst)


def test_a_page_that_is_forgotten_is_read_again_from_the_top(youtube: YouTube, base: str) -> None:
    cursor = read(base).cursor
    burst = youtube.publish(3_100)
    first = read(base, cursor)
    (state,) = first.cursor["places"].values()
    youtube.threads = [one for one in youtube.threads if one["id"] != state["gap"]["token"]]
    readings = [first, read(base, first.cursor)]
    while readings[-1].has_more and len(readings) < 9:
        readings.append(read(base, readings[-1].cursor))
    assert ids(*readings) == set(burst)


def test_a_walk_that_fails_goes_on_where_it_stopped(youtube: YouTube, base: str) -> None:
    burst = youtube.publish(450)
    answers = iter([None, None, Said(b"<html>", 500)])
    youtube.fault = lambda asked: next(answers, None)
    first = read(base)
    assert len(first.mentions) == 200
    assert first.notes
    assert ids(first, read(base, first.cursor)) == set(burst)


def test_a_page_that_repeats_itself_for_ever_ends_the_walk(youtube: YouTube, base: str) -> None:
    youtube.publish(3)
    same = {"items": [thread(one) for one in youtube.threads], "nextPageToken": "again"}
    youtube.fault = lambda asked: Said(same) if asked.path.endswith("commentThreads") else None
    assert len(read(base).mentions) == 3
    assert len(youtube.paths("commentThreads")) == 2


def test_units_are_counted_and_never_passed(youtube: YouTube, base: str) -> None:
    youtube.publish(450)
    first = read(base, daily_units=3)
    assert len(youtube.asked) == 3
    assert first.quota is not None
    assert (first.quota.left, first.quota.resets_at) == (0, datetime(2026, 11, 21, 8, 0, tzinfo=UTC))
    with pytest.raises(HeldBack) as raised:
        read(base, first.cursor, daily_units=3)
    assert raised.value.retry_after == 12 * 3_600
    assert len(youtube.asked) == 3
    second = read(base, first.cursor, now=NOW + timedelta(hours=12), daily_units=50)
    assert len(ids(first, second)) == 450


def test_the_day_ends_in_california_in_summer_too(base: str) -> None:
    summer = datetime(2026, 7, 1, 6, 59, tzinfo=UTC)
    quota = read(base, now=summer).quota
    assert quota is not None and quota.resets_at == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)


def test_a_search_finds_videos_and_reads_what_is_said_under_them(youtube: YouTube, base: str) -> None:
    youtube.found = [found("critique001", "Aldane &amp; moi"), found("autreVideo1", "Autre chose")]
    youtube.publish(1)
    youtube.threads[0]["video"] = "critique001"
    settings = {"channels": [], "search": True, "wanted": (Wanted(1, include=("aldane",)),)}
    first = read(base, **settings)
    assert {mention.external_id: mention.title for mention in first.mentions} == {
        "critique001": "Aldane & moi",
        "Ug00000": "Aldane & moi",
    }
    assert first.quota is not None and first.quota.left == 10_000 - 100 - 2
    second = read(base, first.cursor, now=NOW + timedelta(hours=1), **settings)
    assert len(youtube.paths("search")) == 1
    read(base, second.cursor, now=NOW + timedelta(hours=6), **settings)
    assert youtube.paths("search")[1].params["publishedAfter"] == "2026-11-20T18:00:00Z"


def test_a_channel_is_looked_up_once(youtube: YouTube, base: str) -> None:
    first = read(base, channels=["@aldane"])
    read(base, first.cursor, channels=["@aldane"])
    assert len(youtube.paths("channels")) == 1
    assert youtube.paths("commentThreads")[0].params["allThreadsRelatedToChannelId"] == CHANNEL


def test_a_channel_that_is_not_there_is_said(base: str) -> None:
    with pytest.raises(PassingFailure) as raised:
        read(base, channels=["@personne"])
    assert "@personne" in raised.value.words_fr


def test_without_a_place_nothing_is_asked(youtube: YouTube, base: str) -> None:
    with pytest.raises(HeldBack):
        read(base, channels=[])
    assert youtube.asked == []


@pytest.mark.parametrize(
    ("status", "body", "kind", "code", "retry_after"),
    [
        (403, error(403, "commentsDisabled"), PassingFailure, "comments_disabled", None),
        (403, error(403, "forbidden"), PassingFailure, "closed", None),
        (403, error(403, "accessNotConfigured", "not enabled", "usageLimits"), PermanentFailure, "not_open", None),
        (403, error(403, "quotaExceeded", domain="youtube.quota"), HeldBack, "quota", 12 * 3_600),
        (403, error(403, "rateLimitExceeded", domain="usageLimits"), PassingFailure, "http_429", 60),
        (400, error(400, "badRequest", "API key not valid.", "global"), PermanentFailure, "key", None),
        (404, error(404, "videoNotFound"), PassingFailure, "not_there", None),
        (429, error(429, "rateLimitExceeded"), PassingFailure, "http_429", 60),
        (429, b"", PassingFailure, "http_429", 9),
        (503, b"<html>backend error", PassingFailure, "http_503", 9),
        (200, b'{"items": [{"id": "', PassingFailure, "not_json", None),
        (200, b"<!doctype html><title>Sorry...", PassingFailure, "not_json", None),
    ],
)
def test_refusals_are_said_in_words(
    youtube: YouTube, base: str, status: int, body: Any, kind: type, code: str, retry_after: float | None
) -> None:
    headers = {"retry-after": "9"} if isinstance(body, bytes) and status != 200 else {}
    youtube.fault = lambda asked: Said(body, status, headers)
    with pytest.raises(CollectError) as raised:
        read(base)
    assert (type(raised.value), raised.value.code, raised.value.retry_after) == (kind, code, retry_after)
    assert KEY not in f"{raised.value} {raised.value.words_fr}"


def test_one_video_without_comments_does_not_silence_the_others(youtube: YouTube, base: str) -> None:
    made = youtube.publish(2)
    closed = Said(error(403, "commentsDisabled"), 403)
    youtube.fault = lambda asked: closed if asked.params.get("videoId") == "fermee00001" else None
    fetched = read(base, videos=["https://youtu.be/fermee00001"])
    assert ids(fetched) == set(made)
    assert fetched.notes[0].en == "fermee00001: comments are turned off there"


def test_odd_answers_are_read_as_nothing(youtube: YouTube, base: str) -> None:
    odd = [{}, 7, {"id": "a"}, {"id": "b", "snippet": []}, {"id": "c", "snippet": {"topLevelComment": {"id": "c"}}}]
    youtube.fault = lambda asked: Said({"items": odd}) if asked.path.endswith("commentThreads") else None
    assert read(base).mentions == ()


def test_a_reading_makes_a_bounded_number_of_calls(youtube: YouTube, base: str) -> None:
    youtube.publish(400, replies=9)
    assert read(base).calls <= module.CALLS
