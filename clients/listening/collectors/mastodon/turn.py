"""One reading of a Mastodon server: each query walks on, and what one cannot bring the others still do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from clients.listening.collectors.asking import Asking
from clients.listening.collectors.mastodon.posts import Post, read
from clients.listening.collectors.mastodon.recent import Recent
from clients.listening.collectors.mastodon.walk import Allowance, Query, Walk, walk
from clients.listening.collectors.protocol import CollectError, Fetched, HeldBack, PassingFailure, Quota
from clients.listening.words import Words

FAILURES_BORNE = 2  # one broken timeline must not silence the others, nor a dead server hold us for each of them
_SERVER_WIDE = frozenset({"http_429", "http_503", "dns", "connection", "tls", "private_address", "token_refused"})


class Turn:
    """What one reading gathers: the queries' new places, the posts by uri, and what was odd."""

    def __init__(self, asking: Asking, domain: str, recent: Recent, *, keeps_private: bool) -> None:
        self._asking = asking
        self._domain = domain
        self._recent = recent
        self._keeps_private = keeps_private
        self._places: dict[str, Any] = {}
        self._posts: dict[str, Post] = {}
        self._failures: list[CollectError] = []
        self._notes: list[Words] = []
        self._has_more = False

    def ask(self, asked: Sequence[Query], known: Mapping[str, Any], now: datetime) -> None:
        """Walks every query on, another one first each time. Raises CollectError when not one of them answered."""
        allowance, answered = Allowance(self._asking), 0
        before: Mapping[str, Any] = known.get("places") or {}
        self._places = {query.key: before[query.key] for query in asked if query.key in before}
        first = int(known.get("turn") or 0) % len(asked)
        for query in (*asked[first:], *asked[:first]):
            try:
                walked = walk(query, self._places.get(query.key, {}), allowance, now)
            except CollectError as failure:
                self._bear(query, failure, now)
                if self._is_enough(failure):
                    break
            else:
                answered += 1
                self._take(query, walked, now)
                if walked.failure:
                    break
        if self._failures and (not answered or self._failures[-1].code == "token_refused"):
            raise self._failures[-1] if answered else self._failures[0]

    def fetched(
        self, base: Mapping[str, Any], known: Mapping[str, Any], notes: Sequence[Words], now: datetime
    ) -> Fetched:
        """The reading's outcome, after another look at posts of the last days."""
        for post in self._posts.values():
            self._recent.note(post)
        again = self._recent.look_again(self._asking, self._domain, known.get("again") or {}, now)
        for post in again.found:
            self._posts.setdefault(post.uri, post)
        uris = self._recent.uris(self._asking, self._domain, list(self._posts.values()))
        cursor = {
            **base,
            "places": self._places,
            "turn": int(known.get("turn") or 0) + 1 if len(self._places) > 1 else 0,
            "again": again.state,
            "recent": self._recent.kept(),
        }
        return Fetched(
            tuple(post.named(uris) for post in self._posts.values()),
            cursor,
            unchanged=not self._posts and not again.gone and not self._has_more,
            bytes=self._asking.bytes,
            calls=self._asking.calls,
            notes=(*notes, *self._notes),
            deleted=tuple(again.gone),
            quota=self._asking.quota,
            has_more=self._has_more,
        )

    def _take(self, query: Query, walked: Walk, now: datetime) -> None:
        self._places[query.key] = walked.state
        self._has_more = self._has_more or walked.has_more
        self._keep(query, walked.items)
        if walked.failure:
            self._bear(query, walked.failure, now)

    def _keep(self, query: Query, items: Iterable[dict[str, Any]]) -> None:
        """What anybody may read is kept, and what was addressed to our account when its owner wants it here."""
        for item in items:
            post = read(item.get("status") if query.is_addressed else item, self._domain)
            if post and (post.is_open or (query.is_addressed and self._keeps_private)):
                if post.boosted:
                    self._posts.setdefault(post.boosted.uri, post.boosted)
                self._posts[post.uri] = post

    def _bear(self, query: Query, failure: CollectError, now: datetime) -> None:
        """Notes what a query could not bring. A server that asks for a pause gets it, whatever else it answered."""
        self._failures.append(failure)
        if isinstance(failure, HeldBack):
            self._has_more = True
            return
        self._notes.append(Words(f"{query.key}\u00a0: {failure.words_fr}", f"{query.key}: {failure.words_en}"))
        quota = self._asking.quota
        if failure.retry_after and (quota is None or quota.left):
            self._asking.quota = Quota(0, now + timedelta(seconds=failure.retry_after))

    def _is_enough(self, failure: CollectError) -> bool:
        passing = sum(isinstance(one, PassingFailure) for one in self._failures)
        return failure.code in _SERVER_WIDE or isinstance(failure, HeldBack) or passing >= FAILURES_BORNE
