"""What hurts is found, in both languages and in disguise; what is another word is not."""

import time

import pytest

from clients.listening.insults import KINDS, insults


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in insults(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bande de CONNARDS", ["CONNARDS"]),
        ("quelle c0nnasse, vraiment", ["c0nnasse"]),
        ("s@lope !", ["s@lope"]),
        ("enculéééés", ["enculéééés"]),
        ("fils-de-pute", ["fils-de-pute"]),
        ("t’es con", ["t’es con"]),
        ("You MOTHERFUCKER, kill yourself", ["MOTHERFUCKER", "kill yourself"]),
        ("va crever, sale connard", ["va crever", "connard"]),
        ("espèce d'ordure", ["espèce d'ordure"]),
    ],
)
def test_what_hurts_is_found_where_it_stands(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Votre colis a du retard", "Je pars au Niger demain", "con queso y con leche", "un fagot de bois",
        "our trainee will answer", "Les ordures ménagères", "La chienne du voisin", "Nicolas Gogol", "reputé, disputes",
        "Scunthorpe", "classe, assassinat", "Je crève de chaud", "@connard22 a dit", "", "\0", "🤬🤬🤬", "كلب كلب",
    ],
)  # fmt: skip
def test_another_word_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_graver_reason_is_said() -> None:
    assert [one.kind for one in insults("sale pédé, on sait où tu habites")] == ["gender", "threat"]
    assert all(words.fr and words.en for words in KINDS.values())
    assert insults("connard")[0].reason.fr == "insulte"


@pytest.mark.parametrize("unit", ["n", "con", "connard ", "fils de ", "\u0301", "*", "va te faire ", "İ"])
def test_fifty_thousand_characters_take_no_time(unit: str) -> None:
    text = (unit * 50_000)[:50_000]
    begin = time.perf_counter()
    assert all(0 <= one.start < one.end <= len(text) for one in insults(text))
    assert time.perf_counter() - begin < 2
