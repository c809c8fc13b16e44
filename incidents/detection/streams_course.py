"""Narrow streams followed on from where they were left: a look costs its new posts, and says what all of them say.

A course keeps a follower and the seal of what it took. While the store gives the same seal, nothing came late, was
corrected or withdrawn, and only what is new is taken. Otherwise the course goes back to its last checkpoint that still
holds; where none does, it begins anew. What a process keeps is never the truth, only what the store has just confirmed.
"""

import pickle
import zlib
from collections import OrderedDict, deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import NamedTuple, Protocol

from .streams import Alarm, Follower, Heard, Setting

Place = tuple[datetime, int]  # moment and number: the order in which posts are followed

STEP = 250  # posts from one checkpoint to the next: what comes late has as many at most followed again
CHECKPOINTS = 3
# Measured: a post takes 0.9 kB in a live course, 20 bytes in each checkpoint: some 150 MB at most, all together.
MOST_LIVE = 50_000
MOST_KEPT = 2_000_000


class Post(NamedTuple):
    """One post at its place. `seal`: a number of 64 bits that changes with anything the streams read of it."""

    place: Place
    seal: int
    heard: Heard


class Store(Protocol):
    """The posts of one watch as they stand now."""

    def beginning(self) -> Place:
        """Return the place after which following begins."""

    def seal(self, since: Place, until: Place) -> int:
        """Return the sum of the seals of the posts after `since`, up to and with `until`."""

    def after(self, place: Place) -> Sequence[Post]:
        """Return the posts after that place, in order."""


@dataclass
class Stand:
    """How far a follower went: after which post, with which seal, over which closings."""

    follower: Follower
    beginning: Place
    place: Place
    seal: int = 0
    taken: int = 0
    closings: list[datetime] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)

    def take(self, post: Post, closings: Sequence[datetime]) -> None:
        """Take the next post; after a closing the next strike is another incident."""
        passed = [closing for closing in closings if closing <= post.heard.at]
        if len(passed) > len(self.closings):
            self.follower.forgive()
            self.closings = passed
        self.alarms += self.follower.take([post.heard])
        self.place, self.seal, self.taken = post.place, self.seal + post.seal, self.taken + 1

    def holds(self, store: Store, closings: Sequence[datetime]) -> bool:
        """Tell whether following anew would come to stand here too."""
        passed = [closing for closing in closings if closing <= self.place[0]] if self.taken else []
        if passed != self.closings or self.beginning != store.beginning():
            return False
        return store.seal(self.beginning, self.place) == self.seal


class Course:
    """The narrow streams of one watch, followed on, with a checkpoint each `step` posts. Not shared by threads."""

    def __init__(self, setting: Setting, step: int = STEP) -> None:
        self.setting, self.step = setting, step
        self.taken = 0
        self._stand: Stand | None = None
        self._checkpoints: deque[tuple[int, bytes]] = deque(maxlen=CHECKPOINTS)  # posts taken, and the stand packed

    def follow(self, store: Store, closings: Sequence[datetime] = ()) -> list[Alarm]:
        """Take what is new and return every alarm since the beginning, as if all were followed anew.

        closings: when incidents of this watch were closed, in any order.
        """
        closings = sorted(closings)
        stand = self._stand
        if stand is None or not stand.holds(store, closings):
            stand = self._gone_back(store, closings)
        posts = store.after(stand.place)
        self._stand = None  # should a post break us, the stand is not to be trusted
        for number, post in enumerate(posts):
            stand.take(post, closings)
            if len(posts) - number <= self.step * CHECKPOINTS and stand.taken - self._last_checkpoint() >= self.step:
                self._checkpoint(stand)
        self._stand, self.taken = stand, stand.taken
        return list(stand.alarms)

    @property
    def is_live(self) -> bool:
        """Tell whether the follower is unpacked: larger, and ready."""
        return self._stand is not None

    def rest(self) -> None:
        """Keep the stand packed: forty times smaller, some ten milliseconds to unpack."""
        if self._stand and self._stand.taken > self._last_checkpoint():
            self._checkpoint(self._stand)
        self._stand = None

    def _gone_back(self, store: Store, closings: Sequence[datetime]) -> Stand:
        while self._checkpoints:
            packed = self._checkpoints[-1][1]
            stand: Stand = pickle.loads(zlib.decompress(packed))  # noqa: S301 - packed below, by this very process
            if stand.holds(store, closings):
                return stand
            self._checkpoints.pop()
        beginning = store.beginning()
        return Stand(Follower(self.setting), beginning, beginning)

    def _last_checkpoint(self) -> int:
        return self._checkpoints[-1][0] if self._checkpoints else 0

    def _checkpoint(self, stand: Stand) -> None:
        packed = zlib.compress(pickle.dumps(stand, pickle.HIGHEST_PROTOCOL), 1)
        self._checkpoints.append((stand.taken, packed))


class Courses:
    """The courses of one process, lent one at a time. Those not looked at for longest rest, then are forgotten."""

    def __init__(self, most_live: int = MOST_LIVE, most_kept: int = MOST_KEPT) -> None:
        self._most_live, self._most_kept = most_live, most_kept
        self._kept: OrderedDict[Hashable, tuple[Hashable, Course]] = OrderedDict()
        self._lock = Lock()

    def lend(self, key: Hashable, terms: Hashable, setting: Setting) -> Course:
        """Return the course of that key, a new one when it was followed on other terms. Nobody else is lent it."""
        with self._lock:
            known, course = self._kept.pop(key, (None, None))
        return course if course is not None and known == terms else Course(setting)

    def take_back(self, key: Hashable, terms: Hashable, course: Course) -> None:
        """Keep a course for the next look; what is then too much in memory is packed or forgotten."""
        with self._lock:
            self._kept[key] = (terms, course)
            self._make_room()

    def __len__(self) -> int:
        return len(self._kept)

    def _make_room(self) -> None:
        live = sum(course.taken for _, course in self._kept.values() if course.is_live)
        kept = sum(course.taken for _, course in self._kept.values())
        for key, (_, course) in list(self._kept.items())[:-1]:
            if live > self._most_live and course.is_live:
                live -= course.taken
                course.rest()
            if kept > self._most_kept:
                kept -= course.taken
                del self._kept[key]
