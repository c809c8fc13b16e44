"""Mentions that repeat another are folded under the first of them: reposts, quotes, copies, nearly equal copies.

What repeats what hangs on the mentions alone, never on the order in which they came in: when an earlier one comes
late, those that it is the root of move under it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db.backends.utils import CursorWrapper

from clients.choices import Fold
from clients.listening.copies import WINDOW, Post, firsts, keys_of, target, words_of
from clients.listening.raw import whole
from clients.models import Fingerprint
from clients.services.copying import CELL, copy_in, numbers_array, texts_array

FINGERPRINT_LIFE = WINDOW + timedelta(days=1)
LONGEST_CHAIN = 50  # a repost of a quote of a quote…; beyond, somebody plays with us

_FIELDS = (
    "id", "published_at", "is_date_sure", "source_id", "external_id", "url", "network", "kind", "refers_to",
    "text_hash",
)  # fmt: skip
_POST = """
SELECT m.id, m.published_at, m.is_date_sure, m.source_id, m.external_id, m.url, coalesce(a.network, ''), m.kind,
    m.refers_to, m.text_hash, m.title, m.text, m.root_id, m.fold
FROM clients_mention m LEFT JOIN clients_author a ON a.id = m.author_id
"""
# The first mentions whose text is one of these, or is likely to be nearly one of these.
_FIRSTS = f"""
WITH wanted AS MATERIALIZED (
    SELECT m.id FROM unnest(%(hashes)s::bigint[]) AS h CROSS JOIN LATERAL (
        SELECT id FROM clients_mention WHERE text_hash = h AND root_id IS NULL
            AND published_at BETWEEN %(since)s AND %(until)s OFFSET 0) m
    UNION
    SELECT f.mention_id FROM unnest(%(keys)s::bigint[]) AS k CROSS JOIN LATERAL (
        SELECT mention_id FROM clients_fingerprint WHERE key = k OFFSET 0) f
)
SELECT o.* FROM wanted CROSS JOIN LATERAL (
    {_POST} WHERE m.id = wanted.id OFFSET 0) o
WHERE o.root_id IS NULL AND o.text_hash IS NOT NULL AND o.published_at BETWEEN %(since)s AND %(until)s
"""  # noqa: S608
_BY_ID = f"{_POST} WHERE m.id = ANY(%s::bigint[])"
_UNDER = f"{_POST} WHERE m.root_id = ANY(%s::bigint[])"
# One look-up a name in a small index: an array of a thousand names makes PostgreSQL read the whole table.
_ASKING_FOR = f"""
{_POST} WHERE m.id = ANY(ARRAY(
    SELECT o.id FROM unnest(%s::text[]) AS n CROSS JOIN LATERAL (
        SELECT id FROM clients_mention WHERE refers_to = n AND refers_to <> '' OFFSET 0) o))
"""  # noqa: S608
_NAMED = f"""
{_POST} WHERE m.id = ANY(ARRAY(
    SELECT id FROM clients_mention WHERE source_id = ANY(ARRAY(SELECT id FROM clients_source))
        AND external_id = ANY(%(names)s::text[])
    UNION ALL
    SELECT o.id FROM unnest(%(names)s::text[]) AS n CROSS JOIN LATERAL (
        SELECT id FROM clients_mention WHERE url = n AND url <> '' OFFSET 0) o))
