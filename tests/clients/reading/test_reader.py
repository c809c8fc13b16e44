"""The reader on whole texts: order of answers, rules over models, doubt said aloud, reasons in words."""

import time

import numpy as np
import pytest

from clients.listening.reading.features import occurrences
from clients.listening.reading.labels import INTENTS, LEVERAGES, SENTIMENTS, UNCERTAIN, Doc, Label, value_words
from clients.listening.reading.reader import Reader

READER = Reader.shipped()


def read(text: str, language: str = "") -> dict[str, Label]:
    return {label.axis: label for label in READER.read([Doc(text, language)])[0]}


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("Service client catastrophique, une honte, je suis furieux et très déçu", "negative"),
        ("Merci beaucoup, équipe adorable, je suis ravie, bravo !", "positive"),
        ("Terrible service, rude staff, the worst and most frustrating company", "negative"),
        ("Thank you so much, great flight and wonderful friendly crew", "positive"),
    ],
)
def test_a_plain_tone_is_read(text: str, tone: str) -> None:
    assert read(text)["sentiment"].value == tone


def test_a_rule_names_the_intent_and_the_model_still_reads_the_tone() -> None:
    labels = read("Merci bravo, votre bouilloire a pris feu, @BFMTV regardez")
    assert (labels["intent"].value, labels["intent"].source) == ("safety", "rule")
    assert labels["sentiment"].source == "model"
    assert labels["leverage"].value == "press"


def test_the_reasons_of_a_tone_are_words_of_the_text() -> None:
    words = read("Service CATASTROPHIQUE, quelle honte")["sentiment"].why[0].words("fr")
    assert words.startswith("penche vers «\u00a0négatif\u00a0» par ") and "«\u00a0honte\u00a0»" in words


def test_doubt_is_an_answer_and_says_between_what() -> None:
    label = read("le bus est passé devant la boutique avec un peu de retard mais bravo")["sentiment"]
    assert label.value == UNCERTAIN and label.p < READER.sentiment.threshold("fr")
    assert label.why[0].code == "torn"


def test_a_language_that_was_not_learnt_is_never_answered() -> None:
    label = read("Der Kundendienst ist wirklich eine Katastrophe und antwortet nie")["sentiment"]
    assert label.value == UNCERTAIN
    assert label.why[0].words("fr") == "langue que ce modèle ne lit pas"


@pytest.mark.parametrize("text", ["", "   ", "\n", "@norvalis", "…", "\x00", "\ud83d"])
def test_a_text_without_words_is_uncertain(text: str) -> None:
    labels = read(text)
    assert labels["sentiment"].value == UNCERTAIN and labels["intent"].value == UNCERTAIN


def test_a_text_is_read_alike_alone_in_company_and_twice() -> None:
    docs = [Doc(f"texte {i}, service {'nul' if i % 2 else 'parfait'} ce matin") for i in range(600)]
    together = READER.read(docs)
    assert together == READER.read(docs)
    assert [(x.axis, x.value) for x in READER.read([docs[7]])[0]] == [(x.axis, x.value) for x in together[7]]


def test_what_words_push_adds_up_to_the_score() -> None:
    found = occurrences(["quelle honte, merci quand même", "bravo bravo"], bits=READER.sentiment.bits)
    reading = READER.sentiment.read(found)
    for row in range(2):
        total = reading.pushes[found.token_row == row].sum(axis=0) + READER.sentiment._intercept
        assert np.allclose(total, reading.logits[row], atol=1e-3)


def test_every_value_of_every_axis_has_words_in_both_languages() -> None:
    for value in (*SENTIMENTS, *INTENTS, *LEVERAGES, UNCERTAIN):
        assert value_words(value, "fr") and value_words(value, "en")


def test_a_long_article_costs_no_more_than_its_beginning() -> None:
    started = time.process_time()
    READER.read([Doc("La panne continue et le service ne répond pas. " * 2000)])
    assert time.process_time() - started < 1.0
