"""A batch of mentions as JSON: all or nothing, each bad row named."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.listening.batch import BatchError, RowProblem, decode_batch
from clients.listening.raw import RawMention, check, is_plain

GOOD = {"external_id": "1", "text": "bonjour", "published_at": "2026-11-20T19:15:00+01:00"}


def problems(body: object, limit: int = 10_000) -> list[RowProblem]:
    with pytest.raises(BatchError) as refusal:
        decode_batch(body if isinstance(body, bytes) else json.dumps(body).encode(), limit)
    return refusal.value.problems


def test_a_list_and_an_object_with_mentions_are_the_same_batch() -> None:
    (mention,) = decode_batch(json.dumps([GOOD]).encode())
    assert decode_batch(json.dumps({"mentions": [GOOD]}).encode()) == [mention]
    assert mention.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert mention.published_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"external_id": ""}, "external_id", "missing"),
        ({"external_id": "x" * 501}, "external_id", "too_long"),
        ({"external_id": 7}, "external_id", "wrong_type"),
        ({"text": " \n"}, "text", "missing"),
        ({"text": "x" * 20_001}, "text", "too_long"),
        ({"text": "\x00\u202e"}, "text", "missing"),
        ({"author_handle": "a\x00b"}, "author_handle", "unstorable"),
        ({"refers_to": "a\x1bb"}, "refers_to", "unstorable"),
        ({"text": None}, "text", "wrong_type"),
        ({"published_at": "2026-11-20T19:15:00"}, "published_at", "naive_date"),
        ({"published_at": "hier"}, "published_at", "bad_date"),
        ({"published_at": 1700000000}, "published_at", "wrong_type"),
        ({"url": "javascript:alert(1)"}, "url", "not_a_web_address"),
        ({"author_url": "ftp://a.example"}, "author_url", "not_a_web_address"),
        ({"network": "Twitter !"}, "network", "bad_network"),
        ({"language": "français"}, "language", "bad_language"),
        ({"kind": "rumour"}, "kind", "bad_kind"),
        ({"followers": -1}, "followers", "bad_count"),
        ({"reach": 2**63}, "reach", "bad_count"),
        ({"mood": "angry"}, "mood", "unknown_field"),
    ],
)
def test_one_bad_field_is_named_with_its_row(change: dict[str, Any], field: str, code: str) -> None:
    (problem,) = problems([GOOD, {**GOOD, **change}])
    assert (problem.row, problem.field, problem.code) == (1, field, code)
    assert problem.words.fr != problem.words.en
    assert "{" not in problem.words.fr + problem.words.en


def test_a_missing_field_and_a_row_that_is_no_object_are_named() -> None:
    found = problems([{"text": "a"}, {"external_id": "1"}, 3, "x", None, []])
    assert [(p.row, p.field, p.code) for p in found] == [
        (0, "external_id", "missing"),
        (1, "text", "missing"),
        *((row, "", "not_an_object") for row in (2, 3, 4, 5)),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"[", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'[{"external_id":"1","text":"\\ud800"}]', "not_json"),
        (b"null", "not_a_list"),
        (b'"text"', "not_a_list"),
        (b'{"rows": []}', "not_a_list"),
        (b"[]", "empty"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_whole(body: bytes, code: str) -> None:
    (problem,) = problems(body)
    assert (problem.row, problem.code) == (None, code)


def test_ten_thousand_and_one_rows_are_refused_before_any_is_read() -> None:
    (problem,) = problems([3] * 10_001)
    assert problem.code == "too_many_rows"
    assert "10001" in problem.words.fr
    assert len(decode_batch(json.dumps([GOOD] * 10_000).encode())) == 10_000


def test_at_most_a_hundred_problems_are_listed() -> None:
    with pytest.raises(BatchError) as refusal:
        decode_batch(json.dumps([3] * 500).encode())
    assert (len(refusal.value.problems), refusal.value.more) == (100, True)


def test_a_date_far_in_the_future_is_flagged_and_not_refused() -> None:
    now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    ahead = RawMention(external_id="1", text="a", published_at=now + timedelta(hours=25))
    (flag,) = check(ahead, now=now)
    assert (flag.code, flag.refuses) == ("future_date", False)
    assert check(ahead) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_crashes_the_decoder(body: bytes) -> None:
    try:
        mentions = decode_batch(body)
    except BatchError as error:
        assert error.problems
    else:
        assert all(check(mention) == [] for mention in mentions)


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_what_is_accepted_comes_through_untouched(text: str) -> None:
    sent = RawMention(external_id="1", text=text, published_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert decode_batch(msgspec.json.encode([sent])) == [sent]


ODD = st.sampled_from(
    ["", " ", "a", "a b", "é\u00a0", "\x07", "\u202e", "http://x", "HTTPS://x", "javascript:x", "x" * 300]
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["external_id", "text", "url", "network", "language", "author_url"]), ODD))
def test_what_a_few_looks_find_plain_has_nothing_wrong(odd: dict[str, str]) -> None:
    mention = RawMention(**{"external_id": "1", "text": "Bonjour", **odd})
    assert not (is_plain(mention) and check(mention))


def test_an_ordinary_post_is_plain() -> None:
    assert is_plain(
        RawMention(external_id="1", text="Été\nà deux", url="https://a.example/1", network="x", language="fr")
    )
