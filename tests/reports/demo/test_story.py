"""What the demo is made of: invented, deterministic, and loud enough for the detector."""

from datetime import UTC, datetime, timedelta

import pytest

from clients.listening.matching import Matcher, Wanted
from incidents.detection import surge
from incidents.detection.buckets import authors_per_bucket, bucket_at
from reports.demo import quiet
from reports.demo.cast import PASSWORD, ClientStory
from reports.demo.network import STORIES
from reports.demo.performances import SCRIPTS
from reports.demo.strikes import Strike

NOW = datetime(2026, 11, 23, 9, 3, tzinfo=UTC)
STORY = {story.schema_name: story for story in STORIES}


def heard(story: ClientStory, text: str) -> bool:
    words = [Wanted(number, brand.words) for number, brand in enumerate(story.brands)]
    return bool(Matcher(words).matches(text))


def test_quiet_days_are_the_same_whenever_they_are_asked() -> None:
    week = list(quiet.posts(STORIES[0], NOW - timedelta(days=7), NOW))
    halves = [*quiet.posts(STORIES[0], NOW - timedelta(days=7), NOW - timedelta(days=3)),
              *quiet.posts(STORIES[0], NOW - timedelta(days=3), NOW)]  # fmt: skip
    assert week == halves
    assert len({post.number for post in week}) == len(week) > 40


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.path)
def test_every_quiet_post_is_about_the_client(story: ClientStory) -> None:
    posts = list(quiet.posts(story, NOW - timedelta(days=35), NOW))
    assert [post.text for post in posts if not heard(story, post.text) or "{" in post.text] == []


@pytest.mark.parametrize("strike", SCRIPTS, ids=lambda strike: strike.code)
def test_every_post_of_a_strike_is_about_its_client(strike: Strike) -> None:
    story = STORY[strike.schema_name]
    assert [line.text for line in strike.lines if not heard(story, line.text)] == []


def test_the_first_strike_has_the_cast_of_the_trade() -> None:
    accounts = {part: {line.handle for line in SCRIPTS[0].lines if line.part == part} for part in
                ("instigator", "pack", "popcorn", "customer", "ally")}  # fmt: skip
    assert {part: len(handles) for part, handles in accounts.items()} == {
        "instigator": 1, "pack": 8, "popcorn": 30, "customer": 2, "ally": 4}  # fmt: skip
    assert 60 <= len(SCRIPTS[0].lines) <= 80


@pytest.mark.parametrize("strike", SCRIPTS, ids=lambda strike: strike.code)
@pytest.mark.parametrize("seconds", [0, 150, 290], ids=["bucket-begins", "middle", "bucket-ends"])
def test_the_detector_sees_a_strike_within_two_minutes(strike: Strike, seconds: int) -> None:
    began = bucket_at(NOW) + timedelta(seconds=seconds)
    story = STORY[strike.schema_name]
    past = [(post.published_at, post.handle) for post in quiet.posts(story, NOW - timedelta(weeks=5), began)]
    told = [(post.published_at, post.handle) for post in strike.posts(1, began)]
    seen = began + timedelta(minutes=2)
    counts = authors_per_bucket([*past, *(one for one in told if one[0] < seen)])
    state, before = surge.scan(None, counts, surge.Setting(), until=seen)
    running = surge.partial(state, seen, dict(counts).get(bucket_at(seen), 0))
    assert [found for found in (*before, running.surge) if found and found.detected_at >= began]


def test_the_past_weeks_are_quiet_to_the_detector() -> None:
    for story in STORIES:
        past = [(post.published_at, post.handle) for post in quiet.posts(story, NOW - timedelta(weeks=5), NOW)]
        _, found = surge.scan(None, authors_per_bucket(past), surge.Setting(), until=NOW)
        assert found == []


def test_the_password_is_long_enough_for_the_house() -> None:
    assert len(PASSWORD) >= 12
