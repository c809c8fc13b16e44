"""How alike texts are, and what a ridge learns from it."""

import numpy as np
import pytest

from incidents.detection.alike import Alike, Once, Ridge

TEXTS = ["le train est en retard", "le train est parti", "quelle belle journée", "une belle journée", "", "🙂"]


def among(texts):
    return Alike(reads=lambda encoder, texts: None).fit(texts).among()


def test_a_text_is_most_like_itself_then_those_with_its_words():
    alikes = among(TEXTS)
    assert alikes[0].argmax() == 0
    assert alikes[0, 1] > alikes[0, 2] and alikes[3, 2] > alikes[3, 0]
    assert np.allclose(alikes, alikes.T)


def test_vectors_count_with_the_words_and_hostile_texts_are_texts():
    meaning = {"gai": [1.0, 0.0], "content": [1.0, 0.1], "triste": [-1.0, 0.0], "x" * 50_000: [0.0, 1.0]}
    known = Alike(reads=lambda encoder, texts: np.array([meaning[text] for text in texts], np.float32))
    alikes = known.fit(list(meaning)).among()
    assert alikes[0, 1] > alikes[0, 3] > alikes[0, 2]
    assert np.allclose(next(known.beside(["gai"]))[0], alikes[0])


def test_what_is_held_of_a_group_is_what_a_ridge_without_it_says():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(12, 3)).astype(np.float32)
    alikes, groups = points @ points.T, list("aaabbbcccddd")
    wanted = rng.normal(size=(12, 2))
    wanted -= wanted.mean(axis=0)
    held = Ridge().fit(alikes, wanted, groups).held

    known = alikes + 1
    penalty = 1.8 * np.trace(alikes) / 12
    weights = np.linalg.solve(known[3:, 3:] + penalty * np.eye(9), wanted[3:])
    assert held[:3] == pytest.approx(known[:3, 3:] @ weights, abs=1e-4)


def test_texts_without_a_word_in_common_are_told_apart_from_nothing():
    assert among(["", "🙂"]).shape == (2, 2)


def test_a_ridge_says_of_new_texts_what_their_likes_were():
    ridge = Ridge().fit(among(TEXTS[:4] * 3), np.array([[1.0], [1], [0], [0]] * 3), list("abcd") * 3)
    known = Alike(reads=lambda encoder, texts: None).fit(TEXTS[:4] * 3)
    said = ridge.say(next(known.beside(["le train", "belle journée"])))
    assert said[0] > 0.6 > 0.4 > said[1]


def test_a_text_is_embedded_once_however_often_it_is_asked_for():
    asked = []

    def reads(encoder, texts):
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], np.float32)

    once = Once(reads)
    assert once("use", ["a", "bb", "a"])[:, 0].tolist() == [1, 2, 1]
    assert once("use", ["bb", "ccc"])[:, 0].tolist() == [2, 3]
    assert asked == ["a", "bb", "ccc"]
    assert Once(lambda encoder, texts: None)("e5", ["a"]) is None


def test_a_text_that_weighs_more_is_followed_more():
    alikes, wanted, groups = np.ones((2, 2), np.float32), np.array([[0.0], [1.0]]), ["a", "b"]
    said = [float(Ridge().fit(alikes, wanted, groups, np.array([1.0, w])).say(alikes)[0, 0]) for w in (1.0, 9.0)]
    assert said[0] == pytest.approx(0.5, abs=1e-3) and said[1] > 0.8
