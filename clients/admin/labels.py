"""What the machine and people say of a mention, in the words of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clients.choices import Axis, Intent, LabelSource, Sentiment
from clients.listening.reading.labels import Language, value_words
from clients.models import Classification

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
HIGHEST_CONFIDENCE = 0.99  # "1,00" would be a promise that no classifier keeps


def mark_of(intent: str) -> str | None:
    """The role's mark beside an intent, None for those that have none."""
    return MARKS.get(Intent(intent)) if intent else None


def reading_language() -> Language:
    """The language of the page, as pure code names it."""
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def shown_label(label: Classification) -> dict[str, Any]:
    """One label as a page shows it, with its reasons in the reader's language."""
    language = reading_language()
    words: Mapping[str, Any] = {Axis.INTENT: dict(Intent.choices), Axis.SENTIMENT: dict(Sentiment.choices)}.get(
        Axis(label.axis), {}
    )
    return {
        "axis": label.get_axis_display(),
        "value": words.get(label.value) or value_words(label.value, language) or _("unknown"),
        "confidence": None if label.confidence is None else min(label.confidence, HIGHEST_CONFIDENCE),
        "is_sure": (label.confidence or 0) > HIGHEST_CONFIDENCE,
        "by_person": label.label_source == LabelSource.PERSON,
        "reasons": [reason.get(language, "") for reason in label.reasons],
        "at": label.created_at,
        "by_id": label.by_id,
        "version": label.version,
    }
