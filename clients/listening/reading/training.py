"""From labelled texts to an artefact: read the files, cross-validate, calibrate, fit on everything, write the card."""

import csv
import hashlib
import platform
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from clients.listening.reading.artefact import Arrays, Artefact
from clients.listening.reading.evaluation import Scores, score
from clients.listening.reading.features import (
    Floats,
    inverse_document_frequency,
    occurrences,
    tokens_of,
    weights,
)
from clients.listening.reading.folding import folded
from clients.listening.reading.labels import ATTACKS, INTENTS, SENTIMENTS, Doc
from clients.listening.reading.language import language_of
from clients.listening.reading.linear import softmax

SEEDS = Path(__file__).parent / "seeds"
CLASSES = {"sentiment": SENTIMENTS, "intent": INTENTS, "attack": ATTACKS}
LANGUAGES = ("fr", "en")
FOLDS = 5
ACCEPTED_ACCURACY = 0.85  # asked of the answers that are given; the rest is "uncertain"
_ENOUGH_FOR_A_THRESHOLD = 200
_MARGIN_UNSEEN = 0.03
NEVER = 1.01
_MOST_BYTES = 200_000_000


class TrainingSetError(Exception):
    """A labelled file cannot be used; the message names the file, the line and what was expected."""


@dataclass(frozen=True)
class Example:
    """A labelled text. `language`: ISO code or "". `origin`: the file it comes from. `hand_written`: a seed of ours."""

    text: str
    label: str
    language: str = ""
    origin: str = ""
    hand_written: bool = False


@dataclass(frozen=True)
class Recipe:
    """How a task is trained: table of 2**bits buckets, least texts a feature is seen in, inverse penalty C.

    `joined`: times that lines are joined two by two, because an attack beside a complaint is still an attack.
    """

    bits: int
    at_least: int
    penalty: float
    joined: int = 0


RECIPES = {
    "sentiment": Recipe(bits=17, at_least=2, penalty=1.0),
    "intent": Recipe(bits=17, at_least=1, penalty=10.0),
    "attack": Recipe(bits=17, at_least=1, penalty=10.0, joined=1),
}
_JOINTS = (", ", " ", ". ", " ! ", "\n", "... ")


