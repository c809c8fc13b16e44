"""Which side of a customer-service exchange wrote a message: the brand's, or a customer's.

Read from the text and from its links to other messages only, never from the author. How a side speaks: signatures of
agents (^AB, -Tom, *Ann), polite formulas, invitations to a private message, who is "we" and who is "you"; and, where
the file keeps them, handles: whom a message addresses, a brand by name or a customer under a number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from clients.listening.evaluation.learner import Floats, TextLearner
from clients.listening.evaluation.metrics import accuracy, macro_f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of

COLUMNS = ("row", "label", "p")
LABEL = "inbound"  # "True": a customer's message
LINKS = ("response_tweet_id", "in_response_to_tweet_id")
_HANDLE = re.compile(r"@(\w+)")
_LINK = re.compile(r"https?://")
_PART = r"(?:\(?\d\s?/\s?\d\)?)?"
_SIGNED = re.compile(
    rf"(?:[\^*~/\\]\s?[A-Za-z][\w.]{{0,14}}|[-–—]\s?[A-Z][\w.]{{0,14}}(?: [A-Z]\w{{0,14}})?)\s{{0,3}}{_PART}$"
)
_TAIL = 40  # a signature ends the message, once the links after it are left aside
_TRAILING_LINK = re.compile(r"\s*https?://\S+\s*$")
_COUNTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bdms?\b|direct message|private message|\bmp\b|message privé",
        r"\b(?:you|your|u|ur|vous|votre|vos)\b",
        r"\b(?:i|my|me|i['’]m|i['’]ve|im|je|mon|ma|mes)\b",
        r"\b(?:we|our|us|we['’](?:re|ll|d|ve)|nous|notre|nos)\b",
        r"\b\d\s?/\s?\d\b",
        r"\b(?:sorry|apologi[sz]e|happy to|glad|love to|assist|look into|thanks for|hi there|hello|reach|désolée?s?"
        r"|bonjour|n['’]hésitez|cordialement)\b",
        r"\b(?:please|merci de|veuillez)\b",
        r"!",
        r"\?",
        r"#\w",
    )
)
_LONGEST = 1_000  # characters looked at
_SHARES = (0.05, 0.95)  # of messages that address a number: outside, the file's handles were masked alike
_OFTEN = 5  # at most this many of anything counts


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
    """Yield the side of each message: the `inbound` of the training files, and its probability. Raises WrongFile.

    Only what the test file has is learnt from: without links, or with handles all masked alike, neither is used.
    """
    rows, asked = _labelled(train), list(rows_of(test, ("text",)))
    links = all(name in row for row in (*rows[:1], *asked[:1]) for name in LINKS)
    handles = _handles_tell(rows) and _handles_tell(asked)
    # Whom a message addresses says nearly all: the slow embedding adds nothing to it (0.985 with and without it).
    learner = TextLearner(embeddings=("use",) if handles else ("e5", "use"))
    groups = [row.get("brand", "").casefold() or str(n) for n, row in enumerate(rows)]
    learner.fit(_texts(rows), [row[LABEL] for row in rows], groups, _figures(rows, links, handles))
    if not asked:
        return
    labels, probabilities = learner.answers(_texts(asked), _figures(asked, links, handles))
    for n, (label, p) in enumerate(zip(labels, probabilities, strict=True)):
        yield {"row": str(n), "label": label, "p": f"{p:.4f}"}


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return the macro-F1 and the accuracy. Raises WrongFile when the test file has no `inbound`."""
    truth, said = [row[LABEL] for row in rows_of(test, (LABEL,))], [row["label"] for row in answers]
    return [with_interval("macro-F1", macro_f1, truth, said), with_interval("accuracy", accuracy, truth, said)]


def _labelled(train: Sequence[Path]) -> list[dict[str, str]]:
    rows = [row for path in train for row in rows_of(path, ("text", LABEL)) if row[LABEL]]
    if len({row[LABEL] for row in rows}) < 2:
        raise WrongFile("exchange: the training files (--train) must have messages of both sides.")
    return rows


def _texts(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the texts without their handles' names: whom an unseen brand serves tells nothing of another."""
    return [_HANDLE.sub("@user", row["text"][:_LONGEST]) for row in rows]


def _handles_tell(rows: Sequence[Mapping[str, str]]) -> bool:
    """Say whether a file kept whom its messages address: some a number (a customer), some a name."""
    numbered = [any(handle.isdigit() for handle in _HANDLE.findall(row["text"][:_LONGEST])) for row in rows]
    return bool(rows) and _SHARES[0] <= sum(numbered) / len(rows) <= _SHARES[1]


def _figures(rows: Sequence[Mapping[str, str]], links: bool, handles: bool) -> Floats:
    """Return how each message speaks, messages x figures, every figure between 0 and 5."""
    return np.array([_manner(row, links, handles) for row in rows], float)


def _manner(row: Mapping[str, str], links: bool, handles: bool) -> list[float]:
    text = row["text"][:_LONGEST]
    told = [float(is_signed(text)), len(_LINK.findall(text)), len(text) / 100]
    told += [len(pattern.findall(text)) for pattern in _COUNTED]
    if links:
        told += [len([link for link in row[name].split(",") if link.strip()]) for name in LINKS]
        told += [float(bool(row[name].strip())) for name in LINKS]
    if handles:
        told += _addressed(text)
    return [min(value, _OFTEN) for value in told]


def is_signed(text: str) -> bool:
    """Say whether a message ends like one of a team's: ^AB, -Tom, *Ann, before links and a part number (1/2)."""
    while (shorter := _TRAILING_LINK.sub("", text)) != text:
        text = shorter
    return bool(_SIGNED.search(text.rstrip()[-_TAIL:]))


def _addressed(text: str) -> list[float]:
    """Count the numbers and the names addressed, and say which comes first."""
    handles = _HANDLE.findall(text)
    numbers = sum(handle.isdigit() for handle in handles)
    first = handles[0] if handles and text.lstrip().startswith("@") else ""
    return [numbers, len(handles) - numbers, float(first.isdigit()), float(bool(first) and not first.isdigit())]
