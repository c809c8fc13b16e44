"""Task `accounts`: institution or one of the public, organisation or person, from bios and the network's figures.

Readings of one bio (words, each embedding that is installed, figures) have fixed voices: what they are worth on the
events learnt from says little of an event never seen, and equal voices were better there than learnt ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from clients.listening.evaluation.figures_of_accounts import KNOWN_COLUMNS, figures_of
from clients.listening.evaluation.learner import TextLearner
from clients.listening.evaluation.metrics import auc, macro_f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from clients.listening.reading.embeddings import Encode, Encoder, encode

COLUMNS = ("row", "label", "p")
LABELS = ("label", "general_public")
EVENTS = ("source", "event")
STRENGTHS = (0.1, 0.5, 2.0, 8.0)
FIGURES_VOICE = 0.5  # of each reading of the figures, a text's being 1
LEAST = 1e-6
REPEATED = 3.0  # readings of one bio largely say the same again: added up they would be far too sure
_READINGS: tuple[Encoder, ...] = ("e5", "use")
Floats = npt.NDArray[np.float64]


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterator[Row]:
    """Return one line a row: its number from 0, the label and the probability of that label. Raises WrongFile."""
    examples = [row for path in train for row in rows_of(path, ("bio",))]
    asked = list(rows_of(test, ("bio",)))
    if not examples:
        raise WrongFile("accounts: --train needs a file with bios and their labels.")
    label = label_column(examples[0])
    examples = [row for row in examples if row.get(label)]
    if len({row[label] for row in examples}) < 2:
        raise WrongFile(f"accounts: column {label} of the training file holds fewer than two labels.")
    said, classes = judged(examples, asked, label)
    best = said.argmax(axis=1) if len(said) else []
    for number, chosen in enumerate(best):
        yield {"row": str(number), "label": classes[chosen], "p": f"{said[number, chosen]:.6f}"}


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return accuracy's better judges: macro-F1, and the AUC where there are two labels. Raises WrongFile."""
    rows = list(rows_of(test))
    label = label_column(rows[0]) if rows else LABELS[0]
    kept = [(row[label], said) for row, said in zip(rows, answers, strict=True) if row.get(label)]
    truth, labels = [true for true, _ in kept], [said["label"] for _, said in kept]
    if not truth:
        raise WrongFile(f"{test}: no label to compare with.")
    figures = [with_interval("macro-F1", macro_f1, truth, labels)]
    if len(values := sorted(set(truth))) == 2:
        scores = [float(one["p"]) if one["label"] == values[1] else 1 - float(one["p"]) for _, one in kept]
        figures.insert(0, with_interval("AUC", auc, [true == values[1] for true in truth], scores))
    return figures


def label_column(row: Mapping[str, str]) -> str:
    """Return which column of a labelled row holds the label. Raises WrongFile."""
    for name in LABELS:
        if name in row:
            return name
    raise WrongFile(f"accounts: no label column: one of {', '.join(LABELS)} is expected.")


def judged(
    examples: Sequence[Row], asked: Sequence[Row], label: str, read: Encode = encode
) -> tuple[Floats, tuple[str, ...]]:
    """Return the probabilities of the rows asked (rows x labels) and the labels in their order. `read`: embeddings."""
    classes = tuple(sorted({row[label] for row in examples}))
    if not asked:
        return np.zeros((0, len(classes))), classes
    logs = _texts_say(examples, asked, label, read) + FIGURES_VOICE * _figures_say(examples, asked, label)
    raised = np.exp((logs - logs.max(axis=1, keepdims=True)) / REPEATED)
    return raised / raised.sum(axis=1, keepdims=True), classes


def _texts_say(examples: Sequence[Row], asked: Sequence[Row], label: str, read: Encode) -> Any:
    """Add up the log-probabilities of each reading of the bios, events never judging themselves."""
    texts, bios = [row["bio"] for row in examples], [row["bio"] for row in asked]
    labels, events = [row[label] for row in examples], _events(examples)
    known: list[tuple[Encoder, ...]] = [(), *((name,) for name in _READINGS if read(name, []) is not None)]
    said: Any = 0.0
    for names in known:
        learner = TextLearner(
            embeddings=names, words=not names, class_weight="balanced", strengths=STRENGTHS, encode=read
        )
        said = said + np.log(learner.fit(texts, labels, events).probabilities(bios) + LEAST)
    return said


def _figures_say(examples: Sequence[Row], asked: Sequence[Row], label: str) -> Any:
    columns = [name for name in KNOWN_COLUMNS if name in examples[0] and name in asked[0]]
    given, wanted = figures_of(examples, columns), figures_of(asked, columns)
    labels = [row[label] for row in examples]
    readings = (
        make_pipeline(StandardScaler(), LogisticRegression(C=0.05, class_weight="balanced", max_iter=500)),
        HistGradientBoostingClassifier(
            max_iter=150,
            learning_rate=0.06,
            max_leaf_nodes=12,
            l2_regularization=5,
            class_weight="balanced",
            random_state=0,
        ),
    )
    return sum(np.log(reading.fit(given, labels).predict_proba(wanted) + LEAST) for reading in readings)


def _events(examples: Sequence[Row]) -> list[str] | None:
    """Return the event of each row, None where the file does not tell."""
    for name in EVENTS:
        if examples[0].get(name):
            return [row.get(name, "") for row in examples]
    return None
