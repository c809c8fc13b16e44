"""The tier that reads by meaning: sentence embeddings beside the words, for what the words left open.

A logistic regression on the vectors of our hand-written examples, its probabilities averaged with those of the tier
below (whose weights a client's corrections move), brought to p by one temperature, abstaining under a threshold of each
language. It says why by the nearest examples, a client's own corrected mentions among them.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from clients.listening.reading import artefact
from clients.listening.reading.again import AXES
from clients.listening.reading.artefact import Artefact
from clients.listening.reading.attack import NO, YES
from clients.listening.reading.embeddings import Encode, Encoder, Vectors, available, encode
from clients.listening.reading.features import Floats
from clients.listening.reading.labels import UNCERTAIN, Axis, Doc, Label, Reason
from clients.listening.reading.linear import LinearClassifier, softmax
from clients.listening.reading.reader import SHIPPED, Reader
from clients.listening.reading.refit import Corrected

ENCODERS: tuple[Encoder, ...] = ("e5", "use")  # the better one first
MARK = "meaning"  # how the versions of this tier begin
_EXAMPLES = 3
_CHARACTERS = 70  # of an example that are quoted
_KEPT = 30_000  # vectors of clients' corrected mentions, in the process: 46 MB


@dataclass(frozen=True)
class Own:
    """A client's corrected mentions on one axis, and their vectors (mentions x size)."""

    said: Sequence[Corrected]
    vectors: Vectors


@dataclass(frozen=True)
class Head:
    """One axis read from vectors: the regression, the examples it was fitted on, and how it is mixed with the words."""

    axis: Axis
    classes: tuple[str, ...]
    coef: Floats
    intercept: Floats
    examples: Vectors
    labels: npt.NDArray[Any]
    texts: npt.NDArray[Any]
    reading: Mapping[str, Any]

    @classmethod
    def of(cls, made: Artefact, axis: Axis) -> "Head":
        """Take one axis of an artefact of `meaning_training.train`."""
        reading, arrays = made.reading["axes"][axis], {n: made.arrays[f"{axis}_{n}"] for n in ARRAYS}
        examples = arrays["vectors"].astype(np.float32) * np.float32(reading["scale"])
        coef, intercept = arrays["coef"].astype(np.float32), arrays["intercept"].astype(np.float32)
        classes = tuple(reading["classes"])
        return cls(axis, classes, coef, intercept, examples, arrays["labels"], arrays["texts"], reading)

    def probabilities(self, vectors: Vectors) -> Floats:
        """Return what the vectors alone say, texts x classes, each row adding up to 1."""
        return softmax(vectors @ self.coef.T + self.intercept)

    def mixed(self, vectors: Vectors, below: Floats) -> Floats:
        """Return the calibrated average with the probabilities of the tier below (texts x the same classes)."""
        share, temperature = float(self.reading["share"]), float(self.reading["temperature"])
        return calibrated(average(self.probabilities(vectors), below, share), temperature)

    def threshold(self, language: str) -> float:
        """Return the least p that is an answer in this language; over 1 means never."""
        thresholds = self.reading["thresholds"]
        return float(thresholds.get(language, thresholds["other"]))

    def nearest(self, vector: Vectors, own: Own | None, value: str) -> tuple[Reason, ...]:
        """Name the most similar examples, three at most, none less alike than examples are among themselves.

        Of an answer, those that carry it; of "uncertain", any.
        """
        found = [*self._written(vector, value), *(_corrected(vector, own, value) if own else ())]
        alike = float(self.reading["alike"])
        ranked = sorted((one for one in found if one[0] >= alike), key=lambda one: -one[0])
        return tuple(reason for _, reason in ranked[:_EXAMPLES])

    def _written(self, vector: Vectors, value: str) -> Iterator[tuple[float, Reason]]:
        likeness = self.examples @ vector
        if value in self.classes:
            likeness = np.where(self.labels == self.classes.index(value), likeness, -1.0)
        for at in np.argsort(-likeness, kind="stable")[:_EXAMPLES]:
            named = self.classes[int(self.labels[at])]
            yield float(likeness[at]), Reason("looks_like", (_cut(str(self.texts[at])), named))


