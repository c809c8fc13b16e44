"""Looks again at posts of X already read: which are gone. Each look is billed as a reading, so it is only on demand.

X bills a post once a day (UTC): a second look on the same day is free, the first one on each following day is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import CollectError
from clients.listening.collectors.x.posts import gone, ids_of, moment_of
from clients.listening.collectors.x.search import Reading

KEPT = 500
KEPT_FOR = timedelta(hours=72)
AT_ONCE = 100
EVERY_S = 3_600.0


def look_again(api: Asking, state: Mapping[str, Any], reading: Reading, *, now: datetime) -> dict[str, Any]:
    """Asks once an hour what became of a hundred recent posts, the least recently asked first; the new state.

    The state is {"at": seconds of the last look, "posts": {id: day on whose bill it is}}.
    """
    today = f"{now:%Y-%m-%d}"
    posts = _still_recent({**state.get("posts", {}), **dict.fromkeys(reading.seen, today)}, now)
    at = float(state.get("at") or now.timestamp())
    is_time = now.timestamp() >= at + EVERY_S
    asked = [one for one in posts if one not in reading.seen][:AT_ONCE]
    owed = sum(posts[one] != today for one in asked)
    if not is_time or not asked or reading.trouble or (reading.left is not None and reading.left < owed):
        return {"at": at, "posts": posts}
    try:
        answer = api.get("/2/tweets", {"ids": ",".join(asked)})
    except CollectError as failure:
        reading.trouble = failure
        return {"at": at, "posts": posts}
    there, missing = set(ids_of(answer)), set(gone(answer)) & set(asked)
    reading.bill(sum(posts[one] != today for one in there & set(asked)))
    reading.deleted |= missing
    for one in asked:  # to the end of the queue
        day = posts.pop(one)
        if one not in missing:
            posts[one] = today if one in there else day
    return {"at": now.timestamp(), "posts": posts}


def _still_recent(posts: Mapping[str, str], now: datetime) -> dict[str, str]:
    kept = [(one, day) for one, day in posts.items() if (moment_of(one) or now) > now - KEPT_FOR]
    return dict(_latest(kept))


def _latest(kept: list[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """At most KEPT of them; those that were to be asked last go first out of a queue that is too long."""
    return kept if len(kept) <= KEPT else sorted(kept, key=lambda item: int(item[0]))[-KEPT:]
