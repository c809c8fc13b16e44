"""A situation report in three lines for whoever decides: where we are, the decision asked, when the next one comes.

Made from the same source as the whole report. No account is named: a handle means nothing to that reader, and a name
forwarded is a name pointed at.
"""

import re

from incidents.bulletin import Bulletin, Language, hour_of, name_of, next_of

LONGEST_LINE = 320
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
# An account of a network; the at sign of an e-mail address stands after a letter and is left alone.
_HANDLE = re.compile(r"(?<![\w.@])@[\w.\-]*\w(?:@[\w.\-]*\w)?")
_WORDS: dict[Language, dict[str, str]] = {
    "fr": {
        "account": "un compte",
        "link": "[lien]",
        "asked": "Décision demandée\u00a0: {expected}",
        "nothing": "Aucune décision ne vous est demandée.",
        "when": "Point de {hour}, {next}.",
    },
    "en": {
        "account": "an account",
        "link": "[link]",
        "asked": "Decision asked: {expected}",
        "nothing": "No decision is asked of you.",
        "when": "Report of {hour}, {next}.",
    },
}


def in_three_lines(bulletin: Bulletin, language: Language) -> tuple[str, str, str]:
    """Where we are (two sentences), the decision asked, when the next report comes. NotReady as for the whole one."""
    bulletin.check(language)
    words = _WORDS[language]
    sentences = _SENTENCE.split(_one_line(_nameless(bulletin.bottom_line, language)))
    expected = _one_line(_nameless(bulletin.expected, language))
    asked = words["asked"].format(expected=expected) if expected else words["nothing"]
    when = words["when"].format(hour=hour_of(bulletin.issued_at, bulletin.zone), next=next_of(bulletin, language))
    return _cut(" ".join(sentences[:2])), _cut(asked), when


def email(bulletin: Bulletin, language: Language) -> tuple[str, str]:
    """(subject, body) of the three lines; the subject begins with the level. NotReady as for the whole report."""
    first, asked, when = in_three_lines(bulletin, language)
    subject = f"{name_of(bulletin, language)} · {_SENTENCE.split(first)[0]}"
    return _cut(subject, 150), f"{first}\n{asked}\n{when}\n"


def _nameless(text: str, language: Language) -> str:
    words = _WORDS[language]
    return _HANDLE.sub(words["account"], _ADDRESS.sub(words["link"], text))


def _one_line(text: str) -> str:
    # Not str.split(): it would break the no-break spaces of French punctuation.
    return re.sub(r"[\r\n\t ]+", " ", text).strip()


def _cut(text: str, longest: int = LONGEST_LINE) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
