"""From mentions to counts: five-minute buckets of distinct authors."""

from collections.abc import Hashable, Iterable
from datetime import UTC, datetime, timedelta

SECONDS = 300
LENGTH = timedelta(seconds=SECONDS)
PER_HOUR = 3600 // SECONDS
# An author counts once an hour: one person who posts every five minutes is not a surge,
# and "23 authors in one hour" stays true when twelve buckets are added up.
SAME_AUTHOR = timedelta(hours=1)


def bucket_at(moment: datetime) -> datetime:
    """Return the start (UTC) of the five-minute bucket that holds an aware moment; ValueError if it is naive."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be put in a bucket")
    seconds = int(moment.timestamp())
    return at(seconds - seconds % SECONDS)


def at(seconds: int) -> datetime:
    """Return the aware UTC moment of a number of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def authors_per_bucket(posts: Iterable[tuple[datetime, Hashable]]) -> list[tuple[datetime, int]]:
    """Count distinct authors a bucket, in time order, empty buckets left out.

    posts: (published at, author), in any order. Somebody who was counted less than an hour ago is not counted again.
    """
    return authors_in_order(sorted(posts, key=lambda post: post[0]))


def authors_in_order(posts: Iterable[tuple[datetime, Hashable]]) -> list[tuple[datetime, int]]:
    """The same for posts that come in the order of their time: read one by one, so that a year of them may be many."""
    counted_at: dict[Hashable, datetime] = {}
    counts: list[tuple[datetime, int]] = []
    count, ends_at = 0, None
    for moment, author in posts:
        previous = counted_at.get(author)
        if previous is not None and moment - previous < SAME_AUTHOR:
            continue
        counted_at[author] = moment
        if ends_at is None or moment >= ends_at:
            if ends_at is not None:
                counts.append((ends_at - LENGTH, count))
            count, ends_at = 0, bucket_at(moment) + LENGTH
        count += 1
    return counts if ends_at is None else [*counts, (ends_at - LENGTH, count)]