"""  # noqa: S608
_MOVE = """
UPDATE clients_mention m SET root_id = i.root, fold = i.fold
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS i(id, root, fold) WHERE m.id = i.id
"""
_KEEP_KEYS = """
INSERT INTO clients_fingerprint (key, mention_id, seen_at)
SELECT i.key, i.mention_id, %s FROM unnest(%s::bigint[], %s::bigint[]) AS i(key, mention_id)
WHERE NOT EXISTS (SELECT FROM clients_fingerprint f WHERE f.key = i.key AND f.mention_id = i.mention_id)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Under which mention one is folded (None: under none), and how (clients.choices.Fold, or "")."""

    root: int | None = None
    fold: str = ""


_FIRST = Place()


def look_up(cursor: CursorWrapper, *, new: Sequence[Post], edited: Sequence[int]) -> Board:
    """The place of each of the `new` mentions, which are not written yet, and of the known ones that must move.

    `edited` are the numbers of known mentions whose words have just changed. Call it with the ingest's lock held, then
    `settle` when the new ones are written.
    """
    board = Board(cursor, new)
    changed = [*new, *board.load(_BY_ID, [numbers_array(edited)])]
    board.place(changed)
    board.follow()
    return board


def settle(*, board: Board, edited: Collection[int], now: datetime) -> None:
    """Moves the known mentions that must move, and keeps the keys by which those that are first will be found."""
    moved = board.moved()
    if moved:
        places = [board.places[number] for number in moved]
        roots, folds = numbers_array(place.root for place in places), texts_array(place.fold for place in places)
        board.cursor.execute(_MOVE, [numbers_array(moved), roots, folds])
    _keep_keys(board, edited, now)


def forget_old(*, now: datetime) -> int:
    """Deletes the keys of texts older than the week in which they can fold something; returns how many."""
    return Fingerprint.objects.filter(seen_at__lt=now - FINGERPRINT_LIFE).delete()[0]


class Board:
    """The mentions that one batch concerns, as far as they had to be looked up, and the place of each."""

    def __init__(self, cursor: CursorWrapper, new: Sequence[Post]) -> None:
        self.cursor = cursor
        self.posts = {post.id: post for post in new}
        self.was: dict[int, Place] = {}  # of those that are written
        self.places: dict[int, Place] = {}
        self.targets: dict[int, Post] = {}
        self._followed: set[int] = set()

    def load(self, query: str, values: Sequence[str] | Mapping[str, Any]) -> list[Post]:
        """What the query finds, each mention once on the board; those known already as they are there."""
        self.cursor.execute(query, values)
        rows = self.cursor.fetchall()
        fresh = [row for row in rows if row[0] not in self.posts]
        words = [words_of(whole(row[10], row[11])) if row[9] is not None else [] for row in fresh]
        for row, said, keys in zip(fresh, words, keys_of(words), strict=True):
            named = dict(zip(_FIELDS, row, strict=False))
            self.posts[row[0]] = Post(**named, words=said, keys=keys)
            self.was[row[0]] = Place(row[12], row[13])
        return [self.posts[row[0]] for row in rows]

    def place(self, changed: Sequence[Post]) -> None:
        """Gives a place to these, and to those that must make way for them."""
        asking = self._aim([*changed, *self._asking_for(changed)])
        left = [post for post in asking if post.id in self.was and self.was[post.id] == _FIRST]
        edited = [post for post in changed if post.id in self.was]
        self._compare([*(post for post in changed if post.id not in self.targets), *self._copies_of([*left, *edited])])

    def follow(self) -> None:
        """Folds reposts and quotes under the root of what they repeat, then those that repeat these, to the end."""
        moved = list(self.targets)
        for _turn in range(LONGEST_CHAIN):
            for number in moved:
                self.places[number] = self._place_of_asking(self.posts[number])
            fresh = [self.posts[n] for n in self.moved() if n not in self._followed]
            asking = self._aim(self._asking_for(fresh)) if fresh else []
            moved = [post.id for post in asking]
            self._followed.update(post.id for post in fresh)
            if not moved:
                break
        for number in self.targets:
            self.places[number] = self._place_of_asking(self.posts[number])

    def moved(self) -> list[int]:
        """Those that are written elsewhere than where they belong now."""
        return [number for number, place in self.places.items() if number in self.was and self.was[number] != place]

    def _asking_for(self, posts: Sequence[Post]) -> list[Post]:
        names = [name for post in posts for name in post.names]
        return [post for post in self.load(_ASKING_FOR, [texts_array(names)]) if post.asks] if names else []

    def _aim(self, posts: Iterable[Post]) -> list[Post]:
        """Finds what each repost or quote repeats; those of them that repeat something that we have."""
        asking = list({post.id: post for post in posts if post.asks}.values())
        if not asking:
            return []
        self.load(_NAMED, {"names": texts_array({post.refers_to for post in asking})})
        named: dict[str, list[Post]] = {}
        for post in self.posts.values():
            for name in post.names:
                named.setdefault(name, []).append(post)
        found = {post.id: target(post, named.get(post.refers_to, ())) for post in asking}
        self.targets.update((number, aimed) for number, aimed in found.items() if aimed is not None)
        return [post for post in asking if post.id in self.targets]

    def _copies_of(self, posts: Sequence[Post]) -> list[Post]:
        """The copies folded under these; reposts and quotes of something that we have are not folded for their text."""
        if not posts:
            return []
        under = self.load(_UNDER, [numbers_array(post.id for post in posts)])
        self._aim(under)
        return [post for post in under if post.id not in self.targets]

    def _compare(self, pending: Sequence[Post]) -> None:
        """Puts each text under the first that it repeats; firsts that are first no more free what was under them."""
        compared: dict[int, Post] = {}
        places: dict[int, Post | None] = {}
        while pending:
            self.places.update((post.id, _FIRST) for post in pending if post.text_hash is None)
            pending = [post for post in pending if post.text_hash is not None]
            compared.update((post.id, post) for post in [*pending, *self._likely_firsts(pending)])
            compared = {number: post for number, post in compared.items() if number not in self.targets}
            places = firsts(compared.values())
            freed = [
                post for post in compared.values() if places[post.id] is not None and self.was.get(post.id) == _FIRST
            ]
            pending = [post for post in self._copies_of(freed) if post.id not in compared]
        for number, first in places.items():
            self.places[number] = _place_under(self.posts[number], first)

    def _likely_firsts(self, posts: Sequence[Post]) -> list[Post]:
        if not posts:
            return []
        values = {
            "hashes": numbers_array({post.text_hash for post in posts}),
            "keys": numbers_array(set(chain.from_iterable(post.keys for post in posts))),
            "since": min(post.published_at for post in posts) - WINDOW,
            "until": max(post.published_at for post in posts) + WINDOW,
        }
        return self.load(_FIRSTS, values)

    def _place_of_asking(self, post: Post) -> Place:
        """Under the root of what it repeats. Two that say of each other that they repeat it: under the first."""
        chain = [post]
        while (aimed := self.targets.get(chain[-1].id)) is not None:
            if aimed in chain:
                chain.append(min(chain[chain.index(aimed) :], key=lambda one: one.order))
                break
            chain.append(aimed)
        last = chain[-1]
        place = self.places.get(last.id, self.was.get(last.id, _FIRST)) if last.id not in self.targets else _FIRST
        root = last.id if place.root is None else place.root
        return _FIRST if root == post.id else Place(root, _asked(post))


def _asked(post: Post) -> str:
    return Fold.REPOST.value if post.kind == "repost" else Fold.QUOTE.value


def _place_under(post: Post, first: Post | None) -> Place:
    if first is None:
        return _FIRST
    if post.kind == "repost":
        return Place(first.id, Fold.REPOST.value)
    return Place(first.id, Fold.COPY.value if post.text_hash == first.text_hash else Fold.NEAR.value)


def _keep_keys(board: Board, edited: Collection[int], now: datetime) -> None:
    """Only of first ones: texts are compared with these."""
    leading = [board.posts[number] for number, place in board.places.items() if place.root is None]
    fresh = [post for post in leading if post.id not in board.was]
    ends = [f"{CELL}{post.id}{CELL}{now.isoformat()}" for post in fresh]
    rows = [f"{key}{end}" for post, end in zip(fresh, ends, strict=True) for key in set(post.keys)]
    copy_in("clients_fingerprint", ("key", "mention_id", "seen_at"), rows, cursor=board.cursor)
    known = [post for post in leading if post.id in board.was and (post.id in edited or board.was[post.id] != _FIRST)]
    again = [(key, post.id) for post in known for key in post.keys]
    if again:
        keys, numbers = zip(*again, strict=True)
        board.cursor.execute(_KEEP_KEYS, [now, numbers_array(keys), numbers_array(numbers)])
