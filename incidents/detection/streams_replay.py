"""What a watch would have raised: its past through every stream, from a habit that begins with nothing."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from . import surge
from .streams import SILENCE, Alarm, Follower, Heard, Setting, share_that_attacks, verdict

Counts = Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class WouldFire:
    """One signal of the replay; `why`: sentences in both languages."""

    at: datetime
    stream: str
    attack: str
    why: dict[str, tuple[str, ...]]


def replayed(
    posts: Sequence[Heard], counts: Counts, per_month: float, *, until: datetime, quiet: surge.Quiet = ()
) -> list[WouldFire]:
    """Return the signals of the posts, oldest first, one an incident; `counts` are authors per five minutes."""
    narrow = [_told(alarm) for alarm in Follower(Setting(per_month)).take(posts)]
    surges = surge.scan(None, counts, surge.Setting(per_month), until=until, quiet=quiet)[1]
    total = [_of_total(one, posts) for one in surges]
    return _one_an_incident(sorted([*narrow, *total], key=lambda fired: fired.at))


def _of_total(one: surge.Surge, posts: Sequence[Heard]) -> WouldFire:
    first = bisect_left(posts, one.started_at, key=lambda post: post.at)
    last = bisect_left(posts, one.detected_at, key=lambda post: post.at)
    attack = verdict(*share_that_attacks(posts[first:last]))
    return WouldFire(one.detected_at, "all", attack, {"fr": one.reasons("fr"), "en": one.reasons("en")})


def _told(alarm: Alarm) -> WouldFire:
    return WouldFire(alarm.at, alarm.stream, alarm.attack, dict(alarm.why))


def _one_an_incident(fired: Iterable[WouldFire]) -> list[WouldFire]:
    kept: list[WouldFire] = []
    last = None
    for one in fired:
        if one.stream == "urgent":
            kept.append(one)
        elif last is None or (one.at - last).total_seconds() >= SILENCE:
            kept.append(one)
            last = one.at
    return kept
