"""Which watches a text is about."""

import pytest

from clients.listening.matching import Match, Matcher, Wanted


def is_about(include: list[str], text: str, exclude: list[str] | None = None) -> bool:
    return bool(Matcher([Wanted(1, include, exclude or [])]).matches(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Aldane", "chez ALDANE, rien"),
        ("remboursé", "toujours pas rembourse !"),
        ("rembourse", "pas REMBOURSÉ"),
        ("@aldane", "merci @Aldane"),
        ("aldane", "merci @Aldane"),
        ("#aldanegate", "#AldaneGate continue"),
        ("maison aldane", "la Maison\n  Aldane ment"),
        ("c++", "du c++ ici"),
        ("l'été", "tout l’ete"),
        ("e\u0301te\u0301", "cet été"),
    ],
)
def test_a_word_is_found_whatever_its_case_and_accents(word: str, text: str) -> None:
    assert is_about([word], text)


@pytest.mark.parametrize(
    ("word", "text"), [("free", "freedom"), ("free", "carefree"), ("box", "box_office"), ("été", "étés")]
)
def test_only_whole_words_count(word: str, text: str) -> None:
    assert not is_about([word], text)


def test_an_excluded_word_wins() -> None:
    assert not is_about(["orange"], "jus d’orange pressée", exclude=["jus d'orange"])


def test_no_word_takes_every_text_but_the_excluded() -> None:
    assert is_about([], "n’importe quoi")
    assert not is_about([], "publicité ici", exclude=["publicite"])


def test_an_ignored_account_is_read_and_not_counted() -> None:
    matcher = Matcher([Wanted(1, ["aldane"], ignored_authors=["@Maison_Aldane"]), Wanted(2, ["lin"])])
    assert matcher.matches("Aldane, du lin", "maison_aldane") == [Match(1, False), Match(2, True)]
    assert matcher.matches("Aldane", "autre") == [Match(1, True)]
    assert matcher.matches("Aldane", "") == [Match(1, True)]
