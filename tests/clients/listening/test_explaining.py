"""Why a watch catches a text or leaves it, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.listening.explaining import Explainer, explain
from clients.listening.matching import Matcher, Wanted

ONE = Wanted(
    1, ["Aldane"], handles=["@maison"], hashtags=["gate"], required=["colis"], exclude=["concours"], languages=["fr"]
)


def parts(text: str, wanted: Wanted = ONE, language: str = "fr") -> list[tuple[str, bool]]:
    told = explain(wanted, text, "", language)
    return [(told.text[span.start : span.end], span.keeps_out) for span in told.spans]


def test_what_lets_a_text_in_is_said_and_shown() -> None:
    text = "Le colis d’ALDANE, @maison #gate"
    told = explain(ONE, text, "maison", "fr")
    assert told.matches
    assert [one.fr for one in told.reasons] == [
        "contient «\u00a0Aldane\u00a0»",
        "nomme @maison",
        "porte #gate",
        "contient «\u00a0colis\u00a0»",
    ]
    assert parts(text) == [("colis", False), ("ALDANE", False), ("@maison", False), ("#gate", False)]


@pytest.mark.parametrize(
    ("text", "language", "why"),
    [
        ("Aldane, colis, concours", "fr", "contains “concours”, which excludes"),
        ("Aldane sans paquet", "fr", "it lacks “colis”"),
        ("Aldane, colis", "en", "its language is “en”"),
        ("un colis", "fr", "none of the words, accounts or hashtags sought is there"),
    ],
)
def test_what_keeps_a_text_out_is_said(text: str, language: str, why: str) -> None:
    told = explain(ONE, text, "", language)
    assert not told.matches and [one.en for one in told.reasons] == [why]


def test_the_word_that_excludes_is_shown_as_such() -> None:
    assert parts("Concours Aldane : un colis") == [("Concours", True), ("Aldane", False), ("colis", False)]


def test_a_watch_of_everything_and_an_unknown_language_are_said() -> None:
    assert [one.fr for one in explain(Wanted(1, languages=["fr"]), "Rien", "", "").reasons] == [
        "la requête prend toutes les mentions",
        "sa langue est inconnue\u00a0: elle passe",
    ]


def test_places_hold_beside_invisible_joiners_and_loose_accents() -> None:
    assert parts("❤️ \u200dAldane\u200b, l’e\u0301te\u0301 du colis", Wanted(1, ["aldane", "été"])) == [
        ("Aldane", False),
        ("été", False),
    ]


WORDS = st.sampled_from(
    ["aldane", "Été", "colis", "@aldane", "#gate", "maison", "aldane*", "l’été", "", "\u200b", "🍿"]
)
LISTS = st.lists(WORDS, max_size=3)


@given(LISTS, LISTS, LISTS, LISTS, LISTS, st.lists(WORDS, max_size=8), st.sampled_from(["fr", "en", ""]))
def test_the_reasons_never_contradict_the_matching(
    include: list[str], handles: list[str], tags: list[str], required: list[str], exclude: list[str],
    text: list[str], language: str,
) -> None:  # fmt: skip
    wanted = Wanted(1, include, exclude, (), required, handles, tags, ["fr"])
    told = explain(wanted, " ".join(text), "", language)
    assert told.matches == bool(Matcher([wanted]).matches(" ".join(text), "", language))
    assert told.matches == Explainer(wanted).matches(" ".join(text), language)
    assert told.reasons and all(0 <= span.start < span.end <= len(told.text) for span in told.spans)
