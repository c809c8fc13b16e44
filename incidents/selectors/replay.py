"""The last thirty days of a watch, replayed: what it would have raised, at which rates."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.models import Watch
from incidents.choices import Stream
from incidents.detection.streams_replay import WouldFire, replayed
from incidents.selectors import hits, stretches

REPLAYED = timedelta(days=30)
HABIT = timedelta(days=33)  # heard before, so that the first replayed day is judged like the last
RATES = (0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class Fired:
    """A signal that would have been raised, its stream in words."""

    at: datetime
    stream: str
    attack: str
    why: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many signals another setting would have raised."""

    per_month: float
    signals: int
    by_stream: tuple[tuple[str, int], ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """`heard`: posts replayed; `fired`: newest first."""

    since: datetime
    heard: int
    fired: tuple[Fired, ...]
    rates: tuple[Rate, ...]


def replay_of(watch: Watch, now: datetime) -> Replay:
    """The thirty days before `now` through every stream of the watch, and the counts that other rates would give."""
    begins, since = now - REPLAYED - HABIT, now - REPLAYED
    posts = stretches.followed(watch, begins, now)
    counts = hits.authors_per_bucket(watch, begins, now)
    quiet = hits.planned_noise(watch, begins, now)
    mine = watch.false_alarms_per_month
    found = {
        rate: [one for one in replayed(posts, counts, rate, until=now, quiet=quiet) if one.at >= since]
        for rate in sorted({*RATES, mine})
    }
    return Replay(
        since=since,
        heard=sum(post.at >= since for post in posts),
        fired=tuple(_fired(one) for one in reversed(found[mine])),
        rates=tuple(_rate(rate, fired, is_current=rate == mine) for rate, fired in found.items()),
    )


def _fired(one: WouldFire) -> Fired:
    return Fired(one.at, str(Stream(one.stream).label), one.attack, one.why)


def _rate(per_month: float, fired: list[WouldFire], *, is_current: bool) -> Rate:
    counted = Counter(one.stream for one in fired).most_common()
    by_stream = tuple((str(Stream(stream).label), count) for stream, count in counted)
    return Rate(per_month, len(fired), by_stream, is_current)
