"""`evaluate read`: the product as it ships reads any file with a `text` column; nothing is trained.

Where the extra `embeddings` is installed, what the words leave open is read by meaning, as the product does there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from clients.listening.evaluation.metrics import auc, f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from clients.listening.reading.again import read_again
from clients.listening.reading.labels import Axis, Doc, Label, value_words
from clients.listening.reading.meaning import Meaning, MeaningReader
from clients.listening.reading.reader import Reader

COLUMNS = ("row", "language", "sentiment", "intent", "attack", "attack_p", "irony", "why")
_BATCH = 1_000
_TRUE = {"yes", "1", "true", "attack", "oui"}
_FALSE = {"no", "0", "false", "none", "non"}


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
    """Return one line a row, in order, numbered from 0; `train` is not looked at. Raises WrongFile."""
    reader, meaning = Reader.shipped(), Meaning.shipped() if options.by_meaning else None
    texts = (row["text"] for row in rows_of(test, needed=("text",)))
    for start, docs in _batches(texts):
        read = [{label.axis: label for label in labels} for labels in reader.read(docs)]
        if meaning is not None:
            _read_again(MeaningReader(reader, meaning), docs, read)
        for number, labels in enumerate(read, start):
            yield _line(number, labels)


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


def _read_again(reader: MeaningReader, docs: Sequence[Doc], read: Sequence[dict[Axis, Label]]) -> None:
    """Put the second answers in the place of the first ones on the axes that deserve it."""
    asked = [read_again({axis: label.value for axis, label in labels.items()}) for labels in read]
    doubtful = [at for at, axes in enumerate(asked) if axes]
    first = [tuple(read[at].values()) for at in doubtful]
    for at, labels in zip(doubtful, reader.predict_again([docs[at] for at in doubtful], first), strict=True):
        read[at].update({label.axis: label for label in labels if label.axis in asked[at]})


def _batches(texts: Iterator[str]) -> Iterator[tuple[int, list[Doc]]]:
    start = 0
    while docs := [Doc(text) for text in islice(texts, _BATCH)]:
        yield start, docs
        start += len(docs)


def _line(number: int, labels: Mapping[Axis, Label]) -> Row:
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
