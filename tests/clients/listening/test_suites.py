"""Upstream suites: their queues walked without holes, their refusals in words, no token shown."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors.brandwatch.collector import PAGE as BRANDWATCH_PAGE
from clients.listening.collectors.brandwatch.collector import BrandwatchCollector
from clients.listening.collectors.mentioncom.collector import PAGE as MENTION_PAGE
from clients.listening.collectors.mentioncom.collector import PAGES as MENTION_PAGES
from clients.listening.collectors.mentioncom.collector import MentionComCollector
from clients.listening.collectors.protocol import CollectError, Fetched, HeldBack, PassingFailure, PermanentFailure
from clients.listening.collectors.talkwalker.collector import MOST_HITS, TalkwalkerCollector
from clients.listening.collectors.youscan.collector import PAGE as YOUSCAN_PAGE
from clients.listening.collectors.youscan.collector import PAGES as YOUSCAN_PAGES
from clients.listening.collectors.youscan.collector import YouScanCollector
from clients.listening.raw import RawMention, check
from tests.answering import Asked, Said, answering

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2] / "fixtures"
TOKEN = "jeton-tres-secret"
Answers = Callable[[Asked], Said]


def fetch(reader: Any, base: str, cursor: dict[str, Any] | None = None, **settings: Any) -> Fetched:
    given = {"url": "", "wanted": (), "at_most": None, "session": {}, "base_url": base, **settings}
    return reader.fetch(given, cursor or {}, http=Door(allow_private=True, timeout_s=5), now=NOW)  # type: ignore[no-any-return]


def brandwatch(base: str, cursor: dict[str, Any] | None = None, **more: Any) -> Fetched:
    given = {"project": "199", "queries": ["2001", "2002"], "token": TOKEN, **more}
    return fetch(BrandwatchCollector(), base, cursor, **given)


def talkwalker(base: str, cursor: dict[str, Any] | None = None) -> Fetched:
    return fetch(TalkwalkerCollector(), base, cursor, collector="aerolia", token=TOKEN)


def mention(base: str, cursor: dict[str, Any] | None = None) -> Fetched:
    return fetch(MentionComCollector(), base, cursor, account="12_abc", alerts=["112233"], token=TOKEN)


def youscan(base: str, cursor: dict[str, Any] | None = None) -> Fetched:
    return fetch(YouScanCollector(), base, cursor, topic="7", key=TOKEN)


def by_id(mentions: tuple[RawMention, ...]) -> dict[str, RawMention]:
    assert not [problem for one in mentions for problem in check(one, now=NOW)]
    return {one.external_id: one for one in mentions}


class Brandwatch:
    """Newest added first, pages by cursor, a token from a password, thirty calls."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.asked: list[Asked] = []
        self.used = 0
        self.tokens = {TOKEN}

    def add(self, count: int, *, minutes_ago: float = 0) -> None:
        for _each in range(count):
            number = len(self.rows) + 1
            added = NOW - timedelta(minutes=minutes_ago) + timedelta(milliseconds=number)
            row = {"resourceId": str(number), "added": added.isoformat(), "date": added.isoformat()}
            self.rows.append({**row, "fullText": f"texte {number}", "url": f"https://b.example/{number}"})

    def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        if asked.path == "/oauth/token":
            self.tokens = {"neuf"}
            return Said({"access_token": "neuf", "expires_in": 31535999}) if b"password=le-bon" in asked.body else Said(
                {"error": "invalid_grant"}, 400)  # fmt: skip
        if asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            return Said({"error": "unauthorized"}, 401)
        self.used += 1
        if self.used > 30:
            return Said({"error": "too many"}, 429)
        newest = sorted(self.rows, key=lambda row: row["added"], reverse=True)
        start = int(asked.params.get("cursor", "0"))
        page = newest[start : start + BRANDWATCH_PAGE]
        more = str(start + len(page)) if start + len(page) < len(newest) else None
        limits = {"x-rate-limit": "30", "x-rate-limit-used": str(self.used)}
        return Said({"results": page, "resultsTotal": len(newest), "nextCursor": more}, headers=limits)


