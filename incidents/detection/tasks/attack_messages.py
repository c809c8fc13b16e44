"""What single messages of a pile-on say of the role, the side and the anger of who wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from clients.listening.reading.embeddings import Encode, Encoder, encode

Floats = npt.NDArray[np.float64]
Asked = dict[str, npt.NDArray[np.str_]]  # a question -> the label of each message
ENCODERS: tuple[Encoder, ...] = ("e5", "use")
FOLDS = 13
LEAST = 1e-6


@dataclass
class Messages:
    """Answers several questions on messages: one logistic regression a question and a way of reading, averaged.

    `balanced`: the questions whose labels weigh alike however rare they are. Embeddings that are not installed are
    left out. `vectors` are those of the texts learnt from, texts x numbers, None without any embedding.
    """

    balanced: tuple[str, ...] = ()
    reads: Encode = encode
    out_of_fold: dict[str, Floats] = field(default_factory=dict)

    def fit(self, texts: Sequence[str], asked: Asked, groups: Sequence[str]) -> Self:
        """Learn; `out_of_fold` keeps what is said of each message by models that saw nothing of its group.

        Raises ValueError when a question has one label only, or there is one group only.
        """
        self._words = [_words("word", (1, 2)), _words("char_wb", (2, 5))]
        for words in self._words:
            words.fit(texts)
        self.vectors = self._encoded(texts)
        self._means = {name: (v.mean(axis=0), v.std(axis=0) + LEAST) for name, v in self.vectors.items()}
        seen = self._seen(texts, self.vectors)
        folds = list(GroupKFold(min(FOLDS, len(set(groups)))).split(texts, groups=groups))
        self.classes = {name: np.unique(labels) for name, labels in asked.items()}
        self._models: dict[str, list[Any]] = {}
        for name, labels in asked.items():
            self._models[name] = [self._learnt(name, matrix, labels) for matrix in seen]
            self.out_of_fold[name] = np.zeros((len(texts), len(self.classes[name])))
            for learn, judge in folds:
                models = [self._learnt(name, matrix[learn], labels[learn]) for matrix in seen]
                self.out_of_fold[name][judge] = self._mean(name, models, [matrix[judge] for matrix in seen])
        return self

    def say(self, texts: Sequence[str]) -> tuple[dict[str, Floats], dict[str, Floats]]:
        """Return, of other messages, the probabilities of each question's labels, and the vectors."""
        vectors = self._encoded(texts)
        seen = self._seen(texts, vectors)
        return {name: self._mean(name, models, seen) for name, models in self._models.items()}, vectors

    def _encoded(self, texts: Sequence[str]) -> dict[str, Floats]:
        found = {name: self.reads(name, texts) for name in ENCODERS}
        return {name: np.asarray(vectors, float) for name, vectors in found.items() if vectors is not None}

    def _seen(self, texts: Sequence[str], vectors: dict[str, Floats]) -> list[Any]:
        words = sparse.hstack([words.transform(texts) for words in self._words]).tocsr()
        scaled = [(v - self._means[name][0]) / self._means[name][1] / v.shape[1] ** 0.5 for name, v in vectors.items()]
        return [words, *scaled]

    def _learnt(self, name: str, matrix: Any, labels: npt.NDArray[np.str_]) -> LogisticRegression:
        weight = "balanced" if name in self.balanced else None
        return LogisticRegression(C=2.0, max_iter=200, tol=1e-3, class_weight=weight).fit(matrix, labels)

    def _mean(self, name: str, models: list[Any], seen: list[Any]) -> Floats:
        """Return the geometric mean of what the models say, a label that a model never met being nearly excluded."""
        logs = np.zeros((seen[0].shape[0], len(self.classes[name])))
        for model, matrix in zip(models, seen, strict=True):
            said = np.zeros_like(logs)
            said[:, np.searchsorted(self.classes[name], model.classes_)] = model.predict_proba(matrix)
            logs += np.log(said + LEAST) / len(models)
        raised = np.exp(logs)
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), float)


def _words(analyzer: str, lengths: tuple[int, int]) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=lengths,
        min_df=2,
        sublinear_tf=True,
        strip_accents="unicode",
        max_features=60_000,
    )
