"""Expressions looked for by their beginnings: what is found is what each list finds by itself, only sooner."""

import re
import time
from collections.abc import Sequence

import pytest

from clients.listening.reading import rule_book
from clients.listening.reading.folding import composed, folded
from clients.listening.reading.gravity import wakes_alone
from clients.listening.reading.labels import Doc
from clients.listening.reading.phrases import PhraseBook, beginnings, outside
from clients.listening.reading.rules import RuleClassifier
from clients.listening.reading.training import seeds

LISTS = (rule_book.SAFETY, rule_book.LEGAL, rule_book.CALL, rule_book.POPCORN, rule_book.PRESS, rule_book.AUTHORITY)
HOSTILE = ["", "\0", "😡🍿" * 50, "@" * 300, "plainte " * 300, "a'll hurt #boycott@cnil", "مرحبا بالعالم", "x"]


def one_by_one(lists: Sequence[Sequence[str]], plain: str) -> list[tuple[int, int, int]]:
    """What the regular expressions find, each list over the whole text."""
    patterns = [
        re.compile(r"(?:(?<!\w)|(?=\W))(?:" + "|".join(f"(?:{one})" for one in ones) + r")(?!\w)") for ones in lists
    ]
    return [(which, *hit.span()) for which, pattern in enumerate(patterns) for hit in pattern.finditer(plain)]


def test_the_rules_find_what_they_find_one_by_one() -> None:
    book = PhraseBook(LISTS)
    texts = [example.text for task in ("intent", "attack") for example in seeds(task)]
    plains = [folded(composed(text)) for text in (*texts[::3], *HOSTILE)]
    found = [sorted(book.hits(plain)) for plain in plains]
    assert found == [one_by_one(LISTS, plain) for plain in plains]
    assert sum(map(len, found)) > 50


@pytest.mark.parametrize(
    ("expression", "begins"),
    [
        ("plainte", {"pl"}),
        ("a|b?c", {"a", "bc", "c"}),
        ("#?boycott", {"#b", "bo"}),
        ("e[. ]?coli", {"e.", "e ", "ec"}),
        (r"o+h\w*", {"oo", "oh"}),
        (r"l\w+", {"l"}),
        ("(?:un|deux) mots", {"un", "de"}),
        ("🍿", {"🍿"}),
    ],
)
def test_an_expression_begins_as_it_is_spelt(expression: str, begins: set[str]) -> None:
    assert beginnings(expression) == begins


@pytest.mark.parametrize("expression", [r"\w+ plainte", "", "(?:je )?", "."])
def test_an_expression_that_begins_with_anything_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="first character"):
        PhraseBook([[expression]])


def test_those_of_one_list_never_overlap_and_those_of_two_may() -> None:
    book = PhraseBook([["ta ta"], ["ta"]])
    assert list(book.hits("ta ta ta")) == [(0, 0, 5), (1, 0, 2), (1, 3, 5), (1, 6, 8)]


def test_fifty_thousand_characters_take_a_moment() -> None:
    began = time.process_time()
    assert len(list(PhraseBook(LISTS).hits("porter plainte " * 3_300))) == 3_300
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("traps", [[], [(0, 2)], [(3, 4), (5, 9)], [(4, 4)], [(0, 1), (1, 8)], [(7, 30)]])
def test_what_shares_a_character_with_a_trap_is_left_out(traps: list[tuple[int, int]]) -> None:
    hits = [(start, end) for start in range(9) for end in range(start + 1, 10)]
    naive = [hit for hit in hits if not any(start < hit[1] and hit[0] < end for start, end in traps)]
    assert outside(hits, traps) == naive


@pytest.mark.parametrize("words", ["vous harcelez ", "on sait ou tu fais ", "signalement "])
def test_a_text_of_nothing_but_hits_and_traps_is_read_in_time(words: str) -> None:
    text = (words * 50_000)[:50_000]
    began = time.process_time()
    RuleClassifier().predict([Doc(text)])
    wakes_alone(text)
    assert time.process_time() - began < 1.2, "5 seconds before, on the same machine"
