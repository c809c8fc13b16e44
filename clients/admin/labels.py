"""What the machine and people say of a mention, in the words of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clients.choices import Attack, Axis, Intent, LabelSource, Relevance, Sentiment
from clients.listening.reading.labels import Language, value_words
from clients.models import Classification, Mention

MARKS = {
    Intent.COMPLAINT: "customer",
    Intent.QUESTION: "customer",
    Intent.ATTACK_BRAND: "pack",
    Intent.ATTACK_CM: "pack",
    Intent.CALL_TO_ACTION: "pack",
    Intent.LEGAL_THREAT: "instigator",
    Intent.SAFETY: "instigator",
    Intent.MOCKERY: "popcorn",
    Intent.POPCORN: "popcorn",
    Intent.SUPPORT: "ally",
    Intent.NEWS: "media",
}
_CHOICES: dict[Axis, Mapping[str, Any]] = {
    Axis.INTENT: dict(Intent.choices),
    Axis.SENTIMENT: dict(Sentiment.choices),
    Axis.ATTACK: dict(Attack.choices),
}
# What goes without saying: nothing is stored for it, and the page says it all the same.
_TAKEN = {
    Axis.RELEVANCE: _("about the brand"),
    Axis.TARGET: _("aimed at the brand itself"),
    Axis.AROUSAL: _("in a calm tone"),
    Axis.SCREENSHOT: _("without a screenshot"),
}
HIGHEST_CONFIDENCE = 0.99  # "1,00" would be a promise that no classifier keeps


def mark_of(intent: str) -> str | None:
    """The role's mark beside an intent, None for those that have none."""
    return MARKS.get(Intent(intent)) if intent else None


def reading_language() -> Language:
    """The language of the page, as pure code names it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def taken_for_granted(labels: Mapping[str, Classification]) -> str:
    """What a mention that was read is taken to be on the axes that have no label; empty when it was not read."""
    return ", ".join(str(words) for axis, words in _TAKEN.items() if axis not in labels) if labels else ""


def correction(mention: Mention, labels: Mapping[str, Classification]) -> list[dict[str, Any]]:
    """The axes that a person may correct: name, words, values with their words, and the value that counts."""
    said = labels.get(Axis.RELEVANCE)
    values: list[tuple[Axis, Any, str]] = [
        (Axis.INTENT, Intent.choices, mention.intent),
        (Axis.SENTIMENT, Sentiment.choices, mention.sentiment),
        (Axis.ATTACK, Attack.choices, mention.attack),
        (Axis.RELEVANCE, Relevance.choices, said.value if said else Relevance.ABOUT.value),
    ]
    return [{"name": axis.value, "words": axis.label, "choices": of, "value": value} for axis, of, value in values]


def _confidence(label: Classification) -> float | None:
    """How sure the machine is of the value shown. Of an attack it keeps how probable "yes" is, whatever it answered."""
    p = label.confidence
    if p is None or label.axis != Axis.ATTACK or label.value == Attack.YES:
        return p
    return 1 - p if label.value == Attack.NO else max(p, 1 - p)


def shown_label(label: Classification) -> dict[str, Any]:
    """One label as a page shows it, with its reasons in the reader's language."""
    language = reading_language()
    confidence = _confidence(label)
    by_person = label.label_source == LabelSource.PERSON
    words: Mapping[str, Any] = _CHOICES.get(Axis(label.axis), {})
    if label.axis == Axis.RELEVANCE and by_person:
        words = dict(Relevance.choices)
    return {
        "axis": label.get_axis_display(),
        "value": words.get(label.value) or value_words(label.value, language) or _("unknown"),
        "confidence": None if confidence is None else min(confidence, HIGHEST_CONFIDENCE),
        "is_sure": (confidence or 0) > HIGHEST_CONFIDENCE,
        "by_person": by_person,
        "reasons": [reason.get(language, "") for reason in label.reasons],
        "at": label.created_at,
        "by_id": label.by_id,
        "version": label.version,
    }