ARRAYS = ("coef", "intercept", "vectors", "labels", "texts")


@dataclass(frozen=True)
class Meaning:
    """What is shipped for one encoder: a head for each axis, and the encoder that makes the vectors they read."""

    version: str
    encoder: Encoder
    heads: Mapping[str, Head]
    encode: Encode = encode

    @classmethod
    def from_folder(cls, folder: Path, encoder: Encoder, encode: Encode = encode) -> "Meaning":
        """Load the heads of an encoder. Raises artefact.WrongArtefact when they are missing or were altered."""
        made = artefact.load(folder, f"{MARK}-{encoder}")
        heads = {axis: Head.of(made, cast(Axis, axis)) for axis in AXES}
        return cls(made.version, encoder, heads, encode)

    @staticmethod
    def shipped() -> "Meaning | None":
        """Return the best that this machine can read with, loaded once a process; None without the extra."""
        return _shipped()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, texts x size. Raises RuntimeError where the encoder went away."""
        made = self.encode(self.encoder, texts)
        if made is None:
            raise RuntimeError(f"The encoder {self.encoder} is not there.")
        return made

    def kept_vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the same for texts that come again and again; the last 30,000 asked for stay, without their words."""
        marks = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
        new = {mark: text for mark, text in zip(marks, texts, strict=True) if mark not in self._kept}
        self._kept.update(zip(new, self.vectors(list(new.values())), strict=True))
        for mark in marks:
            self._kept.move_to_end(mark)
        found = [self._kept[mark] for mark in marks]
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return np.stack(found) if found else np.zeros((0, 0), np.float32)

    @cached_property
    def _kept(self) -> OrderedDict[bytes, Vectors]:
        return OrderedDict()


@dataclass(frozen=True)
class MeaningReader:
    """Intent, sentiment and attack read a second time, over the answers of the reader below."""

    reader: Reader
    meaning: Meaning
    own: Mapping[str, Own] = field(default_factory=dict)
    name: str = MARK
    axes: frozenset[str] = frozenset(AXES)
    cost: int = 2

    @property
    def version(self) -> str:
        """Name this tier and every part of the one below."""
        return f"{self.meaning.version} {self.reader.version}"

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return intent, sentiment and attack of each document; an intent that a rule named stays the rule's."""
        return self.predict_again(docs, self.reader.read(docs)) if docs else []

    def predict_again(self, docs: Sequence[Doc], first: Sequence[Sequence[Label]]) -> list[tuple[Label, ...]]:
        """The same, with the first reading at hand."""
        texts = [doc.text for doc in docs]
        vectors = self.meaning.vectors(texts)
        below: list[dict[str, Label]] = [{label.axis: label for label in labels} for labels in first]
        spoken = [labels["language"].value if "language" in labels else "" for labels in below]
        columns = [
            self._linear("intent", self.reader.intent, texts, vectors, below, spoken),
            self._linear("sentiment", self.reader.sentiment, texts, vectors, below, spoken),
            self._attack(vectors, below),
        ]
        return [tuple(label for label in labels if label is not None) for labels in zip(*columns, strict=True)]

    def _linear(
        self,
        axis: str,
        words: LinearClassifier,
        texts: Sequence[str],
        vectors: Vectors,
        below: Sequence[Mapping[str, Label]],
        spoken: Sequence[str],
    ) -> list[Label | None]:
        head, own = self.meaning.heads[axis], self.own.get(axis)
        mixed = head.mixed(vectors, words.probabilities(texts))
        version = f"{self.meaning.version}+{words.version}"[:80]
        return [
            _settled(head, row, labels.get(axis), language, partial(head.nearest, vector, own), version)
            for row, vector, labels, language in zip(mixed, vectors, below, spoken, strict=True)
        ]

    def _attack(self, vectors: Vectors, below: Sequence[Mapping[str, Label]]) -> list[Label | None]:
        """Add a declared share of what the vectors say, in log-odds, to what the words and families said."""
        head, own = self.meaning.heads["attack"], self.own.get("attack")
        share, yes = float(head.reading["share"]), head.classes.index("yes")
        said = calibrated(head.probabilities(vectors), float(head.reading["temperature"]))[:, yes]
        found: list[Label | None] = []
        for vector, labels, p_meaning in zip(vectors, below, said, strict=True):
            words = labels.get("attack")
            if words is None or any(reason.code == "no_words" for reason in words.why):
                found.append(words)
                continue
            p = _pooled(words.p, float(p_meaning), share)
            value = "yes" if p >= YES else "no" if p < NO else UNCERTAIN
            why = (*_kept_words(words, value), *head.nearest(vector, own, value))
            found.append(Label("attack", value, p, "model", why, f"{self.meaning.version}+{words.version}"[:80]))
        return found


