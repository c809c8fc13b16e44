"""A client's own model: the shipped one, moved by what people said."""

import pytest

from clients.listening.reading import artefact, refit
from clients.listening.reading.linear import LinearClassifier
from clients.listening.reading.reader import SHIPPED

WORDS = ["colis", "facture", "agence", "panne", "retard", "borne", "carte", "compte", "appli", "contrat"]


def said(value: str, phrase: str) -> list[refit.Corrected]:
    return [refit.Corrected(i, f"{phrase} {word} {i}", value) for i, word in enumerate(WORDS * 4)]


@pytest.fixture(scope="module")
def base() -> artefact.Artefact:
    return artefact.load(SHIPPED, "sentiment")


def test_what_people_say_is_learnt(base: artefact.Artefact) -> None:
    text = "c'est du grand Aldane comme toujours, la borne"
    before = LinearClassifier(base).probabilities([text])[0]
    moved = refit.refit(base, said("negative", "c'est du grand Aldane comme toujours, la"), "sentiment/1")
    after = LinearClassifier(moved).probabilities([text])[0]
    negative = base.reading["classes"].index("negative")
    assert after[negative] > max(before[negative], 0.8)


def test_the_same_corrections_always_make_the_same_model(base: artefact.Artefact) -> None:
    first, second = (refit.refit(base, said("neutral", "dire"), "v") for _ in range(2))
    assert refit.packed(first) == refit.packed(second)


def test_no_correction_moves_nothing_and_a_stranger_label_is_refused(base: artefact.Artefact) -> None:
    with pytest.raises(ValueError, match="furieux"):
        refit.refit(base, [refit.Corrected(1, "texte", "furieux")], "v")


def test_one_in_five_is_kept_apart_and_always_the_same() -> None:
    apart = [refit.Corrected(number, "", "neutral").is_kept_apart for number in range(5_000)]
    assert 0.17 < sum(apart) / len(apart) < 0.23
    assert apart == [refit.Corrected(number, "other", "negative").is_kept_apart for number in range(5_000)]


def test_a_kept_model_comes_back_as_it_was_and_an_altered_one_does_not(base: artefact.Artefact) -> None:
    made = refit.refit(base, said("negative", "oh"), "v")
    sha256 = artefact.digest(made.arrays, made.reading)
    back = refit.unpacked(base, refit.packed(made), "v", sha256)
    assert (back.arrays["coef"] == made.arrays["coef"]).all()
    with pytest.raises(ValueError, match="vouches"):
        refit.unpacked(base, refit.packed(base), "v", sha256)
