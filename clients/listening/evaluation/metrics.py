"""Figures of merit with their intervals (percentile bootstrap, Efron 1979), the same draws at each run."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from clients.listening.evaluation.protocol import Figure

DRAWS = 1_000
Array = npt.NDArray[np.float64]


def macro_f1(truth: Sequence[str], answers: Sequence[str]) -> float:
    """Return the mean F1 over the classes met in the truth; 0.0 for no row."""
    true, said = np.asarray(truth), np.asarray(answers)
    return float(np.mean([_f1(true == value, said == value) for value in np.unique(true)])) if len(true) else 0.0


def f1(truth: Sequence[str], answers: Sequence[str], value: str) -> float:
    """Return the F1 of one class."""
    return _f1(np.asarray(truth) == value, np.asarray(answers) == value)


def accuracy(truth: Sequence[str], answers: Sequence[str]) -> float:
    """Return the share of right answers."""
    return float((np.asarray(truth) == np.asarray(answers)).mean())


def auc(is_true: Sequence[bool], scores: Sequence[float]) -> float:
    """Return the area under the ROC curve by ranks (Mann and Whitney 1947), ties counted half; nan for one class."""
    positive, values = np.asarray(is_true, bool), np.asarray(scores, float)
    n, m = int(positive.sum()), int((~positive).sum())
    if not n or not m:
        return float("nan")
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def with_interval(name: str, measure: Callable[..., float], *columns: Sequence[object]) -> Figure:
    """Return a figure and its 95 % interval: `measure` of the columns, and of 1,000 draws of their rows."""
    arrays = [np.asarray(column) for column in columns]
    draw = np.random.default_rng(0)
    size = len(arrays[0])
    drawn = [measure(*(a[i] for a in arrays)) for i in (draw.integers(0, size, size) for _ in range(DRAWS))]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Figure(name, measure(*arrays), float(low), float(high))


def _f1(true: npt.NDArray[np.bool_], said: npt.NDArray[np.bool_]) -> float:
    both = int((true & said).sum())
    return 2 * both / (int(true.sum()) + int(said.sum())) if both else 0.0
