"""Sentiment and intent by a linear model over hashed words and letters: small, fast, and able to show its words.

Logistic regression on the features of `features.py`, softmax with one temperature (Guo et al. 2017) so that p means
what it says, and one threshold a language under which the answer is "uncertain". Reading needs numpy only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import cast

import numpy as np

from clients.listening.reading.artefact import Artefact
from clients.listening.reading.features import Floats, Ints, Occurrences, occurrences, weights
from clients.listening.reading.folding import folded
from clients.listening.reading.labels import UNCERTAIN, Axis, Doc, Label, Reason

BATCH = 256
_PUSHES = 3
_LEAST_PUSH = 0.15
_UNTELLING = """
    @user http les des une un aux est sont ont ces ses mes nos vos tes leur leurs votre notre mon ton son que qui
    quoi dont pour par sur dans avec sous entre chez vers donc car mais ainsi elle elles ils nous vous cela cette
    cet ceux moi toi lui eux soi ete etre avoir fait suis avez avons etait avait the and for are was were has have
    had you your our their his her its they them this that these those with from into onto over under about there
    here been being will would she him
"""


@dataclass(frozen=True)
class Reading:
    """A batch read: `logits` (texts x classes, temperature applied); `pushes` (tokens x classes) add up to them."""

    logits: Floats
    pushes: Floats
    found: Occurrences

    @cached_property
    def probabilities(self) -> Floats:
        """Softmax of the logits, texts x classes, each row adding up to 1."""
        return softmax(self.logits)


class LinearClassifier:
    """One axis read by one artefact: idf (buckets), coef (classes x buckets), intercept (classes) as float arrays."""

    cost = 1

    def __init__(self, artefact: Artefact) -> None:
        """Take an artefact of `training.train` or `artefact.load`."""
        self.axis = cast(Axis, artefact.task)
        self.name = artefact.task
        self.version = artefact.version
        self.axes = frozenset({artefact.task})
        self.classes: tuple[str, ...] = tuple(artefact.reading["classes"])
        self.thresholds: dict[str, float] = dict(artefact.reading["thresholds"])
        self.bits = int(artefact.reading["bits"])
        self._idf = artefact.arrays["idf"].astype(np.float32)
        scale = 1.0 / float(artefact.reading["temperature"])
        self._coef = np.ascontiguousarray(artefact.arrays["coef"].T.astype(np.float32)) * np.float32(scale)
        self._intercept = artefact.arrays["intercept"].astype(np.float32) * np.float32(scale)

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return one label per document; `Doc.language` chooses the threshold."""
        labels: list[tuple[Label, ...]] = []
        for start in range(0, len(docs), BATCH):
            batch = docs[start : start + BATCH]
            found = occurrences([doc.text for doc in batch], bits=self.bits)
            labels += [(label,) for label in self.label(found, [doc.language for doc in batch])]
        return labels

    def label(self, found: Occurrences, languages: Sequence[str]) -> list[Label]:
        """Return one label per text of a batch whose features (with this model's `bits`) are found already."""
        reading = self.read(found)
        best_two = np.argsort(-reading.probabilities, axis=1, kind="stable")[:, :2]
        ends = np.searchsorted(found.token_row, np.arange(found.texts + 1))
        return [
            self._label(reading, row, best_two[row], slice(ends[row], ends[row + 1]), language)
            for row, language in enumerate(languages)
        ]

    def read(self, found: Occurrences) -> Reading:
        """Return the raw reading of a batch: class scores, and what each word contributed to them."""
        rows = self._rows(found)
        logits = (found.by_text @ rows).astype(np.float32) + self._intercept
        return Reading(logits, (found.by_token @ rows).astype(np.float32), found)

    def scores(self, found: Occurrences) -> Floats:
        """Return the class scores alone, texts x classes: what `read` gives, without each word's share."""
        return np.add((found.by_text @ self._rows(found)).astype(np.float32), self._intercept)

    def _rows(self, found: Occurrences) -> Floats:
        """Return what each entry adds to each class: entries x classes."""
        return self._coef[found.bucket] * weights(found, self._idf)[:, None]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return calibrated probabilities, texts x classes in the order of `classes`."""
        batches = (texts[i : i + BATCH] for i in range(0, len(texts), BATCH))
        parts = [self.read(occurrences(batch, bits=self.bits)).probabilities for batch in batches]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.classes)), np.float32)

    def threshold(self, language: str) -> float:
        """Return the least probability that is an answer in this language ("" when unknown); over 1 means never."""
        return self.thresholds.get(language, self.thresholds["other"])

    def asked(self, probabilities: Floats, languages: Sequence[str]) -> Floats:
        """Return the least probability that is an answer, for each text in its language."""
        return np.array([self.threshold(language) for language in languages], np.float32)

    def _label(self, reading: Reading, row: int, best_two: Ints, span: slice, language: str) -> Label:
        best, second = int(best_two[0]), int(best_two[1])
        p = float(reading.probabilities[row, best])
        if not reading.pushes[span].any():
            return Label(self.axis, UNCERTAIN, p, "model", (Reason("no_words"),), self.version)
        pushes = reading.pushes[span, best] - reading.pushes[span, second]
        why = _word_reasons(pushes, reading.found.tokens[span], self.classes[best])
        threshold = self.threshold(language)
        if p >= threshold:
            return Label(self.axis, self.classes[best], p, "model", why, self.version)
        torn = Reason("torn", (self.classes[best], self.classes[second]))
        doubt = Reason("other_language") if threshold > 1 else torn
        return Label(self.axis, UNCERTAIN, p, "model", (doubt, *why), self.version)


def softmax(logits: Floats) -> Floats:
    """Return probabilities, rows adding up to 1, from scores of any size."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)


@cache
def _untelling() -> frozenset[str]:
    return frozenset(_UNTELLING.split())


@lru_cache(maxsize=20_000)
def _tells(token: str) -> bool:
    """Say whether a word means anything to a reader of the reason: no article, no pronoun, no lone letter."""
    plain = folded(token)
    return plain not in _untelling() and (len(plain) > 2 or not plain.isalpha())


def _word_reasons(pushes: Floats, tokens: Sequence[str], value: str) -> tuple[Reason, ...]:
    """Name the words that push most to a value, and the one that most resists, as they were written."""
    totals: dict[str, float] = {}
    for token, push in zip(tokens, pushes.tolist(), strict=True):
        if _tells(token):
            totals[token] = totals.get(token, 0.0) + push
    ranked = sorted(totals.items(), key=lambda item: -item[1])
    for_it = [token for token, push in ranked[:_PUSHES] if push > _LEAST_PUSH]
    reasons = [Reason("leans", (value, "\t".join([*for_it, ""])))] if for_it else []
    if ranked and ranked[-1][1] < -_LEAST_PUSH:
        reasons.append(Reason("against", (ranked[-1][0] + "\t",)))
    return tuple(reasons)
