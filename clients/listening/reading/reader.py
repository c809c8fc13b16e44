"""The reader: language, then rules, then models, on a batch of texts. Loaded once, the same answer every time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

from clients.listening.reading import artefact
from clients.listening.reading.labels import Doc, Label
from clients.listening.reading.language import LanguageClassifier
from clients.listening.reading.linear import LinearClassifier
from clients.listening.reading.rules import RuleClassifier

SHIPPED = Path(__file__).parent / "model"


@dataclass(frozen=True)
class Reader:
    """Rules win over the model for the intent they name; the models answer the rest or say "uncertain"."""

    sentiment: LinearClassifier
    intent: LinearClassifier
    language: LanguageClassifier = LanguageClassifier()
    rules: RuleClassifier = RuleClassifier()

    @classmethod
    def from_folder(cls, folder: Path) -> Self:
        """Load both models of a folder. Raises artefact.WrongArtefact when one is missing or was altered."""
        return cls(*(LinearClassifier(artefact.load(folder, task)) for task in ("sentiment", "intent")))

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
        known = [replace(doc, language=label.value) for doc, label in zip(docs, languages, strict=True)]
        columns = zip(
            languages, self.sentiment.predict(known), self.intent.predict(known), self.rules.predict(known), strict=True
        )
        return [(language, *sentiment, *_intent(model, rules)) for language, sentiment, model, rules in columns]


def _intent(model: tuple[Label, ...], rules: tuple[Label, ...]) -> tuple[Label, ...]:
    """Let a rule's intent stand in for the model's."""
    return rules if any(label.axis == "intent" for label in rules) else (*model, *rules)


@cache
def _shipped() -> Reader:
    return Reader.from_folder(SHIPPED)
