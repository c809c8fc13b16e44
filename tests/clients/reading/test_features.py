"""Hashed features: the same for the same text whatever stands beside it, and traceable to its words."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.listening.reading.features import inverse_document_frequency, occurrences, tokens_of, weights
from clients.listening.reading.folding import composed, folded

BITS = 12


def entries(texts: list[str], row: int) -> set[tuple[int, int]]:
    found = occurrences(texts, bits=BITS)
    mine = found.row == row
    return set(zip(found.bucket[mine].tolist(), found.count[mine].tolist(), strict=True))


def test_handles_and_links_are_masked_and_emoji_kept() -> None:
    assert tokens_of("Bravo @Norvalis !! 😡 https://exemple.fr/a?b=1") == ["Bravo", "@user", "!!", "😡", "http"]


def test_accents_and_capitals_make_no_difference() -> None:
    assert entries(["DÉÇU"], 0) == entries(["decu"], 0)


def test_words_pairs_and_letters_are_counted_as_expected() -> None:
    found = occurrences(["ab c"], bits=20)
    # words ab, c; pair "ab c"; letters: " a" "ab" "b " " c" "c ", " ab" "ab " " c ", " ab "
    assert found.count.sum() == 12


def test_no_feature_straddles_two_texts() -> None:
    alone = entries(["panne totale"], 0)
    assert entries(["merci beaucoup", "panne totale", "bravo"], 1) == alone


def test_values_have_length_one_in_words_and_in_letters() -> None:
    texts = ["la panne dure", "la panne est finie"]
    found = occurrences(texts, bits=BITS)
    value = weights(found, inverse_document_frequency(texts, bits=BITS, at_least=1))
    squares = np.bincount(found.row, weights=value**2)
    assert np.allclose(squares, 2.0, atol=1e-5)


def test_a_feature_met_in_one_text_only_leaves_no_trace() -> None:
    idf = inverse_document_frequency(["bonjour", "bonjour", "zyxwv"], bits=16, at_least=2)
    assert not idf[occurrences(["zyxwv"], bits=16).bucket].any()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_any_text_can_be_hashed_beside_any_other(texts: list[str]) -> None:
    found = occurrences(texts, bits=BITS)
    assert found.texts == len(texts)
    for row, text in enumerate(texts):
        mine = found.row == row
        assert set(zip(found.bucket[mine].tolist(), found.count[mine].tolist(), strict=True)) == entries([text], 0)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    plain = composed(text)
    assert len(folded(plain)) == len(plain)