def queue(body: bytes) -> Any:
    return served(lambda asked: Said(body))


def served(answers: Answers) -> Any:
    """A network that answers so; bodies may be written as text."""

    def in_bytes(asked: Asked) -> Said:
        said = answers(asked)
        return replace(said, body=said.body.encode()) if isinstance(said.body, str) else said

    return answering(in_bytes)


def test_brandwatch_is_walked_back_to_what_is_known_and_a_cut_walk_goes_on() -> None:
    house = Brandwatch()
    house.add(10, minutes_ago=300)
    with served(house) as base:
        first = brandwatch(base)
        assert len(first.mentions) == 10 and not first.has_more and first.quota and first.quota.left == 29
        house.add(BRANDWATCH_PAGE * 7 + 3)
        got, cursor, turns = set(), first.cursor, 0
        while True:
            fetched = brandwatch(base, cursor)
            got |= {one.external_id for one in fetched.mentions}
            cursor, turns = fetched.cursor, turns + 1
            if not fetched.has_more:
                break
    assert len(got) >= BRANDWATCH_PAGE * 7 + 3 and turns == 2
    assert got >= {f"brandwatch:{number}" for number in range(11, BRANDWATCH_PAGE * 7 + 14)}


def test_brandwatch_asks_one_page_when_nothing_came() -> None:
    house = Brandwatch()
    house.add(BRANDWATCH_PAGE * 3, minutes_ago=60)
    with served(house) as base:
        first = brandwatch(base)
        calls = len(house.asked)
        again = brandwatch(base, first.cursor)
    assert len(first.mentions) == BRANDWATCH_PAGE * 3 and len(house.asked) == calls + 3  # within the overlap
    assert {one.external_id for one in again.mentions} <= {one.external_id for one in first.mentions}


def test_brandwatch_signs_in_once_and_anew_when_its_session_has_run_out() -> None:
    house = Brandwatch()
    house.add(1)
    with served(house) as base:
        first = brandwatch(base, token="", user="ines@aerolia.example", password="le-bon")
        assert first.session == {"token": "neuf"}
        kept = brandwatch(base, token="", user="ines@aerolia.example", password="le-bon", session={"token": "neuf"})
        assert kept.session is None
        house.tokens = set()
        stale = brandwatch(base, token="", user="ines@aerolia.example", password="le-bon", session={"token": "vieux"})
        assert stale.session == {"token": "neuf"} and len(stale.mentions) == 1
        with pytest.raises(PermanentFailure) as refusal:
            brandwatch(base, token="", user="ines@aerolia.example", password="faux")
    assert refusal.value.code == "bad_password" and "faux" not in str(refusal.value)
    assert all("le-bon" not in str(asked.params) and "password" not in asked.params for asked in house.asked)


def test_brandwatch_out_of_calls_asks_for_ten_minutes() -> None:
    house = Brandwatch()
    house.used = 30
    with served(house) as base, pytest.raises(PassingFailure) as refusal:
        brandwatch(base)
    assert refusal.value.retry_after == 600


def test_a_page_that_repeats_for_ever_ends() -> None:
    house = Brandwatch()
    house.add(3)
    repeated = lambda asked: Said({"results": house.rows, "nextCursor": "again"})  # noqa: E731
    with served(repeated) as base:
        assert len(brandwatch(base).mentions) == 3


def chunk(number: int) -> str:
    document = {
        "url": f"https://b.example/{number}",
        "published": 1795198500000,
        "content": f"texte {number}",
        "source_type": ["BLOG"],
    }
    return json.dumps({"chunk_type": "CT_RESULT", "chunk_result": {"data": {"data": document}}}, indent=1)


def control(offset: str) -> str:
    return json.dumps({"chunk_type": "CT_CONTROL", "chunk_control": {"resume_offset": offset}})


def test_talkwalker_documents_keep_theirs(tmp_path: Path) -> None:
    with queue((FIXTURES / "talkwalker/queue.txt").read_bytes()) as base:
        fetched = talkwalker(base)
    found = by_id(fetched.mentions)
    blog, post = found["talkwalker:https://carnet-de-vol.example/2026/11/20/bagages/"], found["1859000000000000001"]
    assert (blog.network, blog.title, blog.text) == (
        "web", "Mes bagages & moi", "Trois heures à quai.\nEt personne pour répondre.",
    )  # fmt: skip
    assert (post.network, post.author_handle, post.author_name, post.followers, post.kind) == (
        "x", "zoe_33", "Zoé B.", 1200, "reply",
    )  # fmt: skip
    assert fetched.cursor == {"of": "aerolia", "offset": "EgWoi92qAQ"} and not fetched.has_more


def test_talkwalkers_queue_is_read_on_from_its_place() -> None:
    places: list[str] = []

    def answers(asked: Asked) -> Said:
        place = asked.params["resume_offset"]
        places.append(place)
        start = 0 if place == "earliest" else int(place)
        numbers = range(start, min(start + int(asked.params["max_hits"]), MOST_HITS + 5))
        return Said("\n".join([control(place), *map(chunk, numbers), control(str(numbers.stop))]).encode())

    with served(answers) as base:
        first = talkwalker(base)
        assert first.has_more and len(first.mentions) == MOST_HITS
        second = talkwalker(base, first.cursor)
    assert len(second.mentions) == 5 and not second.has_more and places == ["earliest", str(MOST_HITS)]


def test_a_cut_answer_gives_what_came_whole_and_its_place() -> None:
    with queue("\n".join([chunk(1), control("a"), chunk(2), chunk(3)[:-9]]).encode()) as base:
        fetched = talkwalker(base)
    assert len(fetched.mentions) == 2 and fetched.cursor["offset"] == "a"