def read_labelled(
    path: Path, task: str, *, text_column: str = "text", label_column: str = "label", hand_written: bool = False
) -> list[Example]:
    """Read a UTF-8 CSV with a header. Raises TrainingSetError on a missing column, unknown label or empty text."""
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:
        raise TrainingSetError(f"{path}: no such file, or a file over {_MOST_BYTES // 1_000_000} MB.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            _check_columns(path, rows.fieldnames or (), (text_column, label_column))
            found = [_example(path, rows.line_num, row, task, text_column, label_column, hand_written) for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TrainingSetError(f"{path}: not a readable UTF-8 CSV file ({error}).") from error
    if not found:
        raise TrainingSetError(f"{path}: the file has a header and no row.")
    return found


def seeds(task: str) -> list[Example]:
    """Return the hand-written examples shipped for a task."""
    paths = sorted(SEEDS.glob(f"{task}*.csv"))
    return [example for path in paths for example in read_labelled(path, task, hand_written=True)]


def train(task: str, examples: Sequence[Example], *, licences: dict[str, str], today: date) -> tuple[Artefact, Scores]:
    """Train one task. Returns the artefact and its cross-validated scores.

    Scores are taken on the examples that are not hand-written (on all when there is nothing else), in five folds that
    never part two copies of a text; hand-written ones then help to train every fold and are never scored.
    `licences`: origin -> licence and source, printed on the card. Raises TrainingSetError under five texts a class.
    """
    recipe, classes = RECIPES[task], CLASSES[task]
    _check_classes(task, examples)
    scored = [e for e in examples if not e.hand_written] or list(examples)
    always = [e for e in examples if e.hand_written] if len(scored) < len(examples) else []
    logits = _held_out_logits(scored, always, classes, recipe)
    truth = np.array([classes.index(e.label) for e in scored])
    temperature = _temperature(logits, truth)
    probabilities = softmax(logits / np.float32(temperature))
    languages = [e.language or language_of(Doc(e.text)).value for e in scored]
    thresholds = _thresholds(probabilities, truth, np.array(languages))
    asked = np.array([thresholds.get(language, thresholds["other"]) for language in languages], np.float32)
    scores = score([e.label for e in scored], probabilities, classes, asked)
    reading = {"classes": list(classes), "bits": recipe.bits, "temperature": temperature, "thresholds": thresholds}
    card = _card(examples, scored, licences, scores, recipe, today)
    arrays = _fitted(examples, classes, recipe)
    return Artefact(task, f"{task}/{today.isoformat()}", arrays, reading, card), scores


def fingerprint(examples: Sequence[Example]) -> str:
    """Return the SHA-256 of the sorted (label, text) pairs: says which set was used without showing a word of it."""
    lines = sorted(f"{example.label}\t{example.text}" for example in examples)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _check_columns(path: Path, header: Sequence[str], wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in header]
    if missing:
        raise TrainingSetError(f"{path}: column {', '.join(missing)} is missing; the file has {', '.join(header)}.")


def _example(
    path: Path, line: int, row: dict[str, str], task: str, text_column: str, label_column: str, hand_written: bool
) -> Example:
    text, label = (row[text_column] or "").strip(), (row[label_column] or "").strip()
    if not text:
        raise TrainingSetError(f"{path}, line {line}: the text is empty.")
    if label not in CLASSES[task]:
        expected = ", ".join(CLASSES[task])
        raise TrainingSetError(f"{path}, line {line}: label “{label}” is not one of {expected}.")
    return Example(text, label, (row.get("language") or "").strip(), path.name, hand_written)


def _check_classes(task: str, examples: Sequence[Example]) -> None:
    counts = Counter(example.label for example in examples)
    short = [value for value in CLASSES[task] if counts[value] < FOLDS]
    if short:
        raise TrainingSetError(f"At least {FOLDS} texts are needed for each {task}; too few for {', '.join(short)}.")


def _matrix(texts: Sequence[str], idf: Floats, bits: int) -> Any:
    found = occurrences(texts, bits=bits)
    return csr_matrix((weights(found, idf), (found.row, found.bucket)), shape=(len(texts), 1 << bits))


def _fit(examples: Sequence[Example], classes: Sequence[str], recipe: Recipe) -> tuple[Floats, Floats, Floats]:
    """Return idf, coef (classes x buckets) and intercept of a multinomial logistic regression.

    Lines are joined here, from those being learnt alone, so that none of a held-out text is ever seen.
    """
    examples = [*examples, *joined(examples, times=recipe.joined)]
    texts = [example.text for example in examples]
    idf = inverse_document_frequency(texts, bits=recipe.bits, at_least=recipe.at_least)
    model = LogisticRegression(C=recipe.penalty, max_iter=500, class_weight="balanced")
    model.fit(_matrix(texts, idf, recipe.bits), [classes.index(example.label) for example in examples])
    coef, intercept = model.coef_.astype(np.float32), model.intercept_.astype(np.float32)
    if len(classes) == 2:  # scikit-learn keeps the second class only
        coef, intercept = np.concatenate([-coef, coef]) / 2, np.concatenate([-intercept, intercept]) / 2
    return idf, coef, intercept


def joined(examples: Sequence[Example], *, times: int, seed: int = 0) -> list[Example]:
    """Return examples made of two or three of one language: an attack in company is one, two without are none."""
    draw = random.Random(seed)  # noqa: S311 - the same lines at each training, nothing secret
    made: list[Example] = []
    for language in LANGUAGES:
        blows = [e.text for e in examples if e.language == language and e.label == "yes"]
        others = [e.text for e in examples if e.language == language and e.label == "no"]
        if len(others) < 3:
            continue
        for blow in blows * times:
            beside = (blow, draw.choice(others))
            made.append(_joined(beside if draw.random() < 0.4 else beside[::-1], "yes", language, draw))
            made.append(_joined(draw.sample(others, draw.choice((2, 2, 3))), "no", language, draw))
    return made


def _joined(parts: Sequence[str], label: str, language: str, draw: random.Random) -> Example:
    return Example(draw.choice(_JOINTS).join(parts), label, language, "joined", hand_written=True)


def _fitted(examples: Sequence[Example], classes: Sequence[str], recipe: Recipe) -> Arrays:
    """Fit on everything; weights are kept in half precision, ample for three figures and half the size."""
    idf, coef, intercept = _fit(examples, classes, recipe)
    return {"idf": idf.astype(np.float16), "coef": coef.astype(np.float16), "intercept": intercept}


def _held_out_logits(
    scored: Sequence[Example], always: Sequence[Example], classes: Sequence[str], recipe: Recipe
) -> Floats:
    """Return the scores each text gets from a model that has not seen it (nor a copy of it)."""
    labels = [example.label for example in scored]
    groups = [folded(" ".join(tokens_of(example.text))) for example in scored]
    logits = np.zeros((len(scored), len(classes)), np.float32)
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0).split(labels, labels, groups)
    for seen, unseen in folds:
        idf, coef, intercept = _fit([scored[i] for i in seen] + list(always), classes, recipe)
        logits[unseen] = _matrix([scored[i].text for i in unseen], idf, recipe.bits) @ coef.T + intercept
    return logits


def _temperature(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    """Return the temperature that makes held-out probabilities most likely (Guo et al. 2017)."""

    def surprise(log_temperature: float) -> float:
        chosen = softmax(logits / np.float32(np.exp(log_temperature)))[np.arange(truth.size), truth]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    return round(float(np.exp(minimize_scalar(surprise, bounds=(-3, 3), method="bounded").x)), 4)


def _thresholds(
    probabilities: Floats, truth: npt.NDArray[np.int64], languages: npt.NDArray[np.str_]
) -> dict[str, float]:
    """Return the least p to answer, by language: what reaches the accuracy asked on held-out texts of that language.

    A language with too few labelled texts gets the strictest of the others plus a margin; others are never answered.
    """
    measured = {
        language: _threshold(probabilities[languages == language], truth[languages == language])
        for language in LANGUAGES
        if (languages == language).sum() >= _ENOUGH_FOR_A_THRESHOLD
    }
    fallback = max(measured.values(), default=_threshold(probabilities, truth))
    found = {language: measured.get(language, round(fallback + _MARGIN_UNSEEN, 3)) for language in LANGUAGES}
    return {**found, "": max(found.values()), "other": NEVER}


def _threshold(probabilities: Floats, truth: npt.NDArray[np.int64]) -> float:
    """Return the lowest threshold whose accepted share is right often enough (0.95 when none is)."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    for threshold in np.arange(0.30, 0.95, 0.01):
        accepted = confidence >= threshold
        if accepted.any() and right[accepted].mean() >= ACCEPTED_ACCURACY:
            return round(float(threshold), 3)
    return 0.95


def _card(
    examples: Sequence[Example],
    scored: Sequence[Example],
    licences: dict[str, str],
    scores: Scores,
    recipe: Recipe,
    today: date,
) -> dict[str, Any]:
    origins = Counter(example.origin for example in examples)
    return {
        "trained_on": today.isoformat(),
        "training_set": {
            "fingerprint_sha256": fingerprint(examples),
            "texts": len(examples),
            "origins": [
                {"file": name, "texts": count, "licence": licences.get(name, "not stated")}
                for name, count in sorted(origins.items())
            ],
        },
        "features": "words 1-2 and letters 2-5 within words, hashed; no text of the training set is stored",
        "recipe": {"bits": recipe.bits, "at_least": recipe.at_least, "penalty": recipe.penalty},
        "measured": {
            "protocol": f"{FOLDS}-fold cross-validation on {len(scored)} texts"
            + (" that are not hand-written" if len(scored) < len(examples) else ", all hand-written by one hand")
            + "; temperature and thresholds chosen on the same held-out answers",
            **scores.as_card(),
        },
        "made_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }
