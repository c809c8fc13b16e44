"""A client's own model: the shipped one, moved as little as its people's corrections ask, from scratch each time.

The corrections are fitted by logistic regression with a Gaussian prior centred on the shipped weights (maximum a
posteriori adaptation, Chelba and Acero 2006): few corrections move little, none moves nothing, and since every refit
starts from the shipped weights the same corrections always give the same model.

Of an attack it is the whole answer that is moved, words and families included: the model kept is the move alone.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from clients.listening.reading.artefact import Arrays, Artefact, digest
from clients.listening.reading.attack import AttackClassifier
from clients.listening.reading.attack import origin as attack_origin
from clients.listening.reading.evaluation import Judged, Scores, evaluate
from clients.listening.reading.features import Floats, occurrences, weights
from clients.listening.reading.linear import LinearClassifier, softmax

# How strongly the shipped weights hold. Of 0.03, 0.1, 0.3 and 1 the last served 20 to 400 corrections of real tweets to
# airlines best (macro-F1 0.60 shipped, 0.63 after 100, 0.65 after 400, 0.70 after 1,000; 23 November 2026).
# Of attacks, of 0.3, 1, 2 and 3: a middle one. On tweets to two French brands 3 served best (0.857 shipped; after 120
# 0.868 with 1, 0.872 with 2, 0.876 with 3), on pile-ons between teenagers, which the shipped model was never shown,
# 1 did (0.53 shipped; after 400 0.67 with 1, 0.65 with 2, 0.63 with 3); same day.
PRIOR, ATTACK_PRIOR = 1.0, 2.0
KEPT_APART = 5  # one correction in five judges and never teaches
MOST_STEPS = 200
ATTACK = "attack"


@dataclass(frozen=True)
class Corrected:
    """A text and the label that a person gave it. `number` names the mention, and decides whether it is kept apart."""

    number: int
    text: str
    value: str

    @property
    def is_kept_apart(self) -> bool:
        """Whether it belongs to the frozen hold-out: one in five by a hash of its number, the same for ever."""
        return hashlib.sha256(str(self.number).encode()).digest()[0] % KEPT_APART == 0


def refit(base: Artefact, taught: Sequence[Corrected], version: str) -> Artefact:
    """Return the base moved by what it is taught. Raises ValueError for a label that the base does not know."""
    classes = list(base.reading["classes"])
    labels = np.array([classes.index(one.value) for one in taught], np.int64)
    scale = 1.0 / float(base.reading["temperature"])
    texts = _matrix([one.text for one in taught], base)
    used = np.unique(texts.indices)
    start = _said_before(base, texts, [one.text for one in taught])
    prior = ATTACK_PRIOR if base.task == ATTACK else PRIOR
    coef, intercept = _moves(texts[:, used], start, labels, prior)
    return _moved(base, used, coef / scale, intercept / scale, version)


def classifier(base: Artefact, own: Artefact | None = None) -> LinearClassifier | AttackClassifier:
    """Return what reads the axis of the base: as it is shipped, or with a client's own model made from it."""
    if base.task == ATTACK:
        return AttackClassifier(LinearClassifier(base), LinearClassifier(own) if own else None)
    return LinearClassifier(own or base)


def origin(base: Artefact) -> str:
    """Name all that a client's model was moved from: a change of any of it has the model fitted anew."""
    return attack_origin(base.version) if base.task == ATTACK else base.version


def judge(model: Judged, kept_apart: Sequence[Corrected]) -> Scores:
    """Return what a model is worth on corrections that taught no model. Raises ValueError when there is none."""
    return evaluate(model, [one.text for one in kept_apart], [one.value for one in kept_apart])


def is_not_worse(new: Scores, old: Scores) -> bool:
    """Whether a model may take the place of another, by macro-F1 then by accuracy on the same texts."""
    return (round(new.macro_f1, 6), round(new.accuracy, 6)) >= (round(old.macro_f1, 6), round(old.accuracy, 6))


def packed(artefact: Artefact) -> bytes:
    """Return the arrays as the bytes of an .npz file: numbers only, never pickle."""
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **artefact.arrays)
    return file.getvalue()


def unpacked(base: Artefact, content: bytes, version: str, sha256: str) -> Artefact:
    """Return the model kept as bytes, read as its base is. Raises ValueError when they are not those vouched for."""
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        arrays: Arrays = {name: stored[name] for name in stored.files}
    if digest(arrays, base.reading) != sha256:
        raise ValueError(f"The model {version} is not the one its card vouches for (SHA-256 differs).")
    return replace(base, version=version, arrays=arrays)


def _matrix(texts: Sequence[str], base: Artefact) -> Any:
    bits = int(base.reading["bits"])
    found = occurrences(texts, bits=bits)
    value = weights(found, base.arrays["idf"].astype(np.float32))
    return csr_matrix((value, (found.row, found.bucket)), shape=(len(texts), 1 << bits))


def _said_before(base: Artefact, texts: Any, written: Sequence[str]) -> Floats:
    """Return the class scores of what is shipped, texts x classes, in log-odds."""
    if base.task == ATTACK:
        half = AttackClassifier(LinearClassifier(base)).log_odds(written) / 2
        return np.stack([half if value == "yes" else -half for value in base.reading["classes"]], axis=1)
    scale = 1.0 / float(base.reading["temperature"])
    scores = (texts @ base.arrays["coef"].astype(np.float64).T + base.arrays["intercept"]) * scale
    return np.asarray(scores, np.float32)


def _moves(
    texts: Any, start: Floats, labels: npt.NDArray[np.int64], prior: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the change of the weights (classes x features) and of the intercepts that the labels ask for."""
    size, classes = texts.shape[1], start.shape[1]
    rows = np.arange(len(labels))

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        move = flat.reshape(classes, size + 1)
        chances = softmax(start + texts @ move[:, :-1].T + move[:, -1]).astype(np.float64)
        surprise = -np.log(np.maximum(chances[rows, labels], 1e-12)).sum()
        chances[rows, labels] -= 1.0
        slope = np.hstack([(texts.T @ chances).T, chances.sum(axis=0)[:, None]]) + prior * move
        return float(surprise + prior / 2 * (move * move).sum()), slope.ravel()

    found = minimize(loss, np.zeros(classes * (size + 1)), jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS})
    move = found.x.reshape(classes, size + 1)
    return move[:, :-1], move[:, -1]


def _moved(base: Artefact, used: npt.NDArray[np.int64], coef: Any, intercept: Any, version: str) -> Artefact:
    """Return the base with the change added; of an attack the change alone, which is added to the whole answer."""
    kept = {"coef": base.arrays["coef"].astype(np.float32), "intercept": base.arrays["intercept"].astype(np.float32)}
    if base.task == ATTACK:
        kept = {name: np.zeros_like(array) for name, array in kept.items()}
    kept["coef"][:, used] += coef.astype(np.float32)
    arrays = {
        **base.arrays,
        "coef": kept["coef"].astype(np.float16),
        "intercept": (kept["intercept"] + intercept).astype(np.float32),
    }
    return Artefact(base.task, version, arrays, base.reading, {"moved_from": origin(base)})
