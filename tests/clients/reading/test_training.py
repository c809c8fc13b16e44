"""From labelled texts to a model: clear refusals, the same arrays each time, honest figures."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from clients.listening.reading import artefact
from clients.listening.reading.evaluation import evaluate, score
from clients.listening.reading.labels import INTENTS, SENTIMENTS
from clients.listening.reading.linear import LinearClassifier
from clients.listening.reading.training import Example, TrainingSetError, fingerprint, read_labelled, seeds, train

TODAY = date(2026, 11, 23)
SMALL = [
    Example(f"{word} {i}", label)
    for i in range(8)
    for label, word in zip(SENTIMENTS, ("nul", "jeudi", "bravo"), strict=True)
]


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "labelled.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("texte,label\na,positive\n", "column text is missing"),
        ("text,label\n", "no row"),
        ("text,label\nbien,positif\n", "line 2: label “positif” is not one of negative, neutral, positive"),
        ("text,label\n ,positive\n", "line 2: the text is empty"),
        ("text,label\nd\xe9j\xe0,positive\n".encode("latin-1"), "not a readable UTF-8"),
    ],
)
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(TrainingSetError, match=words):
        read_labelled(written(tmp_path, content), "sentiment")


def test_other_column_names_are_accepted(tmp_path: Path) -> None:
    path = written(tmp_path, "tweet,tone\nbien,positive\n")
    assert read_labelled(path, "sentiment", text_column="tweet", label_column="tone")[0].text == "bien"


def test_too_few_texts_of_a_class_are_refused() -> None:
    with pytest.raises(TrainingSetError, match="too few for neutral"):
        train("sentiment", [e for e in SMALL if e.label != "neutral"], licences={}, today=TODAY)


def test_training_twice_gives_the_same_arrays_and_the_same_card() -> None:
    first, second = (train("sentiment", SMALL, licences={}, today=TODAY)[0] for _ in range(2))
    assert artefact.digest(first.arrays, first.reading) == artefact.digest(second.arrays, second.reading)
    assert first.card == second.card


def test_a_trained_model_reads_what_it_was_taught() -> None:
    made, scores = train("sentiment", SMALL, licences={}, today=TODAY)
    assert scores.macro_f1 == 1.0
    assert evaluate(LinearClassifier(made), ["nul", "jeudi", "bravo"], SENTIMENTS).accuracy == 1.0


def test_figures_agree_with_their_definitions() -> None:
    probabilities = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.7, 0.3]], np.float32)
    scores = score(["a", "a", "b", "b"], probabilities, ("a", "b"), np.full(4, 0.65, np.float32))
    assert (scores.accuracy, scores.coverage) == (0.75, 0.75)
    assert scores.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert scores.accepted_accuracy == pytest.approx(2 / 3)


def test_the_fingerprint_ignores_order_and_shows_no_word() -> None:
    assert fingerprint(SMALL) == fingerprint(SMALL[::-1]) != fingerprint(SMALL[1:])
    assert len(fingerprint(SMALL)) == 64


def test_hand_written_examples_cover_every_label_in_both_languages() -> None:
    counts = {(label, language): 0 for label in INTENTS for language in ("fr", "en")}
    for example in seeds("intent"):
        counts[example.label, example.language] += 1
    assert min(counts.values()) >= 19
    assert len({(e.text, e.language) for e in seeds("sentiment")}) > 800
