"""A public blow to the reputation, told from a request: words that count, masks, doubt, and what is nobody's attack."""

import time

import pytest

from clients.listening.reading.attack import blow_of
from clients.listening.reading.attack_book import FAMILIES, HOSTILE
from clients.listening.reading.labels import ATTACKS, TARGETS, UNCERTAIN, Doc, Label, value_words
from clients.listening.reading.reader import Reader
from clients.listening.reading.training import Example, joined, seeds

READER = Reader.shipped()


def read(text: str) -> dict[str, Label]:
    return {label.axis: label for label in READER.read([Doc(text)])[0]}


@pytest.mark.parametrize(
    "text",
    [
        "Norvalis, bande de voleurs, vous vous moquez du monde",
        "Bravo Norvalis, élu service client de l'année, la bonne blague 🤡",
        "Plus de chauffage depuis lundi et votre standard raccroche au nez, c'est honteux",
        "Fuyez cette banque, une arnaque",
        "What an absolute joke of a company, worst service ever, thieves",
    ],
)
def test_a_blow_is_read_as_one(text: str) -> None:
    assert read(text)["attack"].value == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, je n'ai plus internet depuis ce matin, pouvez-vous m'aider svp ?",
        "Bonjour, nous sommes désolés de la gêne, écrivez-nous en message privé",
        "Jeu concours : deux places à gagner, RT + follow",
        "Merci à l'équipe, tout remarche",
        "Hello, could you please tell me when my parcel will arrive?",
    ],
)
def test_a_request_a_reply_or_a_contest_is_none(text: str) -> None:
    assert read(text)["attack"].value == "no"


@pytest.mark.parametrize(
    "asked", ["RT si vous aussi", "RT SVP", "rt max", "RT, s'il vous plaît", "RT please", "RT massif"]
)
def test_asking_the_crowd_to_pass_it_on_is_no_business_talk(asked: str) -> None:
    assert not blow_of(f"Norvalis nous laisse sans chauffage, {asked}").words("affairs")
    assert blow_of("RT @norvalis : nos boutiques ouvrent").words("affairs") == ("RT",)


@pytest.mark.parametrize(
    "said", ["nous sommes navrés", "nous sommes désolés", "nous revenons", "nous vous invitons", "nous vous proposons"]
)
def test_the_voice_of_the_house_is_heard_once(said: str) -> None:
    assert blow_of(said).words("affairs") == (said,)


@pytest.mark.parametrize("masked", ["service de m*rde", "c0nnards", "bande d'enc*lés", "m e r d e"])
def test_a_masked_insult_still_counts(masked: str) -> None:
    assert blow_of(masked).is_hostile


def test_one_more_hostile_word_never_lowers_the_probability() -> None:
    for family in (f for f in FAMILIES if f.name in HOSTILE):
        assert family.weight > 0
    texts = [
        "je suis client",
        "je suis client, escrocs",
        "je suis client, escrocs, menteurs",
        "je suis client 🖕 escrocs",
    ]
    totals = [blow_of(text).total for text in texts]
    assert totals[0] < totals[1] < totals[2] and totals[1] < totals[3]


def test_the_reasons_quote_what_was_written() -> None:
    why = read("Quelle HONTE, bande de voleurs")["attack"].why
    words = " ".join(reason.words("fr") for reason in why)
    assert "HONTE" in words and "voleurs" in words


@pytest.mark.parametrize("text", ["", " ", "\x00", "…", "12345", "😀😀", "\u202e\u202e"])
def test_without_a_word_nobody_knows(text: str) -> None:
    assert read(text)["attack"].value == UNCERTAIN


def test_hostile_lengths_cost_no_more_than_their_beginning() -> None:
    started = time.process_time()
    for text in ("a*" * 25_000, "m e " * 12_500, "vous " * 10_000, "!" * 50_000, "🤡" * 50_000):
        read(text)
    assert time.process_time() - started < 2


def test_the_smaller_axes_speak_only_when_they_have_something_to_say() -> None:
    plain = read("je cherche une boutique à Lille")
    assert not {"target", "arousal", "screenshot", "irony", "relevance"} & plain.keys()
    loud = read("VOTRE STAGIAIRE EST NUL !! bravo, capture d'écran à l'appui, bande de CLOWNS 🤡")
    found = {axis: loud[axis].value for axis in ("target", "arousal", "screenshot", "irony")}
    assert found == {"target": "cm", "arousal": "high", "screenshot": "shown", "irony": "possible"}


def test_every_word_that_a_reason_names_has_words_in_both_languages() -> None:
    for value in (*ATTACKS, *TARGETS, *(family.name for family in FAMILIES), "high", "shown", "possible", "elsewhere"):
        assert value_words(value, "fr") != value_words(value, "en") or value == "agency"


def test_an_attack_in_company_stays_one_and_the_lines_are_the_same_each_time() -> None:
    lines = [Example(f"oui {i}", "yes", "fr") for i in range(3)] + [Example(f"non {i}", "no", "fr") for i in range(4)]
    made = joined(lines, times=2)
    assert made == joined(lines, times=2) and len(made) == 12
    assert all(("oui" in e.text) == (e.label == "yes") for e in made)


def test_the_hand_written_lines_are_many_and_none_is_twice() -> None:
    lines = seeds("attack")
    assert len(lines) >= 900 and len({e.text.lower() for e in lines}) == len(lines)