@pytest.mark.parametrize(
    ("status", "body", "failure", "code", "pause"),
    [
        (401, {"status_code": "7", "status_message": "Invalid"}, PermanentFailure, "http_401", None),
        (401, {"status_code": "8", "status_message": "Call limit"}, PassingFailure, "too_many_calls", 60),
        (401, {"status_code": "9", "status_message": "No credits"}, HeldBack, "no_credits", 21_600),
        (403, {"status_code": "13"}, PermanentFailure, "forbidden", None),
        (404, {"status_code": "15"}, PermanentFailure, "not_there", None),
        (500, {"status_code": "1"}, PassingFailure, "http_500", None),
        (200, {"chunk_type": "CT_ERROR", "chunk_error": {"status_code": "9"}}, HeldBack, "no_credits", 21_600),
        (200, {"hello": 1}, PassingFailure, "strange", None),
        (502, "<html>", PassingFailure, "http_502", None),
        (200, "<html>", PassingFailure, "strange", None),
    ],
)
def test_talkwalkers_refusals_say_what_they_mean_and_never_the_token(
    status: int,
    body: Any,
    failure: type[CollectError],
    code: str,
    pause: float | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with served(lambda asked: Said(body, status)) as base, pytest.raises(failure) as refusal:
        talkwalker(base)
    assert (refusal.value.code, refusal.value.retry_after) == (code, pause)
    assert TOKEN not in repr(refusal.value) + refusal.value.words_fr + refusal.value.words_en + caplog.text


def test_a_talkwalker_that_is_away_shows_no_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(PassingFailure) as refusal:
        talkwalker("http://127.0.0.1:9")
    chain: list[str] = []
    error: BaseException | None = refusal.value
    while error is not None:
        chain.append(f"{error!r} {error}")
        error = error.__cause__
    assert TOKEN not in " ".join(chain) + caplog.text


class Mention:
    """By number, newest first, with links to the next page of the same question."""

    def __init__(self) -> None:
        self.highest = 0
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        since, limit = int(asked.params.get("since_id", "0")), int(asked.params["limit"])
        below = int(asked.params.get("cursor", str(self.highest + 1)))
        numbers = list(range(below - 1, max(since, below - 1 - limit), -1))
        more = (
            {"limit": limit, "since_id": since, "cursor": numbers[-1]} if numbers and numbers[-1] > since + 1 else None
        )
        rows = [{"id": str(n), "description": f"texte {n}", "source_type": "web", "original_url": f"https://w.example/{n}",
                 "published_at": "2026-11-20T18:15:00.0+00:00"} for n in numbers]  # fmt: skip
        return Said({"mentions": rows, "_links": {"more": {"params": more}} if more else {}})


def test_mention_is_walked_from_number_to_number_and_a_cut_walk_goes_on() -> None:
    house = Mention()
    house.highest = 10_000
    with served(house) as base:
        first = mention(base)
        assert len(first.mentions) == MENTION_PAGE and first.cursor == {"112233": {"since": 10_000}}
        house.highest += MENTION_PAGE * (MENTION_PAGES + 2) + 7
        second = mention(base, first.cursor)
        assert second.has_more and second.cursor["112233"]["since"] == 10_000
        house.highest += 5  # they come while the walk is on
        third = mention(base, second.cursor)
        fourth = mention(base, third.cursor)
    got = {one.external_id for fetched in (second, third, fourth) for one in fetched.mentions}
    assert got == {f"mention:{number}" for number in range(10_001, house.highest + 1)}
    assert not third.has_more and len(fourth.mentions) == 5


@pytest.mark.parametrize(
    ("status", "failure", "pause"),
    [
        (401, PermanentFailure, None),
        (402, PermanentFailure, None),
        (404, PermanentFailure, None),
        (429, PassingFailure, 90),
    ],
)
def test_mentions_refusals(status: int, failure: type[CollectError], pause: float | None) -> None:
    reset = {"X-Rate-Limit-Reset": str(int(NOW.timestamp()) + 90)}
    with served(lambda asked: Said({}, status, headers=reset)) as base, pytest.raises(failure) as refusal:
        mention(base)
    assert refusal.value.retry_after == pause and TOKEN not in str(refusal.value)


def test_youscan_is_walked_forward_by_its_numbers() -> None:
    total, asked_for = YOUSCAN_PAGE * (YOUSCAN_PAGES + 1) + 3, []

    def answers(asked: Asked) -> Said:
        assert asked.headers["x-api-key"] == TOKEN and asked.params["orderBy"] == "seqAsc"
        since = int(asked.params["sinceSeq"])
        asked_for.append((since, asked.params["from"]))
        numbers = range(since + 1, min(since + int(asked.params["size"]), total) + 1)
        rows = [{"id": str(n), "seq": n, "fullText": f"texte {n}", "source": "b.example", "postType": "post",
                 "sourceType": "blog", "published": "2026-11-20T17:13:03+00:00", "url": f"https://b.example/{n}"}
                for n in numbers]  # fmt: skip
        return Said({"lastSeq": total, "total": total, "mentions": rows})

    with served(answers) as base:
        first = youscan(base)
        second = youscan(base, first.cursor)
    assert first.has_more and not second.has_more and second.cursor["seq"] == total
    assert len({one.external_id for one in first.mentions + second.mentions}) == total
    assert asked_for[0] == (0, "2026-11-18T20:00:00Z") and asked_for[-1][1] == "2026-09-21T20:00:00Z"


@pytest.mark.parametrize(
    ("status", "failure", "pause"),
    [
        (401, PermanentFailure, None),
        (402, PermanentFailure, None),
        (404, PermanentFailure, None),
        (429, PassingFailure, 15),
    ],
)
def test_youscans_refusals(status: int, failure: type[CollectError], pause: float | None) -> None:
    with served(lambda asked: Said("Please enhance your calm", status)) as base, pytest.raises(failure) as refusal:
        youscan(base)
    assert refusal.value.retry_after == pause and TOKEN not in str(refusal.value)


@pytest.mark.parametrize("collect", [brandwatch, talkwalker, mention, youscan])
@pytest.mark.parametrize("body", ['{"results": [', "<html>maintenance</html>", "[]", "3", '{"mentions": 3}'])
def test_an_answer_of_another_shape_is_a_passing_failure(collect: Callable[..., Fetched], body: str) -> None:
    with served(lambda asked: Said(body)) as base, pytest.raises(PassingFailure) as refusal:
        collect(base)
    assert refusal.value.words_fr and refusal.value.words_en
