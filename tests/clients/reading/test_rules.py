"""Rules come first: what must not be missed, and the look-alikes that must not ring."""

import pytest

from clients.listening.reading.labels import Doc, Label
from clients.listening.reading.rules import RuleClassifier
from tests.clients.reading import phrases

RULES = RuleClassifier()
NAMED = [
    (text, value)
    for value, texts in (
        ("safety", phrases.SAFETY),
        ("legal_threat", phrases.LEGAL),
        ("call_to_action", phrases.CALL),
        ("popcorn", phrases.POPCORN),
    )
    for text in texts
]
LEVERAGED = [(text, value) for value, texts in phrases.LEVERAGE.items() for text in texts]


def read(text: str) -> tuple[Label, ...]:
    return RULES.predict([Doc(text)])[0]


def intents(text: str) -> list[str]:
    return [label.value for label in read(text) if label.axis == "intent"]


@pytest.mark.parametrize(("text", "value"), NAMED)
def test_what_must_not_be_missed_is_named(text: str, value: str) -> None:
    assert intents(text) == [value]


@pytest.mark.parametrize("text", phrases.NOTHING)
def test_look_alikes_do_not_ring(text: str) -> None:
    assert intents(text) == []


@pytest.mark.parametrize(("text", "value"), LEVERAGED)
def test_press_and_authorities_called_in_are_seen(text: str, value: str) -> None:
    found = [label.value for label in read(text) if label.axis == "leverage"]
    assert value in found if value else found == []


def test_a_reason_quotes_what_was_written_with_its_accents_and_capitals() -> None:
    reason = read("C’était hier : le chargeur A PRIS FEU près du bébé")[0].why[0]
    assert reason.words("fr") == "sécurité des personnes\u00a0: «\u00a0PRIS FEU\u00a0»"
    assert reason.words("en") == "people’s safety: “PRIS FEU”"


def test_the_gravest_intent_wins_and_the_others_stay_among_its_reasons() -> None:
    label = read("Boycott ! Ma fille est à l’hôpital, mon avocat va vous écrire")[0]
    assert label.value == "safety"
    assert [reason.values[0] for reason in label.why] == ["safety", "legal_threat", "call_to_action"]


def test_a_trap_does_not_hide_a_real_danger_beside_it() -> None:
    assert intents("Je suis mort de rire mais le four a pris feu") == ["safety"]


def test_an_announcement_is_news() -> None:
    assert intents("COMMUNIQUÉ – la ligne 4 rouvre lundi") == ["news"]


def test_accents_may_be_missing() -> None:
    assert intents("j'ai ete electrocute par votre bouilloire") == ["safety"]


def test_a_hostile_text_is_read_in_reasonable_time() -> None:
    assert intents("rt " * 7000 + "concours " * 1500) == []
