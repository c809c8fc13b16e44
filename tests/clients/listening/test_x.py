"""X: the search is walked without holes, the stream adds speed, the bill is counted."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors.protocol import CollectError, Fetched, HeldBack, PassingFailure, PermanentFailure
from clients.listening.collectors.x.collector import XCollector
from clients.listening.collectors.x.posts import id_at, moment_of, to_mentions
from clients.listening.matching import Wanted
from clients.listening.raw import RawMention, check
from tests.answering import Said, answering, pause
from tests.x import NOW, SPENT, TOKEN, X, post

DOOR = Door(timeout_s=5, allow_private=True)
PAGE = json.loads((Path(__file__).parents[2] / "fixtures" / "x" / "page.json").read_text())


@pytest.fixture
def x() -> X:
    return X()


@pytest.fixture
def base(x: X) -> Iterator[str]:
    with answering(x) as url:
        yield url


def read(base: str, cursor: dict[str, Any] | None = None, now: datetime = NOW, **settings: Any) -> Fetched:
    given = {"base": base, "token": TOKEN, "query": "aldane", **settings}
    return XCollector(listen_s=0.6).fetch(given, cursor or {}, http=DOOR, now=now)


def ids(*readings: Fetched) -> list[int]:
    return [int(mention.external_id) for fetched in readings for mention in fetched.mentions]


def mentions() -> tuple[RawMention, ...]:
    return tuple(to_mentions(PAGE))


def test_a_repost_has_the_whole_text_of_what_it_repeats() -> None:
    repost = mentions()[0]
    assert repost.kind == "repost"
    assert repost.text.startswith("RT @zoe_linge: Le drap & la taie de @MaisonAldane ont déteint")
    assert repost.text.endswith("la marque ne répond pas.")
    assert repost.refers_to == "1990000000000000100"
    assert (repost.author_handle, repost.author_name, repost.followers) == ("bruno", "Bruno S.", 12_000)
    assert repost.url == "https://x.com/bruno/status/1990000000000000500"
    assert repost.original == PAGE["data"][0]["text"]


def test_an_edit_keeps_the_name_of_the_first_version() -> None:
    edit = mentions()[1]
    assert edit.external_id == "1990000000000000300"
    assert edit.published_at == moment_of("1990000000000000300")
    assert edit.edited_at == datetime(2025, 11, 16, 10, 3, tzinfo=UTC)
    assert (edit.kind, edit.refers_to, edit.reply_to) == ("quote", "1990000000000000100", "1989999999999999000")
    assert edit.text == "Pareil https://gazette.example/drap?a=1&b=2"
    assert (edit.language, edit.reach) == ("", 412)


def test_a_long_post_is_read_whole_even_without_its_author() -> None:
    long = mentions()[2]
    assert long.text == "Début d’un long texte, dont voici la suite : 1 < 2."
    assert (long.author_handle, long.author_url) == ("79", "")
    assert long.url == "https://x.com/i/status/1990000000000000200"
    assert [check(mention) for mention in mentions()] == [[], [], []]


def test_an_id_tells_when_a_post_was_made() -> None:
    assert moment_of(str(id_at(NOW))) == NOW
    assert moment_of("1212092628029698048") == datetime(2019, 12, 31, 19, 26, 16, 771000, tzinfo=UTC)


def test_what_others_refer_to_and_x_no_longer_has_is_gone(x: X, base: str) -> None:
    x.fault = lambda asked: Said(PAGE)
    assert read(base).deleted == ("1989999999999999000",)


def test_all_that_is_new_is_read_once(x: X, base: str) -> None:
    old = x.publish(250)
    first = read(base)
    assert sorted(ids(first)) == old
    assert (first.billed, first.calls, first.has_more) == (250, 3, False)
    again = read(base, first.cursor)
    assert (again.mentions, again.unchanged, again.billed) == ((), True, 0)
    new = x.publish(3)
    assert sorted(ids(read(base, again.cursor))) == new


def test_a_burst_larger_than_a_reading_is_read_to_its_end(x: X, base: str) -> None:
    cursor = read(base).cursor
    burst = x.publish(2_345)
    readings = [read(base, cursor)]
    while readings[-1].has_more and len(readings) < 9:
        x.publish(5)
        readings.append(read(base, readings[-1].cursor))
    assert set(ids(*readings)) >= set(burst)
    assert len(ids(*readings)) == len(set(ids(*readings)))
    assert sum(reading.billed for reading in readings) == len(ids(*readings))


def test_a_walk_that_fails_on_its_way_goes_on_where_it_stopped(x: X, base: str) -> None:
    burst = x.publish(450)
    answers = iter([None, None, Said(b"<html>502</html>", 502)])
    x.fault = lambda asked: next(answers, None)
    first = read(base)
    assert len(first.mentions) == 200
    assert "502" in first.notes[0].en
    second = read(base, first.cursor)
    assert sorted(ids(first, second)) == burst


@pytest.mark.parametrize("seed", range(3))
def test_no_order_of_failures_and_bursts_loses_a_post(x: X, base: str, seed: int) -> None:
    dice = random.Random(seed)
    x.fault = lambda asked: Said(b"", 503) if dice.random() < 0.3 else None
    found: list[int] = []
    cursor: dict[str, Any] = {}
    for _ in range(12):
        x.publish(dice.choice([0, 1, 40, 180, 700]))
        try:
            fetched = read(base, cursor, at_most=dice.choice([None, 30, 500]))
        except PassingFailure:
            continue
        found, cursor = found + ids(fetched), fetched.cursor
    x.fault = lambda asked: None
    for _ in range(20):
        fetched = read(base, cursor)
        found, cursor = found + ids(fetched), fetched.cursor
    assert set(found) == set(x.posts)


def test_the_budget_is_never_passed(x: X, base: str) -> None:
    posts = x.publish(300)
    first = read(base, at_most=125)
    assert first.billed == 125
    assert [asked.params["max_results"] for asked in x.searches] == ["100", "25"]
    assert not first.has_more
    with pytest.raises(HeldBack):
        read(base, first.cursor, at_most=9)
    assert len(x.searches) == 2
    second = read(base, first.cursor, at_most=1_000)
    assert sorted(ids(first, second)) == posts


def test_no_call_is_made_when_x_says_that_none_is_left(x: X, base: str) -> None:
    posts = x.publish(450)
    x.quota = 2
    first = read(base)
    assert len(x.searches) == 2
    assert first.quota is not None and first.quota.left == 0
    x.quota = 450
    assert sorted(ids(first, read(base, first.cursor))) == posts


def test_a_page_that_repeats_itself_for_ever_ends_the_walk(x: X, base: str) -> None:
    posts = x.publish(10)
    same = {"data": [post(one) for one in posts], "meta": {"next_token": "again"}}
    x.fault = lambda asked: Said(same)
    first = read(base)
    assert sorted(ids(first)) == posts
    assert len(x.searches) <= 4
    assert not first.has_more
    assert next(iter(first.cursor["queries"].values()))["gaps"] == []


def test_empty_pages_do_not_end_a_walk(x: X, base: str) -> None:
    (made,) = x.publish(1)
    answers = iter([Said({"meta": {"result_count": 0, "next_token": "t0"}})] * 2)
    x.fault = lambda asked: next(answers, None)
    assert ids(read(base)) == [made]


def test_after_more_than_a_week_the_hole_is_said(x: X, base: str) -> None:
    x.publish(2)
    first = read(base)
    x.now = NOW + timedelta(days=12)
    new = x.publish(3, ago=timedelta(days=2))
    second = read(base, first.cursor, now=x.now)
    assert sorted(ids(second)) == new
    assert "seven days" in second.notes[0].en
    assert read(base, second.cursor, now=x.now).notes == ()


def test_the_first_reading_goes_back_as_far_as_asked(x: X, base: str) -> None:
    x.publish(1, ago=timedelta(hours=30))
    x.publish(1, ago=timedelta(hours=2))
    assert len(read(base).mentions) == 1
    assert len(read(base, first_hours=48).mentions) == 2


def test_the_watches_say_what_is_asked(x: X, base: str) -> None:
    x.publish(1)
    wanted = (Wanted(1, include=("Maison Aldane",)), Wanted(2, include=("drap bleu",)))
    read(base, query="", wanted=wanted)
    assert all('"Maison Aldane"' in asked.params["query"] for asked in x.searches)


def test_without_words_nothing_is_asked(x: X, base: str) -> None:
    with pytest.raises(HeldBack):
        read(base, query="", wanted=(Wanted(1),))
    assert x.asked == []


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "retry_after"),
    [
        (401, {"title": "Unauthorized"}, {}, PermanentFailure, None),
        (402, {"title": "CreditsDepleted", "detail": "no credits"}, {}, PassingFailure, 3_600),
        (403, {"title": "Client Forbidden", "detail": "not enrolled"}, {}, PermanentFailure, None),
        (429, {"title": "Too Many Requests"}, SPENT, PassingFailure, 120),
        (429, {"title": "UsageCapExceeded"}, {}, PassingFailure, 3_600),
        (429, b"slow down", {"retry-after": "7"}, PassingFailure, 7),
        (429, b"slow down", {"retry-after": "Fri, 20 Nov 2026 20:01:00 GMT"}, PassingFailure, 60),
        (400, {"errors": [{"message": "no viable alternative"}], "title": "Invalid Request"}, {}, PassingFailure, None),
        (503, b"<html>over capacity</html>", {"retry-after": "30"}, PassingFailure, 30),
        (200, b'{"data": [{"id": "1', {}, PassingFailure, None),
        (200, b"<!doctype html><p>Something went wrong", {}, PassingFailure, None),
        (200, {"errors": [{"detail": "internal"}]}, {}, PassingFailure, None),
        (200, [], {}, PassingFailure, None),
    ],
)  # fmt: skip
def test_refusals_are_said_in_words(
    x: X, base: str, status: int, body: Any, headers: dict[str, str], kind: type, retry_after: float | None
) -> None:
    x.fault = lambda asked: Said(body, status, headers)
    with pytest.raises(CollectError) as raised:
        read(base)
    assert (type(raised.value), raised.value.retry_after) == (kind, retry_after)
    assert raised.value.words_fr and TOKEN not in f"{raised.value} {raised.value.words_fr}"


def test_a_query_that_x_does_not_understand_does_not_silence_the_others(x: X, base: str) -> None:
    (made,) = x.publish(1)
    wanted = tuple(Wanted(number, include=(f"{number}" * 300,)) for number in (1, 2))
    x.fault = lambda asked: Said({"title": "Invalid Request"}, 400) if asked.params["query"][:1] == "1" else None
    fetched = read(base, query="", wanted=wanted)
    assert ids(fetched) == [made]
    assert "understand" in fetched.notes[0].en


def test_odd_posts_are_left_out_without_a_word() -> None:
    odd = [{}, {"id": "1"}, {"id": "x", "text": "a"}, {"id": "5", "text": "b", "entities": [], "public_metrics": 3}, 7]
    assert [mention.text for mention in to_mentions({"data": odd, "includes": [], "errors": {}})] == ["b"]


def line(post_id: int, tag: str = "rempart") -> bytes:
    said = {"data": post(post_id), "matching_rules": [{"id": "1", "tag": tag}]}
    return json.dumps(said).encode() + b"\r\n"


def test_the_stream_is_heard_and_counted_once(x: X, base: str) -> None:
    searched = x.publish(2)
    live = [id_at(NOW) + 5, id_at(NOW) + 6]
    x.streamed = [b"\r\n", line(live[0]), line(searched[0]), line(live[1]), line(1, "somebody else"), line(9)[:20]]
    first = read(base, mode="stream")
    assert sorted(ids(first)) == sorted(searched + live)
    assert first.billed == 4
    x.posts += live
    x.streamed = []
    assert read(base, first.cursor, mode="stream").billed == 0


def test_a_stream_without_end_is_left_in_time(x: X, base: str) -> None:
    x.fault = lambda asked: Said(pause(0.05) for _ in range(200)) if asked.path.endswith("/stream") else None
    began = time.monotonic()
    assert read(base, mode="stream").mentions == ()
    assert time.monotonic() - began < 3


def test_only_our_own_rules_are_touched(x: X, base: str) -> None:
    x.rules = {"1": {"value": "cats", "tag": "theirs"}, "2": {"value": "old words", "tag": "rempart"}}
    read(base, mode="stream")
    assert sorted(rule["value"] for rule in x.rules.values()) == ["aldane", "cats"]
    posted = [asked for asked in x.asked if asked.method == "POST"]
    read(base, mode="stream")
    assert [asked for asked in x.asked if asked.method == "POST"] == posted
    assert len(posted) == 2


def test_a_stream_that_somebody_else_listens_to_leaves_the_search(x: X, base: str) -> None:
    made = x.publish(2)
    problem = {"title": "ConnectionException", "connection_issue": "TooManyConnections"}
    x.fault = lambda asked: Said(problem, 429) if asked.path.endswith("/stream") else None
    fetched = read(base, mode="stream")
    assert sorted(ids(fetched)) == made
    assert "elsewhere" in fetched.notes[0].en


def test_a_rule_that_x_refuses_is_said(x: X, base: str) -> None:
    refused = {"errors": [{"title": "UnprocessableEntity", "detail": "rule too broad"}], "meta": {}}
    x.fault = lambda asked: Said(refused) if asked.method == "POST" else None
    assert "too broad" in read(base, mode="stream").notes[0].en


def test_a_stream_is_not_opened_on_the_last_of_the_budget(x: X, base: str) -> None:
    read(base, mode="stream", at_most=60)
    assert not [asked for asked in x.asked if asked.path.endswith("/stream")]


def test_deletions_are_looked_for_only_when_asked_to(x: X, base: str) -> None:
    made = x.publish(3)
    first = read(base, look_again=True)
    x.posts.remove(made[1])
    assert read(base, first.cursor, look_again=True).deleted == ()  # once an hour
    later = NOW + timedelta(hours=1)
    second = read(base, first.cursor, now=later, look_again=True)
    assert second.deleted == (str(made[1]),)
    assert second.billed == 0  # the same day: X bills each post once
    tomorrow = read(base, second.cursor, now=NOW + timedelta(hours=5), look_again=True)
    assert (tomorrow.deleted, tomorrow.billed) == ((), 2)
    assert read(base, tomorrow.cursor, now=NOW + timedelta(days=4), look_again=True).billed == 0
    assert len([asked for asked in x.asked if asked.path == "/2/tweets"]) == 2
    read(base, first.cursor, now=later)
    assert len([asked for asked in x.asked if asked.path == "/2/tweets"]) == 2


def test_a_look_again_stays_within_the_budget(x: X, base: str) -> None:
    x.publish(60)
    first = read(base, look_again=True)
    again = read(base, first.cursor, now=NOW + timedelta(hours=5), look_again=True, at_most=50)
    assert again.billed == 0
    assert not [asked for asked in x.asked if asked.path == "/2/tweets"]
