"""From posts to distinct authors."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.detection.buckets import authors_per_bucket, bucket_at

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_one_author_who_posts_all_the_time_counts_once_an_hour() -> None:
    posts = [(NOON + timedelta(minutes=minute), "bruno") for minute in range(0, 90, 2)]
    assert authors_per_bucket(posts) == [(NOON, 1), (NOON + timedelta(hours=1), 1)]


def test_authors_are_counted_in_the_bucket_of_their_first_post_whatever_the_order() -> None:
    posts = [(NOON + timedelta(minutes=7), "b"), (NOON, "a"), (NOON + timedelta(minutes=4), "b")]
    assert authors_per_bucket(posts) == [(NOON, 2)]


def test_a_bucket_begins_at_a_multiple_of_five_minutes() -> None:
    assert bucket_at(NOON + timedelta(minutes=9, seconds=59)) == NOON + timedelta(minutes=5)
    with pytest.raises(ValueError, match="time zone"):
        bucket_at(NOON.replace(tzinfo=None))
