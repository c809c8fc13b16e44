"""The reader: language, then rules, then models, on a batch of texts. Loaded once, the same answer every time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Self

from clients.listening.reading import artefact
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
    language: LanguageClassifier = field(default_factory=LanguageClassifier)
    rules: RuleClassifier = field(default_factory=RuleClassifier)

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Load both models of a folder. Raises artefact.WrongArtefact when one is missing or was altered."""
        sentiment, intent = (LinearClassifier(artefact.load(folder, task)) for task in ("sentiment", "intent"))
        return cls(sentiment, intent)

    @staticmethod
    def shipped() -> "Reader":
        """Return the reader made of the models that come with the product, loaded once per process."""
        return _shipped()

    @property
    def version(self) -> str:
        """Name every part that answers: enough to know whether a text deserves a second reading."""
        parts = (self.language, self.rules, self.sentiment, self.intent)
        return " ".join(part.version for part in parts)

    def read(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return the labels of each document: language, sentiment, intent, then leverage when a rule saw one."""
        languages = [labels[0] for labels in self.language.predict(docs)]
        sentiments, intents = self._models(docs, [label.value for label in languages])
        columns = zip(languages, sentiments, intents, self.rules.predict(docs), strict=True)
        return [(language, sentiment, *_intent(model, rules)) for language, sentiment, model, rules in columns]

    def _models(self, docs: Sequence[Doc], languages: Sequence[str]) -> tuple[list[Label], list[Label]]:
        """Let both models answer, batch by batch; features are found once when both look at the same ones."""
        sentiments: list[Label] = []
        intents: list[Label] = []
        for start in range(0, len(docs), BATCH):
            texts = [doc.text for doc in docs[start : start + BATCH]]
            spoken = languages[start : start + BATCH]
            found = occurrences(texts, bits=self.sentiment.bits)
            sentiments += self.sentiment.label(found, spoken)
            same = self.intent.bits == self.sentiment.bits
            intents += self.intent.label(found if same else occurrences(texts, bits=self.intent.bits), spoken)
        return sentiments, intents


def _intent(model: Label, rules: tuple[Label, ...]) -> tuple[Label, ...]:
    """Let a rule's intent stand in for the model's."""
    return rules if any(label.axis == "intent" for label in rules) else (model, *rules)


@cache
def _shipped() -> Reader:
    return Reader.from_folder(SHIPPED)
