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


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("rembours*", "on veut un REMBOURSEMENT"),
        ("maison* aldane", "les maisons  Aldane"),
        ("« maison aldane »", "la maison Aldane"),
        ('"oui, mais"', "Oui, mais non"),
    ],
)
def test_a_star_ends_a_word_in_any_way_and_quotes_are_not_looked_for(word: str, text: str) -> None:
    assert is_about([word], text)
    assert not is_about([word], "rembour maisons aldan oui mais")


@pytest.mark.parametrize(
    ("handle", "text"),
    [
        ("@aldane", "merci @Aldane !"),
        ("aldane", "à @aldane@piaille.fr"),
        ("aldane", "vu chez @aldane.bsky.social"),
        ("@aldane@piaille.fr", "@aldane@piaille.fr répondez"),
        ("@aldane@piaille.fr", "merci @aldane."),
        ("aldane.bsky.social", "aldane.bsky.social a répondu"),
    ],
)
def test_an_account_is_named_in_each_networks_way(handle: str, text: str) -> None:
    assert Matcher([Wanted(1, handles=[handle])]).matches(text)


@pytest.mark.parametrize(
    ("handle", "text"),
    [
        ("aldane", "aldane sans arobase"),
        ("aldane", "contact@aldane.fr"),
        ("aldane", "@aldane_fan"),
        ("@aldane@piaille.fr", "@aldane@ailleurs.example"),
        ("aldane.bsky.social", "un autre@aldane.bsky.social"),
    ],
)
def test_another_account_is_not_it(handle: str, text: str) -> None:
    assert not Matcher([Wanted(1, handles=[handle])]).matches(text)


def test_who_writes_is_not_named_by_writing() -> None:
    assert not Matcher([Wanted(1, handles=["aldane"])]).matches("Bonjour à tous", "aldane")


@pytest.mark.parametrize("tag", ["AldaneGate", "#aldanegate", " #AldaneGate "])
def test_a_hashtag_is_borne_with_its_sign(tag: str) -> None:
    matcher = Matcher([Wanted(1, hashtags=[tag])])
    assert matcher.matches("encore #ALDANEGATE.")
    assert not matcher.matches("aldanegate sans signe") and not matcher.matches("#aldanegates")


def test_one_of_the_three_lists_is_enough_and_every_required_word_is_needed() -> None:
    matcher = Matcher([Wanted(1, ["lin"], handles=["aldane"], hashtags=["gate"], required=["colis", "retard*"])])
    assert all(matcher.matches(f"{one} colis retardé") for one in ("lin", "@aldane", "#gate"))
    assert not matcher.matches("lin colis") and not matcher.matches("colis retard")


@pytest.mark.parametrize(
    ("language", "is_caught"), [("fr", True), ("fr-CA", True), ("", True), ("und", True), ("en", False)]
)
def test_an_unknown_language_passes(language: str, is_caught: bool) -> None:
    assert bool(Matcher([Wanted(1, languages=["FR"])]).matches("Aldane", "", language)) is is_caught