def average(above: Floats, below: Floats, share: float) -> Floats:
    """Return the linear pool of two tables of probabilities, `share` of it from above."""
    return (share * above + (1 - share) * below).astype(np.float32)


def calibrated(probabilities: Floats, temperature: float) -> Floats:
    """Return probabilities sharpened or flattened by one temperature (Guo et al. 2017)."""
    logs = np.log(np.maximum(probabilities, 1e-9)) / temperature
    return softmax(logs.astype(np.float32))


def _settled(
    head: Head,
    row: Floats,
    words: Label | None,
    language: str,
    nearest: Callable[[str], tuple[Reason, ...]],
    version: str,
) -> Label | None:
    """Answer with the likeliest value, or "uncertain"; what a rule named, and what holds no word, stays as it was."""
    if words is None or words.source == "rule" or any(reason.code == "no_words" for reason in words.why):
        return words
    best, second = (int(at) for at in np.argsort(-row, kind="stable")[:2])
    p, value = float(row[best]), head.classes[best]
    if p >= head.threshold(language):
        return Label(head.axis, value, p, "model", (*nearest(value), *_kept_words(words, value)), version)
    doubt = Reason("other_language") if head.threshold(language) > 1 else Reason("torn", (value, head.classes[second]))
    return Label(head.axis, UNCERTAIN, p, "model", (doubt, *nearest(UNCERTAIN)), version)


def _kept_words(words: Label, value: str) -> tuple[Reason, ...]:
    """Keep of the words' reasons what speaks for the answer given now."""
    agreeing = (r for r in words.why if r.code in {"says", "no_blow"} or (r.code == "leans" and r.values[0] == value))
    return tuple(agreeing) if words.axis != "attack" or words.value == value else tuple(words.why)


def _pooled(p_words: float, p_meaning: float, share: float) -> float:
    """Return the logarithmic pool of two probabilities."""
    odds = [np.log(p / (1 - p)) for p in (min(max(p, 1e-6), 1 - 1e-6) for p in (p_words, p_meaning))]
    return float(1 / (1 + np.exp(-((1 - share) * odds[0] + share * odds[1]))))


def _corrected(vector: Vectors, own: Own, value: str) -> Iterator[tuple[float, Reason]]:
    """Name a client's own mentions by their number alone: their words may be changed or erased one day."""
    if not len(own.said):
        return
    likeness = own.vectors @ vector
    for at in np.argsort(-likeness, kind="stable"):
        said = own.said[int(at)]
        if value in {UNCERTAIN, said.value}:
            yield float(likeness[at]), Reason("looks_like_own", (str(said.number), said.value))


def _cut(text: str) -> str:
    """Return the beginning of an example on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _CHARACTERS else f"{line[:_CHARACTERS].rsplit(' ', 1)[0]}…"


@cache
def _shipped() -> Meaning | None:
    encoder = next((one for one in ENCODERS if available(one)), None)
    return None if encoder is None else Meaning.from_folder(SHIPPED, encoder)
