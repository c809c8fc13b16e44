"""The reader: language, then rules, then models, on a batch of texts. Loaded once, the same answer every time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from clients.listening.reading import artefact, axes
from clients.listening.reading.attack import AttackClassifier, blow_of
from clients.listening.reading.features import occurrences
from clients.listening.reading.labels import Doc, Label
from clients.listening.reading.language import LanguageClassifier
from clients.listening.reading.linear import BATCH, LinearClassifier
from clients.listening.reading.rules import RuleClassifier

SHIPPED = Path(__file__).parent / "model"


@dataclass(frozen=True)
class Reader:
    """Rules win over the model for the intent they name; the models answer the rest or say "uncertain"."""

    sentiment: LinearClassifier
    intent: LinearClassifier
    attack: AttackClassifier = field(default_factory=lambda: _attack(SHIPPED))
    language: LanguageClassifier = field(default_factory=LanguageClassifier)
    rules: RuleClassifier = field(default_factory=RuleClassifier)

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Load the models of a folder, the shipped one of attacks where it has none.

        Raises artefact.WrongArtefact when one is missing or was altered.
        """
        sentiment, intent = (LinearClassifier(artefact.load(folder, task)) for task in ("sentiment", "intent"))
        return cls(sentiment, intent, _attack(folder) if (folder / "attack.json").is_file() else _attack(SHIPPED))

    @staticmethod
    def shipped() -> "Reader":
        """Return the reader made of the models that come with the product, loaded once per process."""
        return _shipped()

    @property
    def version(self) -> str:
        """Name every part that answers: enough to know whether a text deserves a second reading."""
        parts = (self.language, self.rules, self.sentiment, self.intent, self.attack)
        return " ".join([*(part.version for part in parts), axes.VERSION])

    def read(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return the labels of each document: language, sentiment, intent, attack, then what rules saw besides."""
        read: list[tuple[Label, ...]] = []
        for start in range(0, len(docs), BATCH):
            read += self._batch(docs[start : start + BATCH])
        return read

    def _batch(self, docs: Sequence[Doc]) -> Iterator[tuple[Label, ...]]:
        languages = [labels[0] for labels in self.language.predict(docs)]
        texts, spoken = [doc.text for doc in docs], [label.value for label in languages]
        found = {bits: occurrences(texts, bits=bits) for bits in {m.bits for m in self._models}}
        sentiments = self.sentiment.label(found[self.sentiment.bits], spoken)
        intents = self.intent.label(found[self.intent.bits], spoken)
        blows = [blow_of(text) for text in texts]
        attacks = self.attack.label(found[self.attack.bits], texts, blows)
        besides = axes.all_axes(texts, blows)
        columns = (languages, sentiments, intents, attacks, self.rules.predict(docs), besides)
        for language, sentiment, intent, attack, rules, rest in zip(*columns, strict=True):
            intent_label, *leverages = _intent(intent, rules)
            yield (language, sentiment, intent_label, attack, *leverages, *rest)

    @property
    def _models(self) -> tuple[LinearClassifier | AttackClassifier, ...]:
        return (self.sentiment, self.intent, self.attack)


def _intent(model: Label, rules: tuple[Label, ...]) -> tuple[Label, ...]:
    """Let a rule's intent stand in for the model's."""
    return rules if any(label.axis == "intent" for label in rules) else (model, *rules)


def _attack(folder: Path) -> AttackClassifier:
    return AttackClassifier(LinearClassifier(artefact.load(folder, "attack")))


@cache
def _shipped() -> Reader:
    return Reader.from_folder(SHIPPED)
