"""What an answer does with what it answers (denies, asks, supports, comments): its figures, and a learner of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from clients.listening.reading.embeddings import Encode, Encoder
from clients.listening.reading.embeddings import encode as installed
from incidents.detection.alike import Alike, Alikes, Floats, Once, Ridge
from incidents.detection.stance_words import cues

Ints = npt.NDArray[np.intp]
FOLDS = 5  # of a lone group, which judges itself
GRID = np.linspace(-1.5, 2.5, 41)  # shifts of a stance's log-probability tried
MEANINGS: dict[Encoder, float] = {"use": 1.0}  # e5 beside it costs thirty times more and adds nothing measured
PENALTY = 4.0
REACH = 0.3  # how fast posts that stand elsewhere count less: 1 / e at 1 / 0.3 median distances
_SCALE = 2.4  # brings the likeness of texts near 1
_FAR = 4.0  # standard deviations
_FLOOR = 0.02  # the least probability
_LEAST = 1e-6
_PRESS = re.compile(r"journal|report|news|editor|correspond|producer|media|press|broadcast|official|breaking", re.I)
_LINK = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"@\w+")


@dataclass(frozen=True, slots=True)
class Said:
    """One post of a thread. `above`: position of the post answered, None for a root; `first`: that of the thread's.

    `at` in seconds; `counts`: followers, friends, posts, reposts, likes; 0.0 for what is not known.
    """

    text: str
    author: str
    at: float
    above: int | None
    first: int
    depth: int
    bio: str = ""
    is_verified: bool = False
    counts: tuple[float, ...] = (0.0,) * 5


@dataclass
class StanceReader:
    """Learns stances from threads. The same threads in the same order give the same answers.

    A ridge on how alike two posts are: by what they say, by where they stand (figures), and by both at once. Rare
    stances are then raised by the shift that gives the best macro-F1 on groups not learnt from. Learning takes room
    for the square of the posts: 70 MB a table for 4,000.
    """

    encode: Encode = installed
    classes: tuple[str, ...] = ()
    shift: Floats = field(default_factory=lambda: np.zeros(0))

    def fit(self, said: Sequence[Said], labels: Sequence[str], groups: Sequence[str]) -> Self:
        """Learn from posts, their stances and the group (event) of each. Raises ValueError under two stances."""
        self.classes = tuple(sorted(set(labels)))
        if len(self.classes) < 2:
            raise ValueError("Two stances at least are needed to learn to tell them apart.")
        target = np.searchsorted(np.asarray(self.classes), np.asarray(labels))
        self._posts = _Posts(Once(self.encode)).fit(said)
        rarity = (len(target) / np.bincount(target)[target]) ** 0.5
        wanted = np.eye(len(self.classes))[target]
        apart = list(groups) if len(set(groups)) > 1 else [str(row % FOLDS) for row in range(len(said))]
        self._ridge = Ridge(PENALTY).fit(self._posts.among(), wanted, apart, rarity / rarity.mean())
        self.shift = best_shift(_logs(self._ridge.held), target)
        return self

    def answers(self, said: Sequence[Said]) -> list[str]:
        """Return the stance of each post."""
        if not said:
            return []
        logs = np.vstack([_logs(self._ridge.say(alikes)) for alikes in self._posts.beside(said)])
        return [self.classes[best] for best in (logs + self.shift).argmax(axis=1)]


class _Posts:
    """How alike posts are, in what they say and in where they stand in their threads."""

    def __init__(self, reads: Encode) -> None:
        self._reads = reads
        self._alike = Alike(reads, MEANINGS)

    def fit(self, said: Sequence[Said]) -> Self:
        """Know these posts."""
        raw = self._figures(said)
        self._middle, self._width = raw.mean(axis=0), raw.std(axis=0) + _LEAST
        self._known = self._scaled(raw)
        self._texts = self._alike.fit([bare(one.text) for one in said]).among()
        self._unit = float(np.median(_distances(self._known, self._known))) or 1.0
        return self

    def among(self) -> Alikes:
        """Return the likeness of each post known with each other one."""
        return self._joined(self._texts, self._known)

    def beside(self, said: Sequence[Said]) -> Iterator[Alikes]:
        """Yield the likenesses of other posts with those known, some rows at a time, in order."""
        figures, start = self._scaled(self._figures(said)), 0
        for alikes in self._alike.beside([bare(one.text) for one in said]):
            yield self._joined(alikes, figures[start : start + len(alikes)])
            start += len(alikes)

    def _figures(self, said: Sequence[Said]) -> Floats:
        vectors = self._reads("use", [bare(one.text) for one in said])
        return figures(said, None if vectors is None else np.asarray(vectors, float))

    def _scaled(self, raw: Floats) -> Alikes:
        return np.clip((raw - self._middle) / self._width, -_FAR, _FAR).astype(np.float32)

    def _joined(self, texts: Alikes, figures: Alikes) -> Alikes:
        places = np.exp(-REACH / self._unit * _distances(figures, self._known))
        return np.asarray(texts / np.float32(_SCALE) * (1 + 2 * places) + places, np.float32)


def _distances(some: Alikes, others: Alikes) -> Alikes:
    """Return the squared distance of each row with each other one, never under 0."""
    squares = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None] - 2 * some @ others.T
    return np.asarray(np.maximum(squares, 0), np.float32)


def _logs(said: Floats) -> Floats:
    return np.log(np.clip(said, _FLOOR, 1))


def bare(text: str) -> str:
    """Return what a post says, without the links and the accounts that it names."""
    return _HANDLE.sub("", _LINK.sub("", text[:2_000])).strip()


def figures(said: Sequence[Said], vectors: Floats | None = None) -> Floats:
    """Return posts x figures: the cues of each text, of the text answered, of its whole thread; and its place in it.

    `vectors`: one embedding a text, for the likeness with what is answered; 0 without.
    """
    count = len(said)
    own = np.vstack([cues(one.text) for one in said])
    above = np.asarray([-1 if one.above is None else one.above for one in said])
    first = np.asarray([one.first for one in said])
    answered = np.where((above >= 0)[:, None], own[above], 0.0)
    thread = np.zeros_like(own)
    np.add.at(thread, first, own)
    sizes = np.bincount(first, minlength=count)
    thread = thread[first] / sizes[first][:, None]
    likeness = np.zeros((count, 4))
    if vectors is not None:
        likeness[:, 0], likeness[:, 1] = _alike(vectors, above), _alike(vectors, first)
    words = [frozenset(one.text.lower().split()[:400]) for one in said]
    likeness[:, 2] = [_shared(mine, words[up]) if up >= 0 else 1.0 for mine, up in zip(words, above, strict=True)]
    likeness[:, 3] = [_shared(mine, words[top]) for mine, top in zip(words, first, strict=True)]
    return np.hstack([own, answered, thread, likeness, _places(said, above, first, sizes, own[:, 0])])


def best_shift(logs: Floats, target: Ints) -> Floats:
    """Return what to add to each stance's log-probability for the best macro-F1; the commonest stance stays at 0.

    Each shift in turn takes the middle of the best stretch of the grid: a peak of one step is chance.
    """
    classes = logs.shape[1]
    shift = np.zeros(classes)
    common = int(np.bincount(target, minlength=classes).argmax())
    for _ in range(3):
        for stance in (stance for stance in range(classes) if stance != common):
            worth = np.asarray([_macro_f1(logs + _put(shift, stance, step), target) for step in GRID])
            smooth = np.convolve(np.pad(worth, 2, "edge"), np.full(5, 0.2), "valid")
            shift[stance] = GRID[smooth.argmax()]
    return shift


def _put(shift: Floats, stance: int, step: float) -> Floats:
    moved = shift.copy()
    moved[stance] = step
    return moved


def _macro_f1(logs: Floats, target: Ints) -> float:
    classes = logs.shape[1]
    met = np.bincount(target * classes + logs.argmax(axis=1), minlength=classes * classes).reshape(classes, classes)
    right = np.diag(met)
    return float(np.mean(2 * right / np.maximum(met.sum(axis=0) + met.sum(axis=1), 1)))


def _places(said: Sequence[Said], above: Ints, first: Ints, sizes: Ints, asks: Floats) -> Floats:
    """Return where each post stands in its thread, and what is known of its account."""
    answers = np.bincount(above[above >= 0], minlength=len(said))
    asked = np.bincount(above[above >= 0], weights=asks[above >= 0], minlength=len(said))
    return np.asarray(
        [
            [
                up < 0,
                one.depth,
                min(one.depth, 3),
                one.depth == 1,
                np.log1p(max(0.0, one.at - said[top].at) / 60),
                np.log1p(max(0.0, one.at - said[up].at) / 60) if up >= 0 else 0.0,
                np.log1p(answers[row]),
                np.log1p(sizes[top]),
                asked[row] / max(1, answers[row]),
                one.author == said[top].author,
                up >= 0 and one.author == said[up].author,
                up >= 0 and said[up].depth > 0 and said[up].author == said[top].author,
                one.is_verified,
                *np.log1p(one.counts),
                bool(_PRESS.search(one.bio)),
                bool(one.bio),
            ]
            for row, (one, up, top) in enumerate(zip(said, above, first, strict=True))
        ],
        float,
    )


def _alike(vectors: Floats, others: Ints) -> Floats:
    """Return the cosine of each vector with another row's; 1 for a row that has no other."""
    lengths = np.linalg.norm(vectors, axis=1) + 1e-9
    cosines = (vectors * vectors[others]).sum(axis=1) / (lengths * lengths[others])
    return np.where(others >= 0, cosines, 1.0)


def _shared(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / max(1, len(mine | theirs))
