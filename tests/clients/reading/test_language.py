"""The language of a text, and the honesty of not knowing."""

import pytest

from clients.listening.reading.labels import Doc
from clients.listening.reading.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Votre service client ne répond plus depuis ce matin", "fr"),
        ("Your customer service has not answered since this morning", "en"),
        ("@norvalis JE N'AI TOUJOURS RIEN REÇU DEPUIS LUNDI !!! https://exemple.fr/x", "fr"),
        ("Der Zug hat schon wieder eine Stunde Verspätung gehabt", "de"),
    ],
)
def test_a_sentence_is_recognised(text: str, language: str) -> None:
    assert language_of(Doc(text)).value == language


@pytest.mark.parametrize("text", ["", "ok", "🍿🍿🍿", "@norvalis", "https://exemple.fr", "2024", "lol\n\n"])
def test_a_text_too_short_to_tell_is_unknown(text: str) -> None:
    label = language_of(Doc(text))
    assert (label.value, label.p) == ("", 0.0)
    assert label.why[0].words("fr") == "texte trop court pour en reconnaître la langue"


def test_the_source_is_believed_when_the_text_does_not_say() -> None:
    label = language_of(Doc("ok", language="FR-fr"))
    assert (label.value, label.source) == ("fr", "rule")


def test_the_text_is_believed_against_its_source() -> None:
    assert language_of(Doc("Nous attendons toujours votre réponse, merci", language="en")).value == "fr"


def test_a_lone_surrogate_and_a_null_are_survived() -> None:
    assert language_of(Doc("\ud83d\x00 toujours en panne depuis ce matin, merci\r\n")).value == "fr"
