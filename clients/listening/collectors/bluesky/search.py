"""Bluesky's search: from the newest post back to what is known, and a second look at what was kept of late.

A search shows the latest first, by the earlier of the date that the author's app claims and the date at which the post
was indexed. A walk that stops half-way (a cap, a failure) is gone on with at the next reading: its bounds are in the
cursor. Posts are indexed with a delay, so each walk goes back some minutes beyond the newest post known.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.listening import queries
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.bluesky.account import AT_ONCE, Account, people, person
from clients.listening.collectors.bluesky.kept import Kept
from clients.listening.collectors.bluesky.post import Person, mention
from clients.listening.collectors.bluesky.stream import POSTS, moment
from clients.listening.collectors.protocol import CollectError, Fetched, OutgoingNetwork, PassingFailure, Quota
from clients.listening.matching import Wanted, terms, word_terms
from clients.listening.raw import RawMention, fitting_id
from clients.listening.words import Words

PAGE = 100
PAGES_OF_A_QUERY = 20  # a reading; the rest is read at once afterwards
PAGES = 60
EMPTY_PAGES = 3
SECONDS = 25.0
OVERLAP = timedelta(minutes=5)
_INSTANT = timedelta(milliseconds=1)

NOTHING_TO_HEAR = Words(
    "il n’y a rien à chercher\u00a0: aucune veille n’a de mots, de comptes ni de hashtags à chercher sur ce réseau",
    "there is nothing to look for: no watch has words, accounts or hashtags that this network can look for",
)
_NOT_A_SEARCH = Words(
    "la réponse n’est pas celle d’une recherche de Bluesky", "the answer is not one of Bluesky’s search"
)


def speaking(wanted: Iterable[Wanted]) -> list[Wanted]:
    """The watches that say what they look for: those that take everything cannot be asked of a whole network."""
    return [one for one in wanted if terms(one) or word_terms(one.required)]


def asked(settings: Mapping[str, Any]) -> list[str]:
    """The searches: those written in the settings, or else those of the watches. Raises PassingFailure without any."""
    written = [str(query).strip() for query in settings.get("queries") or () if str(query).strip()]
    found = written or queries.bluesky(speaking(settings.get("wanted") or ()))
    if not found:
        raise PassingFailure("nothing_to_hear", NOTHING_TO_HEAR)
    return found


@dataclass
class Walk:
    """One search, from `until` (None: now) back to `since`; `top` and `reached` are the latest and the earliest post
    met on the way. `page` counts from `until`, which therefore stays the same from page to page."""

    query: str
    since: datetime
    until: datetime | None = None
    top: datetime | None = None
    reached: datetime | None = None
    is_done: bool = False
    seen: set[str] = field(default_factory=set)
    page: str | None = None
    empty: int = 0

    @classmethod
    def from_cursor(cls, query: str, state: Mapping[str, Any] | None, first: datetime) -> Walk:
        """Where the last reading left it."""
        state = state or {}
        return cls(query, moment(state.get("since")) or first, moment(state.get("until")), moment(state.get("top")))

    def params(self) -> dict[str, Any]:
        """What to ask for the next page."""
        bounds = {"since": _written(self.since), "until": _written(self.until) if self.until else None}
        return {"q": self.query, "sort": "latest", "limit": PAGE, "cursor": self.page, **bounds}

    def take(self, posts: Sequence[Mapping[str, Any]], page: str | None) -> None:
        """Notes a page, and whether it was the last: one already seen, one that reaches what is known.

        A page may be empty before the last, when all of its posts are hidden from us. A search stops paging at some
        point (10,000 posts) though there are more: it is then asked anew, from there.
        """
        dates = [date for post in posts if (date := _sorted_at(post))]
        fresh = {str(post["uri"]) for post in posts} - self.seen
        self.seen |= fresh
        if not fresh or not dates:
            self.empty += 1
            self.is_done = bool(posts) or page in (None, self.page) or self.empty > EMPTY_PAGES
            self.page = page
            return
        self.top = max(filter(None, [self.top, *dates]))
        self.reached = min(filter(None, [self.reached, *dates]))
        self.is_done = self.reached < self.since or (page is None and len(posts) < PAGE)
        self.page, self.until = page, self.until if page else self.reached + _INSTANT

    def state(self) -> dict[str, str]:
        """For the cursor. A finished walk leaves only the moment from which the next one goes back."""
        if self.is_done:
            return {"since": _written(max(self.since, self.top - OVERLAP) if self.top else self.since)}
        until = self.reached + _INSTANT if self.reached else self.until
        bounds = {"since": self.since, "until": until, "top": self.top}
        return {name: _written(date) for name, date in bounds.items() if date}


class Search:
    """One reading of all searches. `first` is how far back those go that were never made."""

    def __init__(
        self,
        settings: Mapping[str, Any],
        cursor: Mapping[str, Any],
        *,
        http: OutgoingNetwork,
        now: datetime,
        first: datetime,
    ) -> None:
        self._account = Account(settings, http=http, now=now)
        self._public = Asking(http, str(settings.get("appview") or ""), now=now) if settings.get("appview") else None
        self._kept = Kept(cursor, now)
        self._now, self._cursor = now, cursor
        known = cursor.get("walks") or {}
        self._walks = [Walk.from_cursor(query, known.get(query), first) for query in asked(settings)]
        self._turn = int(cursor.get("turn") or 0) % len(self._walks)
        self._posts: dict[str, Mapping[str, Any]] = {}
        self._quota: Quota | None = None
        self._notes: tuple[Words, ...] = ()
        self._pages = 0
        self._until = time.monotonic() + SECONDS

    def read(self) -> Fetched:
        """Raises CollectError when not even a first page could be had; what came before a failure is kept."""
        is_cut = self._walk_all()
        mentions, seen = self._changed(), list(self._posts)
        again, deleted = self._second_look(seen)
        mentions += again
        calls = self._account.calls + (self._public.calls if self._public else 0)
        return Fetched(
            tuple(mentions),
            {
                **self._cursor,
                "walks": {walk.query: walk.state() for walk in self._walks},
                "turn": self._turn,
                "kept": self._kept.as_list(),
            },
            unchanged=not mentions and not deleted,
            bytes=self._account.bytes + (self._public.bytes if self._public else 0),
            notes=self._notes,
            deleted=tuple(deleted),
            calls=calls,
            quota=self._quota or self._account.quota,
            has_more=not is_cut and any(not walk.is_done for walk in self._walks),
            session=self._account.session,
        )

    def _walk_all(self) -> bool:
        """Every search in turn, beginning where the last reading had to stop; True when a failure cut it short."""
        order = self._walks[self._turn :] + self._walks[: self._turn]
        for walk in order:
            try:
                self._walk(walk)
            except CollectError as failure:
                if not self._pages:
                    raise
                self._quota = self._held(failure)
                self._notes = (Words(failure.words_fr, failure.words_en),)
                return True
            if not self._has_room():
                self._turn = self._walks.index(walk)
                break
        return False

    def _held(self, failure: CollectError) -> Quota | None:
        if failure.retry_after is None:
            return failure.quota
        return Quota(0, self._now + timedelta(seconds=failure.retry_after))

    def _has_room(self) -> bool:
        return self._pages < PAGES and time.monotonic() < self._until

    def _walk(self, walk: Walk) -> None:
        for _page in range(PAGES_OF_A_QUERY):
            if walk.is_done or (self._pages and not self._has_room()):
                return
            answer = self._account.get("app.bsky.feed.searchPosts", walk.params())
            posts, page = _page_of(answer)
            self._pages += 1
            walk.take(posts, page)
            self._posts |= {str(post["uri"]): post for post in posts}

    def _changed(self) -> list[RawMention]:
        """The posts that are new or edited since they were last looked at."""
        new = [post for post in self._posts.values() if not self._kept.is_same(_id(post), str(post.get("cid")))]
        known = people(self._public, [post["author"]["did"] for post in new]) if self._public else {}
        found = [made for post in new if (made := _mention(post, known))]
        for post in reversed(list(self._posts.values())):  # the latest last: it is remembered for longest
            self._kept.keep(_id(post), str(post.get("cid")))
        return found

    def _second_look(self, seen: Iterable[str]) -> tuple[list[RawMention], list[str]]:
        """Some posts kept of late, asked for by name, of nobody in particular: whoever blocks our account would seem
        gone. What is not shown any more is gone; what has other content was edited."""
        names = self._kept.longest_unseen(AT_ONCE, map(fitting_id, seen))
        if not names or self._public is None:
            return [], []
        try:
            posts, _page = _page_of(self._public.get("xrpc/app.bsky.feed.getPosts", {"uris": names}))
        except CollectError:
            return [], []
        shown = {_id(post): post for post in posts}
        edited = [post for name, post in shown.items() if not self._kept.is_same(name, str(post.get("cid")))]
        for name, post in shown.items():
            self._kept.keep(name, str(post.get("cid")))
        gone = [name for name in names if name not in shown]
        self._kept.forget(gone)
        return [made for post in edited if (made := _mention(post, {}))], gone


def _page_of(answer: Any) -> tuple[list[Mapping[str, Any]], str | None]:
    """The posts of a page, what is none left out, and the cursor of the next. Raises PassingFailure."""
    if not isinstance(answer, Mapping) or not isinstance(answer.get("posts"), list):
        raise PassingFailure("not_a_search", _NOT_A_SEARCH)
    page = answer.get("cursor")
    return list(_well_formed(answer["posts"])), page if isinstance(page, str) and page else None


def _well_formed(posts: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    for post in posts:
        if (
            isinstance(post, Mapping)
            and isinstance(post.get("record"), Mapping)
            and isinstance(post.get("author"), Mapping)
            and isinstance(post["author"].get("did"), str)
            and f"/{POSTS}/" in str(post.get("uri"))
        ):
            yield post


def _mention(post: Mapping[str, Any], known: Mapping[str, Person]) -> RawMention | None:
    did = post["author"]["did"]
    labels = [str(label.get("val") or "") for label in post.get("labels") or () if isinstance(label, Mapping)]
    return mention(
        did,
        str(post["uri"]).rpartition("/")[2],
        post["record"],
        seen_at=moment(post.get("indexedAt")),
        by=known.get(did) or person(post["author"]),
        labels=tuple(filter(None, labels)),
    )


def _id(post: Mapping[str, Any]) -> str:
    return fitting_id(str(post["uri"]))


def _sorted_at(post: Mapping[str, Any]) -> datetime | None:
    """The date by which a search sorts."""
    dates = [date for date in (moment(post["record"].get("createdAt")), moment(post.get("indexedAt"))) if date]
    return min(dates) if dates else None


def _written(date: datetime) -> str:
    return date.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
