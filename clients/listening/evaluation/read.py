"""`evaluate read`: the product as it ships reads any file with a `text` column; nothing is trained."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from clients.listening.evaluation.metrics import auc, f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from clients.listening.reading.labels import Doc, Label, value_words
from clients.listening.reading.reader import Reader

COLUMNS = ("row", "language", "sentiment", "intent", "attack", "attack_p", "irony", "why")
_BATCH = 1_000
_TRUE = {"yes", "1", "true", "attack", "oui"}
_FALSE = {"no", "0", "false", "none", "non"}


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
    """Return one line a row, in order, numbered from 0; `train` is not looked at. Raises WrongFile."""
    reader = Reader.shipped()
    texts = (row["text"] for row in rows_of(test, needed=("text",)))
    for start, docs in _batches(texts):
        for number, labels in enumerate(reader.read(docs), start):
            yield _line(number, {label.axis: label for label in labels})


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return AUC of `attack_p` and F1 of "yes" against a column `attack` or `label`. Raises WrongFile without one."""
    truth = [_truth(test, row) for row in rows_of(test)]
    known = [(is_attack, line) for is_attack, line in zip(truth, answers, strict=True) if is_attack is not None]
    if not known:
        raise WrongFile(f"{test}: no column attack or label with yes and no to score against.")
    true, said = [t for t, _ in known], [line["attack"] for _, line in known]
    p = [float(line["attack_p"]) for _, line in known]
    names = ["yes" if t else "no" for t in true]
    return [
        with_interval("AUC", auc, true, p),
        with_interval("F1 of attack", lambda t, s: f1(t, s, "yes"), names, said),
    ]


def _batches(texts: Iterator[str]) -> Iterator[tuple[int, list[Doc]]]:
    start = 0
    while docs := [Doc(text) for text in islice(texts, _BATCH)]:
        yield start, docs
        start += len(docs)


def _line(number: int, labels: dict[str, Label]) -> Row:
    return {
        "row": str(number),
        "language": labels["language"].value,
        "sentiment": labels["sentiment"].value,
        "intent": labels["intent"].value,
        "attack": labels["attack"].value,
        "attack_p": f"{labels['attack'].p:.4f}",
        "irony": "possible" if "irony" in labels else "",
        "why": " · ".join(_why(label) for axis, label in labels.items() if axis in {"attack", "intent"}),
    }


def _why(label: Label) -> str:
    said = "\u00a0; ".join(reason.words("fr") for reason in label.why)
    return f"{value_words(label.value, 'fr')} ({said})" if said else value_words(label.value, "fr")


def _truth(test: Path, row: Row) -> bool | None:
    value = (row.get("attack") or row.get("label") or "").strip().lower()
    return True if value in _TRUE else False if value in _FALSE else None
