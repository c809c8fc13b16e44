"""Posts of the last days, looked at again now and then: edited, deleted, or the parent of what comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.mastodon.posts import Post, read
from clients.listening.collectors.protocol import CollectError
from clients.listening.raw import fitting_id

REMEMBERED = timedelta(hours=72)
AT_MOST = 400  # posts remembered: about 40 kB of the cursor
AGAIN_EVERY, AGAIN_AT_ONCE = timedelta(minutes=5), 40  # each of 400 posts is seen again within the hour
BATCH = 20  # numbers a call
SINGLES = 10  # calls for single posts in one turn
KEPT_CALLS = 20  # the quota left for the queries themselves
_CANNOT_BATCH = frozenset({"http_400", "http_404", "http_405", "http_422", "not_json", "token_needed", "http_501"})
_GONE = frozenset({"http_404", "gone"})


@dataclass
class Again:
    """What another look found: posts still there, external ids `gone`, and the `state` for the next look."""

    state: dict[str, Any]
    found: list[Post] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class Recent:
    """What is remembered of a source's posts: number, uri, and when it was published; the longest unseen first."""

    def __init__(self, kept: Sequence[Sequence[str]], now: datetime) -> None:
        self._now = now
        self._posts: dict[str, tuple[str, str]] = {number: (uri, when) for number, uri, when in kept}
        self._can_batch = True

    def note(self, post: Post) -> None:
        """Remembers a post that came in."""
        moment = post.mention.published_at or self._now
        self._posts.setdefault(post.id, (post.uri, moment.isoformat()))

    def kept(self) -> list[list[str]]:
        """For the cursor: at most 400 posts of the last 72 hours."""
        young = {
            number: (uri, when)
            for number, (uri, when) in self._posts.items()
            if self._now - datetime.fromisoformat(when) < REMEMBERED
        }
        newest = set(sorted(young, key=lambda number: young[number][1])[-AT_MOST:])
        return [[number, *young[number]] for number in young if number in newest]

    def look_again(self, asking: Asking, domain: str, before: Mapping[str, Any], now: datetime) -> Again:
        """Every five minutes, forty posts as they are now. What cannot be looked at stays as it was."""
        self._can_batch = before.get("batch") is not False
        last = before.get("at")
        if not last or now - datetime.fromisoformat(last) < AGAIN_EVERY or _is_scarce(asking):
            return Again({"at": last or now.isoformat(), "batch": self._can_batch})
        numbers = [number for number, *_ in self.kept()][:AGAIN_AT_ONCE]
        found, gone = self._look_up(asking, domain, numbers)
        again = Again({"at": now.isoformat(), "batch": self._can_batch}, list(found.values()))
        again.gone = [fitting_id(self._posts[number][0]) for number in gone]
        for number in gone:
            del self._posts[number]
        for number in found:  # to the end of the line
            self._posts[number] = self._posts.pop(number)
        return again

    def uris(self, asking: Asking, domain: str, posts: Sequence[Post]) -> dict[str, str]:
        """The uri of each post that these answer or quote, by its number; asked for where it is not known yet."""
        known = {number: uri for number, (uri, _) in self._posts.items()}
        wanted = {number for post in posts for number in (post.parent_id, post.quoted_id) if number}
        missing = sorted(wanted - set(known))[:BATCH]
        if missing and not _is_scarce(asking):
            found, _ = self._look_up(asking, domain, missing)
            known.update({number: post.uri for number, post in found.items()})
        return known

    def _look_up(self, asking: Asking, domain: str, numbers: Sequence[str]) -> tuple[dict[str, Post], list[str]]:
        """The posts found, and the numbers gone: a post that a batch leaves out is asked for alone before we say so."""
        found: dict[str, Post] = {}
        gone: list[str] = []
        try:
            for start in range(0, len(numbers), BATCH):
                found.update(self._batch(asking, domain, numbers[start : start + BATCH]))
            for number in [number for number in numbers if number not in found][:SINGLES]:
                self._single(asking, domain, number, found, gone)
        except CollectError:
            pass  # the queries went well: another look can wait
        return found, gone

    def _batch(self, asking: Asking, domain: str, numbers: Sequence[str]) -> dict[str, Post]:
        if not self._can_batch:
            return {}
        try:
            answer = asking.get("api/v1/statuses", {"id[]": list(numbers)})
        except CollectError as failure:
            if failure.code not in _CANNOT_BATCH:
                raise
            self._can_batch = False
            return {}
        posts = (read(status, domain) for status in answer) if isinstance(answer, list) else ()
        return {post.id: post for post in posts if post and post.id in numbers}

    def _single(self, asking: Asking, domain: str, number: str, found: dict[str, Post], gone: list[str]) -> None:
        try:
            post = read(asking.get(f"api/v1/statuses/{quote(number, safe='')}"), domain)
        except CollectError as failure:
            if failure.code not in _GONE:
                raise
            gone.append(number)
        else:
            if post and post.id == number:
                found[number] = post


def _is_scarce(asking: Asking) -> bool:
    return asking.quota is not None and asking.quota.left is not None and asking.quota.left < KEPT_CALLS
