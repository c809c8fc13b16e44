"""The sentiment of short texts: learnt from the training files as they are, answered for a file never seen."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from clients.listening.evaluation.latent_terms import terms_of
from clients.listening.evaluation.learner import TextLearner
from clients.listening.evaluation.metrics import accuracy, macro_f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of

COLUMNS = ("row", "label", "p")
LABEL = "label"
FEW = 4_000  # texts to learn from: with more of them latent terms no longer repay the time of a second slow reading


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
    """Yield the sentiment of each text, one of the training files' labels, and its probability. Raises WrongFile.

    Where the files name authors, the texts of one author never help to judge each other.
    """
    rows = [row for path in train for row in rows_of(path, ("text", LABEL)) if row[LABEL]]
    if len({row[LABEL] for row in rows}) < 2:
        raise WrongFile("sentiment: the training files (--train) must have two labels at least.")
    asked = [row["text"] for row in rows_of(test, ("text",))]
    authors = [row.get("author") or str(n) for n, row in enumerate(rows)]
    learner = TextLearner(terms=terms_of if len(rows) <= FEW else None)
    learner.fit([row["text"] for row in rows], [row[LABEL] for row in rows], authors)
    labels, probabilities = learner.answers(asked)
    for n, (label, p) in enumerate(zip(labels, probabilities, strict=True)):
        yield {"row": str(n), "label": label, "p": f"{p:.4f}"}


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return the macro-F1 and the accuracy. Raises WrongFile when the test file has no `label`."""
    truth, said = [row[LABEL] for row in rows_of(test, (LABEL,))], [row["label"] for row in answers]
    return [with_interval("macro-F1", macro_f1, truth, said), with_interval("accuracy", accuracy, truth, said)]
