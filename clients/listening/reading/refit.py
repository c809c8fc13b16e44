"""A client's own model: the shipped one, moved as little as its people's corrections ask, from scratch each time.

The corrections are fitted by logistic regression with a Gaussian prior centred on the shipped weights (maximum a
posteriori adaptation, Chelba and Acero 2006): few corrections move little, none moves nothing, and since every refit
starts from the shipped weights the same corrections always give the same model.
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
from clients.listening.reading.evaluation import Scores, evaluate
from clients.listening.reading.features import Floats, occurrences, weights
from clients.listening.reading.linear import LinearClassifier, softmax

# How strongly the shipped weights hold. Of 0.03, 0.1, 0.3 and 1 the last served 20 to 400 corrections of real tweets to
# airlines best (macro-F1 0.60 shipped, 0.63 after 100, 0.65 after 400, 0.70 after 1,000; 23 November 2026).
PRIOR = 1.0
KEPT_APART = 5  # one correction in five judges and never teaches
MOST_STEPS = 200


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
    labels = np.array([classes.index(one.value) for one in taught])
    scale = 1.0 / float(base.reading["temperature"])
    texts = _matrix([one.text for one in taught], base)
    used = np.unique(texts.indices)
    start = (texts @ base.arrays["coef"].astype(np.float64).T + base.arrays["intercept"]) * scale
    coef, intercept = _moves(texts[:, used], start, labels, len(classes))
    return _moved(base, used, coef / scale, intercept / scale, version)


def judge(artefact: Artefact, kept_apart: Sequence[Corrected]) -> Scores:
    """Return what a model is worth on corrections that taught no model. Raises ValueError when there is none."""
    return evaluate(LinearClassifier(artefact), [one.text for one in kept_apart], [one.value for one in kept_apart])


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


def _moves(
    texts: Any, start: Floats, labels: npt.NDArray[np.int64], classes: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the change of the weights (classes x features) and of the intercepts that the labels ask for."""
    size = texts.shape[1]
    rows = np.arange(len(labels))

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        move = flat.reshape(classes, size + 1)
        chances = softmax(start + texts @ move[:, :-1].T + move[:, -1]).astype(np.float64)
        surprise = -np.log(np.maximum(chances[rows, labels], 1e-12)).sum()
        chances[rows, labels] -= 1.0
        slope = np.hstack([(texts.T @ chances).T, chances.sum(axis=0)[:, None]]) + PRIOR * move
        return float(surprise + PRIOR / 2 * (move * move).sum()), slope.ravel()

    found = minimize(loss, np.zeros(classes * (size + 1)), jac=True, method="L-BFGS-B", options={"maxiter": MOST_STEPS})
    move = found.x.reshape(classes, size + 1)
    return move[:, :-1], move[:, -1]


def _moved(base: Artefact, used: npt.NDArray[np.int64], coef: Any, intercept: Any, version: str) -> Artefact:
    weights_now = base.arrays["coef"].astype(np.float32).copy()
    weights_now[:, used] += coef.astype(np.float32)
    kept = {
        **base.arrays,
        "coef": weights_now.astype(np.float16),
        "intercept": (base.arrays["intercept"] + intercept).astype(np.float32),
    }
    return Artefact(base.task, version, kept, base.reading, {"moved_from": base.version})
