"""What the learner of texts learns from very few of them, with the embeddings and without."""

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from clients.listening.evaluation.latent_terms import terms_of
from clients.listening.evaluation.learner import Floats, TextLearner
from clients.listening.reading.embeddings import Encoder, Vectors, encode

GLAD = [f"Merci beaucoup, {what} est parfait, bravo" for what in ("le colis", "le vol", "tout", "le thé", "le son")] * 3
SORE = [f"Quelle honte, {what} est cassé, nul" for what in ("le colis", "le vol", "tout", "le thé", "le son")] * 3
TEXTS, LABELS = GLAD + SORE, ["glad"] * 15 + ["sore"] * 15
HOSTILE = ["", "\0", "😡" * 50, "x" * 50_000, "مرحبا بالعالم", "\ud800"]


def nothing_installed(encoder: Encoder, texts: object) -> Vectors | None:
    return None


def lean(**asked: object) -> TextLearner:
    return TextLearner(encode=nothing_installed, **asked)  # type: ignore[arg-type]


def test_words_alone_tell_thanks_from_anger() -> None:
    learner = lean().fit(TEXTS, LABELS)
    assert learner.answers(["Bravo, merci", "C'est nul, quelle honte"])[0] == ["glad", "sore"]
    assert set(learner.worth) == {"words"}


def test_the_same_texts_give_the_same_answers() -> None:
    first, second = (lean().fit(TEXTS, LABELS).probabilities(["Merci, nul"]) for _ in range(2))
    assert np.array_equal(first, second)


def test_probabilities_add_up_to_one_for_hostile_texts() -> None:
    found = lean().fit(TEXTS, LABELS).probabilities(HOSTILE)
    assert found.shape == (len(HOSTILE), 2)
    assert np.allclose(found.sum(axis=1), 1)


def test_no_text_gives_no_answer() -> None:
    assert lean().fit(TEXTS, LABELS).probabilities([]).shape == (0, 2)


def test_figures_beside_the_texts_decide_where_the_texts_say_nothing() -> None:
    figures: Floats = np.array([[0.0]] * 15 + [[5.0]] * 15)
    learner = lean().fit(["même texte"] * 30, LABELS, extra=figures)
    assert learner.answers(["même texte"] * 2, np.array([[0.0], [5.0]]))[0] == ["glad", "sore"]


def test_texts_without_a_letter_are_a_defined_result() -> None:
    assert lean().fit(["", " "] * 5, ["glad", "sore"] * 5).probabilities([""]).shape == (1, 2)


@pytest.mark.parametrize("groups", [["a"] * 30, [n % 5 for n in range(30)], ["a"] * 29 + ["b"]])
def test_any_grouping_can_be_learnt_from(groups: list[object]) -> None:
    assert lean().fit(TEXTS, LABELS, groups).answers(["Merci, bravo"])[0] == ["glad"]


def test_one_label_is_nothing_to_tell_apart() -> None:
    with pytest.raises(ValueError, match="Two labels"):
        lean().fit(GLAD, ["glad"] * 15)


@pytest.mark.skipif(encode("use", ["x"]) is None, reason="the extra `embeddings` is not installed")
def test_an_embedding_reads_another_language_than_it_learnt() -> None:
    learner = TextLearner(embeddings=("use",), words=False).fit(TEXTS, LABELS)
    assert learner.answers(["Thank you very much, perfect", "What a shame, it is broken"])[0] == ["glad", "sore"]


@pytest.mark.parametrize(("encoder", "size"), [("e5", 384), ("use", 512)])
def test_hostile_texts_have_unit_vectors(encoder: Encoder, size: int) -> None:
    vectors = encode(encoder, HOSTILE)
    if vectors is None:
        pytest.skip("the extra `embeddings` is not installed")
    assert vectors.shape == (len(HOSTILE), size)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2)


def test_latent_terms_take_part_where_they_are_asked_for_and_installed() -> None:
    def strongest(texts: Sequence[str]) -> csr_matrix:
        return csr_matrix([[float("erci" in text), float("honte" in text)] for text in texts])

    learner = lean(terms=strongest, words=False).fit(TEXTS, LABELS)
    assert "terms" in learner.worth
    assert learner.answers(["erci", "honte"])[0] == ["glad", "sore"]
    assert set(lean(terms=lambda texts: None).fit(TEXTS, LABELS).worth) == {"words"}


def test_latent_terms_of_hostile_texts_are_rows_of_unit_length() -> None:
    hostile = [text for text in HOSTILE if len(text) < 50_000]  # it is cut where the embedding cuts it
    found = terms_of(hostile)
    if found is None:
        pytest.skip("the extra embeddings is not installed")
    lengths = np.sqrt(found.multiply(found).sum(axis=1))
    assert found.shape == (len(hostile), 16_384) and np.allclose(lengths, 1)
    empty = terms_of([])
    assert empty is not None and empty.shape == (0, 16_384)
