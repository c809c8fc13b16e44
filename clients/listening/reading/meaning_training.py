"""From our hand-written examples to the artefact of the tier that reads by meaning, judged by cross-validation."""

import platform
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from clients.listening.reading.again import AXES
from clients.listening.reading.artefact import Arrays, Artefact
from clients.listening.reading.embeddings import Encode, Encoder, Vectors
from clients.listening.reading.evaluation import Scores, score
from clients.listening.reading.features import Floats, tokens_of
from clients.listening.reading.folding import folded
from clients.listening.reading.linear import softmax
from clients.listening.reading.meaning import MARK, calibrated
from clients.listening.reading.training import (
    CLASSES,
    FOLDS,
    LANGUAGES,
    NEVER,
    Example,
    TrainingSetError,
    fingerprint,
)

# Our own lines flatter what reads by meaning: one hand wrote them, and the setting that wins on them (five folds, F1 of
# intent 0.89) hears 13 thanks in 100 of real tweets, the words 46. So these are declared from real tweets, none of
# them shipped (airlines, French tweets of all kinds, 233 judged attack or not; 23 November 2026):
PENALTIES = {"intent": 1.0, "sentiment": 10.0, "attack": 1.0}  # inverse
# - the share of the vectors. Sentiment, half each: macro-F1 0.66 and 0.74, 0.63 by the words alone. Attack: the vectors
#   rank at AUC 0.78, the words at 0.93, both at 0.93; they serve to show what a text looks like.
SHARES = {"intent": 0.65, "sentiment": 0.5, "attack": 0.1}
# - what brings p to what it says, and the least p that is an answer.
TEMPERATURES = {"intent": 0.5, "sentiment": 0.7, "attack": 0.7}
LEAST_P = {"intent": 0.6, "sentiment": 0.75, "attack": 0.5}
_LEAST_ALIKE = 1  # per cent: an example is quoted when it is nearer than so many examples are to their nearest


def train(
    encoder: Encoder, encode: Encode, examples: Mapping[str, Sequence[Example]], *, licence: str, today: date
) -> tuple[Artefact, dict[str, Scores]]:
    """Train a head for each axis. Returns the artefact and the cross-validated scores of each, the vectors alone.

    Raises TrainingSetError where the encoder is not installed.
    """
    arrays: Arrays = {}
    reading: dict[str, Any] = {}
    scores: dict[str, Scores] = {}
    for axis in AXES:
        taught = [one for one in examples[axis] if not one.origin.endswith("_words.csv")]
        vectors = encode(encoder, [one.text for one in taught])
        if vectors is None:
            raise TrainingSetError(f"The encoder {encoder} is not installed (extra: embeddings).")
        made, how, scores[axis] = _head(axis, taught, vectors)
        arrays |= {f"{axis}_{name}": array for name, array in made.items()}
        reading[axis] = how
    taught = [one for axis in AXES for one in examples[axis]]
    card = _card(taught, scores, licence, today)
    version = f"{MARK}/{encoder}/{today.isoformat()}"
    return Artefact(f"{MARK}-{encoder}", version, arrays, {"encoder": encoder, "axes": reading}, card), scores


def _head(axis: str, taught: Sequence[Example], vectors: Vectors) -> tuple[Arrays, dict[str, Any], Scores]:
    classes = CLASSES[axis]
    truth = np.array([classes.index(one.label) for one in taught])
    above = _held_out(axis, taught, vectors, truth)
    final = calibrated(above, TEMPERATURES[axis])
    thresholds = {**dict.fromkeys((*LANGUAGES, ""), LEAST_P[axis]), "other": NEVER}
    asked = np.array([thresholds.get(one.language, thresholds["other"]) for one in taught], np.float32)
    scores = score([one.label for one in taught], final, classes, asked)
    scale = float(np.abs(vectors).max() / 127)
    coef, intercept = _fit(axis, vectors, truth)
    arrays: Arrays = {
        "coef": coef.astype(np.float32),
        "intercept": intercept.astype(np.float32),
        "vectors": np.round(vectors / scale).astype(np.int8),
        "labels": truth.astype(np.int8),
        "texts": np.array([one.text for one in taught]),
    }
    how = {
        "classes": list(classes),
        "share": SHARES[axis],
        "temperature": TEMPERATURES[axis],
        "thresholds": thresholds,
        "scale": scale,
        "alike": _usual_likeness(vectors),
    }
    return arrays, how, scores


def _fit(axis: str, vectors: Vectors, truth: npt.NDArray[Any]) -> tuple[Floats, Floats]:
    """Return coef (classes x size) and intercept of a multinomial logistic regression, both classes of two."""
    model = LogisticRegression(C=PENALTIES[axis], max_iter=2_000, class_weight="balanced").fit(vectors, truth)
    coef, intercept = model.coef_, model.intercept_
    if len(coef) == 1:
        coef, intercept = np.concatenate([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
    return coef, intercept


def _held_out(axis: str, taught: Sequence[Example], vectors: Vectors, truth: npt.NDArray[Any]) -> Floats:
    """Return the probabilities each text gets from a head that has not seen it, nor a copy of it."""
    groups = [folded(" ".join(tokens_of(one.text))) for one in taught]
    found = np.zeros((len(taught), len(CLASSES[axis])), np.float32)
    for seen, unseen in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(truth, truth, groups):
        coef, intercept = _fit(axis, vectors[seen], truth[seen])
        found[unseen] = softmax((vectors[unseen] @ coef.T + intercept).astype(np.float32))
    return found


def _usual_likeness(vectors: Vectors) -> float:
    """Return the cosine that all but a few examples have with the nearest other one."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -1.0)
    return round(float(np.percentile(likeness.max(axis=1), _LEAST_ALIKE)), 4)


def _card(taught: Sequence[Example], scores: Mapping[str, Scores], licence: str, today: date) -> dict[str, Any]:
    return {
        "trained_on": today.isoformat(),
        "training_set": {"fingerprint_sha256": fingerprint(taught), "texts": len(taught), "licence": licence},
        "measured": {
            "protocol": f"{FOLDS}-fold cross-validation on our hand-written examples, all by one hand: flattered; "
            "the vectors alone; share, temperature and least p are declared",
            **{axis: found.as_card() for axis, found in scores.items()},
        },
        "made_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
