"""What a reading is worth against labelled texts: figures that can be printed, kept on a card and compared."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from clients.listening.reading.features import Floats
from clients.listening.reading.labels import Doc
from clients.listening.reading.language import language_of


@dataclass(frozen=True)
class ClassScore:
    """One class: precision, recall and F1 in 0..1 of the forced answers, and how many texts truly carry it."""

    value: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Scores:
    """Figures over `texts` labelled texts.

    `macro_f1`, `accuracy`: when an answer is forced on every text. `coverage`: share of texts answered rather than left
    uncertain; `accepted_accuracy`: accuracy on those. `calibration_error`: expected, over 10 bins (Naeini et al. 2015).
    """

    texts: int
    macro_f1: float
    accuracy: float
    coverage: float
    accepted_accuracy: float
    calibration_error: float
    per_class: tuple[ClassScore, ...]

    def as_card(self) -> dict[str, Any]:
        """Return the figures rounded to three places, for the card."""
        return {key: _rounded(value) for key, value in asdict(self).items()}

    def table(self) -> str:
        """Return the figures as lines of text, one class a line."""
        lines = [
            f"texts {self.texts} · macro-F1 {self.macro_f1:.3f} · accuracy {self.accuracy:.3f} (answers forced)",
            f"answered {self.coverage:.1%} of the texts, accuracy there {self.accepted_accuracy:.3f}; "
            f"calibration error {self.calibration_error:.3f}",
            f"{'class':<16}{'precision':>10}{'recall':>8}{'F1':>8}{'texts':>8}",
        ]
        rows = [f"{c.value:<16}{c.precision:>10.3f}{c.recall:>8.3f}{c.f1:>8.3f}{c.support:>8}" for c in self.per_class]
        return "\n".join(lines + rows)


def score(truth: Sequence[str], probabilities: Floats, classes: Sequence[str], thresholds: Floats) -> Scores:
    """Compare true labels with probabilities (texts x classes); answered when the best p reaches its threshold.

    The macro average runs over the classes met in the truth or in the answers. Raises ValueError on an empty test.
    """
    if not truth:
        raise ValueError("There is no labelled text to score.")
    best = probabilities.argmax(axis=1)
    confidence = probabilities.max(axis=1)
    right = np.array([classes[b] == t for b, t in zip(best, truth, strict=True)])
    accepted = confidence >= thresholds
    per_class = _per_class(truth, [classes[b] for b in best], classes)
    return Scores(
        texts=len(truth),
        macro_f1=float(np.mean([c.f1 for c in per_class])),
        accuracy=float(right.mean()),
        coverage=float(accepted.mean()),
        accepted_accuracy=float(right[accepted].mean()) if accepted.any() else 0.0,
        calibration_error=_calibration_error(confidence, right),
        per_class=per_class,
    )


class Judged(Protocol):
    """What can be judged: one axis, read as probabilities."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return texts x classes."""
        ...

    def asked(self, probabilities: Floats, languages: Sequence[str]) -> Floats:
        """Return the least probability that is an answer, for each text."""
        ...


def evaluate(model: Judged, texts: Sequence[str], truth: Sequence[str]) -> Scores:
    """Score a model on labelled texts, each under the threshold of its detected language."""
    languages = [language_of(Doc(text)).value for text in texts]
    probabilities = model.probabilities(texts)
    return score(truth, probabilities, model.classes, model.asked(probabilities, languages))


def _per_class(truth: Sequence[str], answers: Sequence[str], classes: Sequence[str]) -> tuple[ClassScore, ...]:
    met = set(truth) | set(answers)
    return tuple(_class_score(value, np.array(truth), np.array(answers)) for value in classes if value in met)


def _class_score(value: str, truth: Any, answers: Any) -> ClassScore:
    hits = int(((truth == value) & (answers == value)).sum())
    said, true = int((answers == value).sum()), int((truth == value).sum())
    precision, recall = hits / said if said else 0.0, hits / true if true else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return ClassScore(value, precision, recall, f1, true)


def _calibration_error(confidence: Floats, right: Any) -> float:
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(np.sum(gaps))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value
