"""A client's own model: the shipped one, moved by what people said."""

from dataclasses import replace

import pytest

from clients.listening.reading import artefact, refit
from clients.listening.reading.attack import AttackClassifier
from clients.listening.reading.labels import Doc
from clients.listening.reading.linear import LinearClassifier
from clients.listening.reading.reader import SHIPPED, Reader

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


def test_what_people_say_of_attacks_moves_the_whole_answer() -> None:
    shipped = artefact.load(SHIPPED, "attack")
    phrase = "le service de nuit Aldane, quel poème, la"
    own = refit.refit(shipped, said("yes", phrase), "attack/1")
    before, after = refit.classifier(shipped), refit.classifier(shipped, own)
    text = [f"{phrase} borne", "Bonjour, où en est mon colis ?"]
    assert after.probabilities(text)[0, 1] > max(before.probabilities(text)[0, 1], 0.5)
    assert after.probabilities(text)[1, 1] < 0.5, "what was not said is left where it was"


def test_an_answer_moved_by_people_says_so() -> None:
    shipped = artefact.load(SHIPPED, "attack")
    own = refit.refit(shipped, said("no", "bande de voleurs, la"), "attack/1")
    attack = refit.classifier(shipped, own)
    assert isinstance(attack, AttackClassifier)
    reader = replace(Reader.shipped(), attack=attack)
    label = next(one for one in reader.read([Doc("bande de voleurs, la panne")])[0] if one.axis == "attack")
    assert label.version == "attack/1" and label.why[0].code == "taught"


def test_a_model_of_attacks_keeps_nothing_of_the_shipped_weights() -> None:
    shipped = artefact.load(SHIPPED, "attack")
    nothing = refit.refit(shipped, [], "attack/0")
    assert not nothing.arrays["coef"].any() and not nothing.arrays["intercept"].any()
    assert nothing.card["moved_from"] == refit.origin(shipped) != shipped.version
    texts = ["Quelle honte, bande de voleurs", "Merci", "", "😡" * 50, "\0", "\ud800"]
    same = refit.classifier(shipped, nothing).probabilities(texts), refit.classifier(shipped).probabilities(texts)
    assert (same[0] == same[1]).all()


def test_attacks_are_judged_like_the_other_axes() -> None:
    shipped = refit.classifier(artefact.load(SHIPPED, "attack"))
    scores = refit.judge(shipped, [*said("yes", "bande de voleurs, honte à vous, la"), *said("no", "merci pour la")])
    assert scores.macro_f1 > 0.9 and scores.texts == 80
