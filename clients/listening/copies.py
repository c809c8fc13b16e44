"""Which texts repeat each other: the same words, or nearly; and who was first.

Near copies are found in two steps. Four keys are drawn from each text so that two texts that share a part J of their
pairs of words (Jaccard) share a key with probability 1 - (1 - J³)⁴: MinHash with banding, Broder 1997, Indyk and
Motwani 1998. Texts that share a key are then compared whole, so that a key shared by chance folds nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import chain, pairwise
from operator import itemgetter
from zlib import crc32

import msgspec
import numpy as np

WINDOW = timedelta(days=7)  # what comes later is news again, and is shown again
FEWEST_WORDS, FEWEST_CHARACTERS = 5, 25  # shorter is a ritual sentence, which strangers write by themselves
FEWEST_WORDS_NEAR = 8  # in a shorter text one word changed is another text
LIKENESS = 0.6  # of the pairs of words; measured on real posts: see DECISIONS
BANDS, ROWS = 4, 3

COMPARED = 100  # firsts that share one key with a text and are compared with it: a bound on a batch made to cost

# Marks over letters, and what joins or hides without being seen.
_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufe0f\ufeff]+")
_TOKEN = re.compile(r"https?://\S+|www\.\S+|@\w+(?:[.@-]\w+)*|\w+")
_WORD = re.compile(r"\w+")
_ADDRESSES = ("http://", "https://", "www.")
_SEEDS = np.random.Generator(np.random.PCG64(20261123)).integers(2**62, size=(BANDS * ROWS, 2), dtype=np.uint64) * 2 + 1
_PAIR = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)
_NOTHING = np.uint64(2**64 - 1)


def words_of(text: str) -> list[str]:
    """The words that make the text, without case, accents, punctuation, links, nor the handles at its two ends."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    plain = plain.lower()
    if not plain.isascii():
        plain = _INVISIBLE.sub("", plain)
    if "@" in plain or "://" in plain or "www." in plain:
        return _words_alone([token for token in _TOKEN.findall(plain) if not token.startswith(_ADDRESSES)])
    tokens: list[str] = _WORD.findall(plain)  # the same, much faster
    return _words_alone(tokens) if tokens and tokens[0] == "rt" else tokens


def _words_alone(tokens: list[str]) -> list[str]:
    first, last = 0, len(tokens)
    while first < last and (tokens[first][0] == "@" or tokens[first] == "rt"):
        first += 1
    while last > first and tokens[last - 1][0] == "@":
        last -= 1
    return tokens[first:last]


def text_hash(words: Sequence[str], author: str = "") -> int | None:
    """64 bits (signed) by which the same text is known again; None for a short text whose author is not known.

    What is too short to be copied is known again only from the same `author` ("network handle").
    """
    text = " ".join(words)
    if len(words) < FEWEST_WORDS or len(text) < FEWEST_CHARACTERS:
        if not author or not words:
            return None
        text = f"{author}\n{text}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def keys_of(texts: Sequence[Sequence[str]]) -> list[tuple[int, ...]]:
    """The four keys (64 bits, signed) of each text given as its words; none for those too short to be nearly copied."""
    long = [number for number, words in enumerate(texts) if len(words) >= FEWEST_WORDS_NEAR]
    found: list[tuple[int, ...]] = [()] * len(texts)
    if not long:
        return found
    said = list(chain.from_iterable(texts[number] for number in long))
    codes = {word: crc32(word.encode()) for word in set(said)}
    words = np.fromiter(map(codes.__getitem__, said), dtype=np.uint64, count=len(said))
    ends = np.cumsum([len(texts[number]) for number in long])
    with np.errstate(over="ignore"):
        for number, keys in zip(long, _keys(words, ends), strict=True):
            found[number] = tuple(keys)
    return found


def _keys(words: np.ndarray, ends: np.ndarray) -> list[list[int]]:
    pairs = _mixed(words[:-1] * _PAIR[0] + _mixed(words[1:] * _PAIR[1]))
    pairs = np.append(pairs, _NOTHING)
    starts = np.concatenate(([0], ends[:-1]))
    least = []
    for factor, shift in _SEEDS:
        drawn = pairs * factor + shift
        drawn[ends - 1] = _NOTHING  # the last word of a text makes no pair with the next text's first
        least.append(np.minimum.reduceat(drawn, starts))
    bands = [_joined(least[band * ROWS : (band + 1) * ROWS], band).view(np.int64) for band in range(BANDS)]
    return np.stack(bands, axis=1).tolist()  # type: ignore[no-any-return]


