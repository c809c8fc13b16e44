"""A learner of labels from few short texts: several readings of one text, blended by what each is worth.

Members: words and pieces of words (TF-IDF), each embedding that is installed, latent terms where they are asked for,
the figures that come with the texts; each is a logistic regression. They are blended by a logarithmic pool (Genest and
Zidek 1986) whose weights minimise the log-loss of out-of-fold answers inside the training texts: texts of one group
never help to judge each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.preprocessing import StandardScaler

from clients.listening.evaluation.latent_terms import Terms
from clients.listening.reading.embeddings import Encode, Encoder
from clients.listening.reading.embeddings import encode as installed

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Seen = dict[str, Any]  # a member's name -> its matrix, texts x columns, dense or sparse
FOLDS = 5
STRENGTHS = (0.5, 2.0, 8.0)  # inverse regularisations tried, for rows of about unit length
_LEAST = 1e-6
_FIGURES_WEIGHT = 0.5  # length of a row of figures beside a text of unit length


@dataclass
class TextLearner:
    """Learns labels from texts; the same texts and labels give the same answers.

    `embeddings`: those to use when installed; `encode`: where they come from; `terms`: where latent terms come from,
    None for a reading without. `words`: whether TF-IDF takes part.
    `clean`: what is done to a text before TF-IDF reads it. `class_weight`: "balanced" or None.
    """

    embeddings: tuple[Encoder, ...] = ("e5", "use")
    words: bool = True
    class_weight: str | None = None
    clean: Callable[[str], str] = str
    encode: Encode = installed
    terms: Terms | None = None
    strengths: tuple[float, ...] = STRENGTHS
    classes: tuple[str, ...] = ()
    worth: dict[str, float] = field(default_factory=dict)

    def fit(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        groups: Sequence[object] | None = None,
        extra: Floats | None = None,
    ) -> Self:
        """Learn from texts and labels. `groups`: one per text; `extra`: figures beside the texts, texts x figures.

        Sets `classes` (sorted) and `worth` (each member's weight in the blend). Raises ValueError under two labels.
        """
        self.classes = tuple(sorted(set(labels)))
        if len(self.classes) < 2:
            raise ValueError("Two labels at least are needed to learn to tell them apart.")
        target = np.searchsorted(np.asarray(self.classes), np.asarray(labels))
        self._reader = _Reader(self.embeddings, self.words, self.clean, self.encode, self.terms).fit(texts, extra)
        seen = self._reader.read(texts, extra)
        folds = _folds(target, groups)
        judged = np.unique(np.concatenate([judge for _, judge in folds]))
        best: dict[str, float] = {}
        said: list[Floats] = []
        for name, matrix in seen.items():
            tried = self._tried(matrix, target, folds)
            _, best[name] = min((_loss(found[judged], target[judged]), strength) for strength, found in tried.items())
            said.append(tried[best[name]][judged])
        self._mix, self._shift = _weights(np.log(np.stack(said) + _LEAST), target[judged])
        self.worth = dict(zip(seen, self._mix.tolist(), strict=True))
        self._models = {name: self._learnt(matrix, target, best[name]) for name, matrix in seen.items()}
        return self

    def probabilities(self, texts: Sequence[str], extra: Floats | None = None) -> Floats:
        """Return texts x classes (in the order of `classes`), rows adding up to 1."""
        if not len(texts):
            return np.zeros((0, len(self.classes)))
        seen = self._reader.read(texts, extra)
        said = [_said(model, seen[name], len(self.classes)) for name, model in self._models.items()]
        return _pooled(np.log(np.stack(said) + _LEAST), self._mix, self._shift)

    def answers(self, texts: Sequence[str], extra: Floats | None = None) -> tuple[list[str], list[float]]:
        """Return the most probable label of each text, and its probability."""
        found = self.probabilities(texts, extra)
        best = found.argmax(axis=1)
        return [self.classes[i] for i in best], found[np.arange(len(found)), best].tolist()

    def _learnt(self, matrix: Any, target: Ints, strength: float) -> Any:
        return LogisticRegression(C=strength, class_weight=self.class_weight, max_iter=300, tol=1e-3).fit(
            matrix, target
        )

    def _tried(self, matrix: Any, target: Ints, folds: list[tuple[Ints, Ints]]) -> dict[float, Floats]:
        """Return, per strength, what a member says of each text without having learnt from its fold."""
        tried = {}
        for strength in self.strengths:
            said = np.zeros((len(target), len(self.classes)))
            for learn, judge in folds:
                model = self._learnt(matrix[learn], target[learn], strength)
                said[judge] = _said(model, matrix[judge], len(self.classes))
            tried[strength] = said
        return tried


@dataclass
class _Reader:
    """Turns texts and their figures into one matrix a member, rows of about unit length."""

    encoders: tuple[Encoder, ...]
    words: bool
    clean: Callable[[str], str]
    encode: Encode
    terms: Terms | None

    def fit(self, texts: Sequence[str], extra: Floats | None) -> Self:
        """Learn the vocabulary and the scales; a machine without any embedding reads by words."""
        self._vectors = {name: vectors for name in self.encoders if (vectors := self.encode(name, texts)) is not None}
        self._texts, self._terms = texts, None if self.terms is None else self.terms(texts)
        self._scales = {name: StandardScaler().fit(vectors) for name, vectors in self._vectors.items()}
        self._figures = None if extra is None else StandardScaler().fit(extra)
        self._words = [_words(), _pieces()] if self.words or not self._vectors else []
        cleaned = [self.clean(text) for text in texts]
        # A set of texts without a word that comes twice leaves nothing to count: the pieces alone are read then.
        self._words = [reading for reading in self._words if _fits(reading, cleaned)]
        return self

    def read(self, texts: Sequence[str], extra: Floats | None) -> Seen:
        """Return one matrix a member; the vectors of the texts learnt from are not computed twice."""
        seen: Seen = {}
        figures = None if self._figures is None else _unit(self._figures.transform(extra)) * _FIGURES_WEIGHT
        if self._words:
            cleaned = [self.clean(text) for text in texts]
            columns = [reading.transform(cleaned) for reading in self._words]
            seen["words"] = sparse.hstack([*columns, *([] if figures is None else [figures])]).tocsr()
        if self.terms is not None and self._terms is not None:
            seen["terms"] = self._terms if texts is self._texts else self.terms(texts)
        for name, scale in self._scales.items():
            vectors = self._vectors[name] if texts is self._texts else self.encode(name, texts)
            dense = _unit(scale.transform(vectors))
            seen[name] = dense if figures is None else np.hstack([dense, figures])
        if figures is not None or not seen:
            seen["figures"] = np.zeros((len(texts), 1)) if figures is None else figures / _FIGURES_WEIGHT
        return seen


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2), min_df=2, sublinear_tf=True, max_features=60_000, strip_accents="unicode"
    )


def _pieces() -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        min_df=2,
        sublinear_tf=True,
        max_features=60_000,
        strip_accents="unicode",
    )


def _fits(reading: TfidfVectorizer, texts: Sequence[str]) -> bool:
    try:
        reading.fit(texts)
    except ValueError:
        return False
    return True


def _unit(standard: Any) -> Floats:
    """Bring standardised rows to about unit length, so that one strength means the same to every member."""
    return np.asarray(standard, float) / np.sqrt(max(standard.shape[1], 1))


def _folds(target: Ints, groups: Sequence[object] | None) -> list[tuple[Ints, Ints]]:
    """Return at most five folds, alike in labels, a group never cut; each learns every label that it can."""
    kinds = range(len(target)) if groups is None else groups
    numbers = np.unique(np.asarray([str(kind) for kind in kinds]), return_inverse=True)[1]
    count = min(FOLDS, len(np.unique(numbers)))
    if count < 2:  # one group only: its texts have to judge each other
        numbers, count = np.arange(len(target)), min(FOLDS, len(target))
    # Each group is given to the next lightest fold in an order drawn once, so that the rows' own order has no part.
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=0)
    cut = list(splitter.split(np.zeros(len(target)), target, numbers))
    return [(learn, judge) for learn, judge in cut if len(np.unique(target[learn])) > 1] or [
        (np.arange(len(target)), np.arange(len(target)))
    ]


def _said(model: Any, matrix: Any, classes: int) -> Floats:
    """Return a model's probabilities over all classes, 0 for one that it never met."""
    said = np.zeros((matrix.shape[0], classes))
    said[:, model.classes_] = model.predict_proba(matrix)
    return said


def _loss(said: Floats, target: Ints) -> float:
    """Return the mean log-loss."""
    return float(-np.log(said[np.arange(len(target)), target] + _LEAST).mean())


def _pooled(logs: Floats, mix: Floats, shift: Floats) -> Floats:
    """Return the logarithmic pool of `logs` (members x texts x classes)."""
    raised = np.tensordot(mix, logs, axes=1) + shift
    said = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(said / said.sum(axis=1, keepdims=True), float)


def _weights(logs: Floats, target: Ints) -> tuple[Floats, Floats]:
    """Return the members' weights (0 or more) and the classes' shifts that minimise the log-loss of the pool."""
    members, _, classes = logs.shape
    rows = np.arange(len(target))

    def loss(asked: Floats) -> tuple[float, Floats]:
        said = _pooled(logs, asked[:members], asked[members:])
        error = said.copy()
        error[rows, target] -= 1
        slope = np.concatenate([np.tensordot(logs, error, axes=([1, 2], [0, 1])), error.sum(axis=0)]) / len(target)
        held = 0.005 * (asked - start)  # a weak pull to the plain average, so that few texts do not decide alone
        return _loss(said, target) + 0.5 * float(held @ (asked - start)), slope + held

    start = np.concatenate([np.full(members, 1 / members), np.zeros(classes)])
    bounds = [(0.0, None)] * members + [(None, None)] * classes
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found[:members], found[members:]
