"""What an answer does with what it answers (denies, asks, supports, comments): its figures, and a learner of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import PCA
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from clients.listening.reading.embeddings import Encode, Encoder
from clients.listening.reading.embeddings import encode as installed
from incidents.detection.stance_words import cues

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
FOLDS = 5
SHAPES = 40  # main directions of an embedding that the trees read
TREES = 200
GRID = np.linspace(-1.5, 2.5, 41)  # shifts of a stance's log-probability tried
WEIGHTS = {"trees": 2.0, "lines": 1.0, "words": 0.7}  # in the pool of log-probabilities
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

    Three readings: trees on figures, a logistic regression on figures and embeddings, one on words; blended by a
    logarithmic pool. Rare stances are then raised by the shift that gives the best macro-F1 on groups not learnt from.
    """

    encoders: tuple[Encoder, ...] = ("use",)  # e5 beside it costs thirty times more and adds nothing that was measured
    encode: Encode = installed
    trees: int = TREES
    classes: tuple[str, ...] = ()
    shift: Floats = field(default_factory=lambda: np.zeros(0))

    def fit(self, said: Sequence[Said], labels: Sequence[str], groups: Sequence[str]) -> Self:
        """Learn from posts, their stances and the group (event) of each. Raises ValueError under two stances."""
        self.classes = tuple(sorted(set(labels)))
        if len(self.classes) < 2:
            raise ValueError("Two stances at least are needed to learn to tell them apart.")
        target = np.searchsorted(np.asarray(self.classes), np.asarray(labels))
        seen = self._seen(said)
        held = np.zeros((len(said), len(self.classes)))
        for judged in _folds(target, groups):
            held[judged] = self._learnt(seen, target, ~judged).logs(seen, judged)
        self.shift = best_shift(held, target)
        self._blend = self._learnt(seen, target, np.ones(len(said), bool))
        return self

    def answers(self, said: Sequence[Said]) -> list[str]:
        """Return the stance of each post."""
        if not said:
            return []
        logs = self._blend.logs(self._seen(said), np.ones(len(said), bool))
        return [self.classes[best] for best in (logs + self.shift).argmax(axis=1)]

    def _learnt(self, seen: _Seen, target: Ints, learn: npt.NDArray[np.bool_]) -> _Blend:
        return _Blend(len(self.classes), self.trees).fit(seen, target, learn)

    def _seen(self, said: Sequence[Said]) -> _Seen:
        texts = [one.text for one in said]
        vectors: dict[str, Floats] = {}
        for name in self.encoders:
            found = self.encode(name, texts)
            if found is not None:
                vectors[name] = np.asarray(found, float)
        readable = [_LINK.sub("url", _HANDLE.sub("@u", text[:2_000])) for text in texts]
        return _Seen(figures(said, vectors.get("use")), vectors, readable)


@dataclass(frozen=True)
class _Seen:
    figures: Floats
    vectors: dict[str, Floats]
    texts: list[str]


class _Blend:
    """The three readings of one set of threads."""

    def __init__(self, classes: int, trees: int) -> None:
        self._classes = classes
        self._trees = trees

    def fit(self, seen: _Seen, target: Ints, learn: npt.NDArray[np.bool_]) -> Self:
        """Learn from the rows where `learn`; scales, directions and vocabulary come from these rows alone."""
        vectors = {name: value[learn] for name, value in seen.vectors.items()}
        self._shapes = {
            name: PCA(min(SHAPES, *value.shape), random_state=0).fit(value) for name, value in vectors.items()
        }
        self._scales = {name: StandardScaler().fit(value) for name, value in vectors.items()}
        self._scale = StandardScaler().fit(seen.figures[learn])
        texts = [seen.texts[row] for row in np.flatnonzero(learn)]
        self._words = [reading for reading in _vocabularies() if _fits(reading, texts)]
        matrices = self._matrices(seen, learn)
        self._models = {name: _model(name, self._trees).fit(matrix, target[learn]) for name, matrix in matrices.items()}
        return self

    def logs(self, seen: _Seen, asked: npt.NDArray[np.bool_]) -> Floats:
        """Return the pooled log-probabilities of the rows where `asked`, rows x stances; one never met is lowest."""
        pooled = np.zeros((int(asked.sum()), self._classes))
        for name, matrix in self._matrices(seen, asked).items():
            said = np.zeros_like(pooled)
            said[:, self._models[name].classes_] = self._models[name].predict_proba(matrix)
            pooled += WEIGHTS[name] * np.log(said + _LEAST)
        return pooled / sum(WEIGHTS[name] for name in self._models)

    def _matrices(self, seen: _Seen, rows: npt.NDArray[np.bool_]) -> dict[str, Any]:
        figures = seen.figures[rows]
        shapes = [shape.transform(seen.vectors[name][rows]) for name, shape in self._shapes.items()]
        dense = [0.3 * scale.transform(seen.vectors[name][rows]) for name, scale in self._scales.items()]
        found: dict[str, Any] = {
            "trees": np.hstack([figures, *shapes]),
            "lines": np.hstack([self._scale.transform(figures), *dense]),
        }
        if self._words:
            texts = [seen.texts[row] for row in np.flatnonzero(rows)]
            found["words"] = sparse.hstack([reading.transform(texts) for reading in self._words]).tocsr()
        return found


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


def _model(name: str, trees: int) -> Any:
    if name == "trees":
        return ExtraTreesClassifier(
            trees, min_samples_leaf=4, max_features=0.2, class_weight="balanced_subsample", random_state=0
        )
    return LogisticRegression(C=0.02 if name == "lines" else 3.0, max_iter=300, tol=1e-3)


def _vocabularies() -> list[TfidfVectorizer]:
    return [
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=60_000),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True, max_features=60_000),
    ]


def _fits(reading: TfidfVectorizer, texts: Sequence[str]) -> bool:
    try:
        reading.fit(texts)
    except ValueError:  # no word comes twice
        return False
    return True


def _folds(target: Ints, groups: Sequence[str]) -> list[npt.NDArray[np.bool_]]:
    """Return the rows that each fold judges, a group never cut; a lone group judges itself by halves."""
    numbers = np.unique(np.asarray(groups), return_inverse=True)[1]
    if numbers.max() == 0:
        numbers = np.arange(len(target))
    fold_of, filled = np.zeros(numbers.max() + 1, int), np.zeros(FOLDS)
    sizes = np.bincount(numbers)
    for group in np.argsort(-sizes, kind="stable"):  # the largest first, each into the lightest fold
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    masks = [fold_of[numbers] == fold for fold in range(FOLDS)]
    return [mask for mask in masks if mask.any() and len(np.unique(target[~mask])) > 1]