def _joined(parts: Sequence[np.ndarray], band: int) -> np.ndarray:
    key = np.full_like(parts[0], band + 1)
    for part in parts:
        key = _mixed(key * _PAIR[0] + part)
    return key


def _mixed(values: np.ndarray) -> np.ndarray:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014), value by value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: np.ndarray = values ^ (values >> np.uint64(31))
    return result


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The part of their pairs of words that two texts share (Jaccard), 0 to 1."""
    return _alike(set(pairwise(one)), set(pairwise(other)))


def _alike(left: set[tuple[str, str]], right: set[tuple[str, str]]) -> float:
    both = len(left & right)
    return both / (len(left) + len(right) - both) if both else 0.0


class Post(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What is looked at of a mention to know what it repeats. `words` may be empty where it was not loaded."""

    id: int
    published_at: datetime
    is_date_sure: bool
    source_id: int
    external_id: str
    url: str = ""
    network: str = ""
    kind: str = "post"
    refers_to: str = ""
    text_hash: int | None = None
    words: Sequence[str] = ()
    keys: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[datetime, int, str]:
        """Who was first. Not by number: that is the order of arrival, which chance decides."""
        return (self.published_at, self.source_id, self.external_id)

    @property
    def asks(self) -> bool:
        """Whether it says itself what it repeats."""
        return bool(self.refers_to) and self.kind in ("repost", "quote")

    @property
    def names(self) -> tuple[str, ...]:
        """By what others may refer to it."""
        return (self.external_id, self.url) if self.url else (self.external_id,)


def target(post: Post, candidates: Iterable[Post]) -> Post | None:
    """The one of `candidates` that a repost or quote repeats: the first published; None when none can be it.

    A number counts on the same source or network only. What repeats comes after, by a week at most, where both dates
    are sure.
    """
    fit = [other for other in candidates if other.id != post.id and _may_repeat(post, other)]
    return min(fit, key=lambda other: other.order, default=None)


def _may_repeat(post: Post, other: Post) -> bool:
    if post.refers_to == other.external_id:
        if other.source_id != post.source_id and (not post.network or other.network != post.network):
            return False
    elif post.refers_to != other.url:
        return False
    after = post.published_at - other.published_at
    if not (post.is_date_sure and other.is_date_sure):
        return abs(after) <= WINDOW
    return timedelta(0) <= after <= WINDOW


def firsts(posts: Iterable[Post]) -> dict[int, Post | None]:
    """For each post (by its id) the first post whose text it repeats, within a week; None for a first one itself.

    Posts are taken in the order of their publication, and compared with the firsts before them only, so the answer
    hangs on the posts alone and not on the order in which they came in.
    """
    marked = [(post, _marks(post)) for post in posts]
    found: dict[int, Post | None] = {post.id: None for post, _its_marks in marked}
    shared = _seen_twice(chain.from_iterable(marks for _post, marks in marked))
    leading: defaultdict[int, list[_Leading]] = defaultdict(list)
    alike = [(post.order, post, marks) for post, marks in marked if not shared.isdisjoint(marks)]
    for _order, post, marks in sorted(alike, key=itemgetter(0)):
        one = _Leading(post, set(pairwise(post.words)))
        found[post.id] = first = _first_of(one, marks, leading)
        if first is None:
            for mark in shared.intersection(marks):
                leading[mark].append(one)
    return found


def _marks(post: Post) -> tuple[int, ...]:
    return () if post.text_hash is None else (post.text_hash, *post.keys)


def _seen_twice(marks: Iterable[int]) -> set[int]:
    """Most texts share no mark with any other: what they are compared by need not be looked at."""
    return {mark for mark, times in Counter(marks).items() if times > 1}


class _Leading(msgspec.Struct, eq=False, gc=False):
    """A post and its pairs of words, drawn once."""

    post: Post
    pairs: set[tuple[str, str]]


def _first_of(one: _Leading, marks: Iterable[int], leading: Mapping[int, list[_Leading]]) -> Post | None:
    since = one.post.published_at - WINDOW
    fit: dict[int, bool] = {}
    first: Post | None = None
    for mark in marks:
        near = leading.get(mark)
        while near and near[0].post.published_at < since:
            near.pop(0)
        for other in (near or ())[:COMPARED]:
            if (is_fit := fit.get(other.post.id)) is None:
                is_fit = fit[other.post.id] = _repeats(one, other)
            if is_fit:
                first = other.post if first is None else min(first, other.post, key=lambda post: post.order)
                break
    return first


def _repeats(one: _Leading, other: _Leading) -> bool:
    return one.post.text_hash == other.post.text_hash or _alike(one.pairs, other.pairs) >= LIKENESS
