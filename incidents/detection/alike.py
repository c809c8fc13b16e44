"""How alike texts are, in meaning and in words, and what a ridge learns from it (kernel ridge, Saunders et al. 1998).

One inverse of the texts' likenesses gives at once what would be said of each group by a model that has not seen it:
leaving a group out costs a system of the group's size, not a training.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve
from sklearn.feature_extraction.text import TfidfVectorizer

from clients.listening.reading.embeddings import Encode, Encoder, encode

Floats = npt.NDArray[np.float64]
Alikes = npt.NDArray[np.float32]
MEANINGS: dict[Encoder, float] = {"e5": 0.6, "use": 0.4}  # what each weighs in the likeness of meaning
PENALTY = 1.8  # of the ridge, in mean likenesses of a text with itself
BATCH = 1_000
_Texts = tuple[list[Any], dict[Encoder, Alikes], int]  # words a vocabulary, vectors an encoder, how many
_POWER = 3  # of 1 + the likeness of meaning: pairs and triples of what an embedding says count too
_MEANING = 0.3  # what that power weighs beside the likeness of words, 0 to 1
_LEAST = 1e-6


@dataclass
class Once:
    """Embeds each text once, however often it is asked for."""

    reads: Encode = encode
    kept: dict[Encoder, dict[str, Alikes]] = field(default_factory=dict)

    def __call__(self, encoder: Encoder, texts: Sequence[str]) -> Alikes | None:
        """Return the vectors of texts, texts x numbers; None where the encoder is not installed."""
        known = self.kept.setdefault(encoder, {})
        new = list(dict.fromkeys(text for text in texts if text not in known))
        found = self.reads(encoder, new) if new or not texts else ()
        if found is None:
            return None
        known.update(zip(new, found, strict=True))
        return np.stack([known[text] for text in texts]) if texts else np.asarray(found, np.float32)


@dataclass
class Alike:
    """Knows some texts, and tells how alike others are to them. Embeddings that are not installed are left out.

    `meanings`: what each encoder weighs in the likeness of meaning.
    """

    reads: Encode = encode
    meanings: Mapping[Encoder, float] = field(default_factory=lambda: MEANINGS)

    def fit(self, texts: Sequence[str]) -> Self:
        """Know these texts: their words, and the middle of their vectors."""
        self._words = [
            reading for reading in (_words("word", (1, 2)), _words("char_wb", (2, 5))) if _fits(reading, texts)
        ]
        raw = self._encoded(texts)
        self._middles = {name: vectors.mean(axis=0) for name, vectors in raw.items()}
        self._known = self._seen(texts, raw)
        self.size = len(texts)
        return self

    def among(self) -> Alikes:
        """Return the likeness of each text known with each other one, texts x texts."""
        return self._against(self._known)

    def beside(self, texts: Sequence[str]) -> Iterator[Alikes]:
        """Yield the likenesses of other texts with those known, a thousand rows at a time, in order."""
        for start in range(0, len(texts), BATCH):
            some = texts[start : start + BATCH]
            yield self._against(self._seen(some, self._encoded(some)))

    def _encoded(self, texts: Sequence[str]) -> dict[Encoder, Alikes]:
        found = {name: self.reads(name, texts) for name in self.meanings}
        return {name: np.asarray(vectors, np.float32) for name, vectors in found.items() if vectors is not None}

    def _seen(self, texts: Sequence[str], raw: dict[Encoder, Alikes]) -> _Texts:
        words = [sparse.csr_matrix(reading.transform(texts), dtype=np.float32) for reading in self._words]
        return words, {name: _unit(vectors - self._middles[name]) for name, vectors in raw.items()}, len(texts)

    def _against(self, seen: _Texts) -> Alikes:
        words, vectors, many = seen
        known_words, known_vectors, _ = self._known
        found = np.zeros((many, self.size), np.float32)
        for name, theirs in vectors.items():
            found += self.meanings[name] / sum(self.meanings[one] for one in vectors) * (theirs @ known_vectors[name].T)
        found = np.float32(_MEANING) * (1 + found) ** _POWER
        for mine, known in zip(words, known_words, strict=True):
            found += (mine @ known.T).toarray() / np.float32(len(words))
        return np.asarray(found, np.float32)


class Ridge:
    """Learns several figures of each text at once from likenesses; `penalty` in mean likenesses of one with itself."""

    def __init__(self, penalty: float = PENALTY) -> None:
        self.penalty = penalty

    def fit(self, alikes: Alikes, wanted: Floats, groups: Sequence[str], weights: Floats | None = None) -> Self:
        """Learn `wanted`, texts x figures. `held` keeps what is said of each text without its whole group.

        `weights`: how much each text counts, 1 by default.
        """
        weighs = np.ones(len(wanted)) if weights is None else weights
        known = alikes + np.float32(1)
        least = self.penalty * float(np.trace(alikes)) / len(alikes)
        known[np.diag_indices_from(known)] += (least / weighs).astype(np.float32)
        inverse = cho_solve(cho_factor(known, lower=True), np.eye(len(known), dtype=np.float32))
        self._middle = np.average(wanted, axis=0, weights=weighs)
        self._weights = inverse @ (wanted - self._middle)
        self.held = np.array(wanted, float)
        numbers = np.unique(np.asarray(groups), return_inverse=True)[1]
        for rows in np.split(np.argsort(numbers, kind="stable"), np.cumsum(np.bincount(numbers))[:-1]):
            self.held[rows] -= np.linalg.solve(inverse[np.ix_(rows, rows)], self._weights[rows])
        return self

    def say(self, alikes: Alikes) -> Floats:
        """Return texts x figures from the likenesses of texts with those learnt from."""
        return np.asarray((alikes + np.float32(1)) @ self._weights + self._middle, float)


def _unit(vectors: Alikes) -> Alikes:
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + _LEAST), np.float32)


def _words(analyzer: str, lengths: tuple[int, int]) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=lengths,
        min_df=2,
        sublinear_tf=True,
        strip_accents="unicode",
        max_features=60_000,
    )


def _fits(reading: TfidfVectorizer, texts: Sequence[str]) -> bool:
    try:
        reading.fit(texts)
    except ValueError:  # no word comes twice
        return False
    return True
