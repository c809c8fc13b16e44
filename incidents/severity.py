"""How grave is it: five answered questions, one table, reasons in words. The machine proposes, a person decides.

The table, first line that holds (our own, of November 2026: a scale to decide whom to wake, not a measure):

| established                                                              | severity |
| ------------------------------------------------------------------------ | -------- |
| harm, and customers or officials or spread                               | 1        |
| harm alone                                                               | 2        |
| no harm: customers, officials and spread, all three                      | 1        |
| no harm: two of those three                                              | 2        |
| no harm: one of those three, or our own word is the target               | 3        |
| nothing                                                                  | 4        |

Qualification: *signal* at 4; *crisis* when harm is established, or when customers are and the severity is 1 or 2 at its
mildest; else *paracrisis*: a public charge to be managed without waking everybody (Coombs and Holladay 2012).

"Don't know" is never read as "no": the table is read once with the unknown answers as no (the mildest it can be) and
once as yes (the gravest). The proposal lies in the middle, rounded to the grave side. Ignorance alone never makes a
crisis, and never a mere signal either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Answer = Literal["yes", "no", "unknown"]
Language = Literal["fr", "en"]
Qualification = Literal["signal", "paracrisis", "crisis"]
NBSP = "\u00a0"


class Unanswered(ValueError):
    """A question is missing, unknown to the table, or its answer is not yes, no or unknown. `codes` lists them."""

    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        super().__init__(f"questions to answer by yes, no or unknown: {', '.join(codes)}")


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its words, and what a yes or a "don't know" means, FR and EN."""

    code: str
    asked: Mapping[Language, str]
    yes: Mapping[Language, str]
    unknown: Mapping[Language, str]


QUESTIONS: tuple[Question, ...] = (
    Question(
        "harm",
        {
            "fr": f"Quelqu’un est-il blessé ou en danger, ou une action en justice est-elle annoncée{NBSP}?",
            "en": "Is somebody hurt or in danger, or is legal action announced?",
        },
        {
            "fr": "Quelqu’un est blessé ou en danger, ou la justice est annoncée.",
            "en": "Somebody is hurt or in danger, or legal action is announced.",
        },
        {
            "fr": "À vérifier d’abord\u00a0: y a-t-il un blessé, un danger, une action en justice\u00a0?",
            "en": "To find out first: is anybody hurt or in danger, is legal action announced?",
        },
    ),
    Question(
        "customers",
        {
            "fr": f"De vrais clients sont-ils touchés, et pas seulement des spectateurs{NBSP}?",
            "en": "Are real customers affected, and not only onlookers?",
        },
        {"fr": "De vrais clients sont touchés.", "en": "Real customers are affected."},
        {
            "fr": "À vérifier\u00a0: de vrais clients sont-ils touchés\u00a0? Le service client le sait.",
            "en": "To find out: are real customers affected? Customer service knows.",
        },
    ),
    Question(
        "officials",
        {
            "fr": f"La presse, un élu ou une autorité s’en mêlent-ils{NBSP}?",
            "en": "Is the press, an elected official or a regulator involved?",
        },
        {
            "fr": "La presse, un élu ou une autorité s’en mêlent.",
            "en": "The press, an elected official or a regulator is involved.",
        },
        {
            "fr": "À vérifier\u00a0: la presse, un élu ou une autorité ont-ils été mis en copie\u00a0?",
            "en": "To find out: was the press, an elected official or a regulator put in cc?",
        },
    ),
    Question(
        "spread",
        {
            "fr": f"Cela sort-il du fil de départ, ou grossit-il encore{NBSP}?",
            "en": "Has it left the first thread, or is it still growing?",
        },
        {
            "fr": "Cela sort du fil de départ, ou grossit encore.",
            "en": "It has left the first thread, or is still growing.",
        },
        {
            "fr": "À vérifier\u00a0: en parle-t-on ailleurs que dans le fil de départ\u00a0?",
            "en": "To find out: is it spoken of outside the first thread?",
        },
    ),
    Question(
        "word",
        {
            "fr": f"L’attaque vise-t-elle le CM ou la parole de la marque{NBSP}?",
            "en": "Does the strike aim at the CM or at the brand’s word?",
        },
        {
            "fr": "L’attaque vise le CM ou la parole de la marque.",
            "en": "The strike aims at the CM or at the brand’s word.",
        },
        {
            "fr": "À vérifier\u00a0: l’attaque vise-t-elle notre façon de répondre\u00a0?",
            "en": "To find out: does the strike aim at the way we answer?",
        },
    ),
)
CODES = tuple(question.code for question in QUESTIONS)
ANSWERS: dict[Answer, dict[Language, str]] = {
    "yes": {"fr": "Oui", "en": "Yes"},
    "no": {"fr": "Non", "en": "No"},
    "unknown": {"fr": "Je ne sais pas", "en": "I don’t know"},
}
_ALL_NO: dict[Language, str] = {
    "fr": "Cinq fois non\u00a0: on garde un œil dessus.",
    "en": "Five times no: keep an eye on it.",
}
_QUALIFIED: dict[Qualification, dict[Language, str]] = {
    "signal": {
        "fr": "Un signal\u00a0: rien à gérer pour l’instant.",
        "en": "A signal: nothing to manage for now.",
    },
    "paracrisis": {
        "fr": "Une paracrise\u00a0: à gérer en public, sans réveiller toute la hiérarchie.",
        "en": "A paracrisis: to be managed in public, without waking the whole hierarchy.",
    },
    "crisis": {
        "fr": "Une crise\u00a0: la chaîne d’alerte est concernée.",
        "en": "A crisis: the escalation ladder is concerned.",
    },
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """A severity (1 the worst, 4 the least) and a qualification, with the mildest and gravest the unknowns allow."""

    severity: int
    qualification: Qualification
    mildest: int
    gravest: int
    answers: tuple[tuple[str, Answer], ...]

    @property
    def is_settled(self) -> bool:
        """Tell whether the unknown answers could not change the severity."""
        return self.mildest == self.gravest

    def reasons(self, language: Language) -> tuple[str, ...]:
        """Say why: what is established, what must be found out and could change, then the qualification."""
        given = dict(self.answers)
        told = [question.yes[language] for question in QUESTIONS if given[question.code] == "yes"]
        asked = [question.unknown[language] for question in QUESTIONS if given[question.code] == "unknown"]
        if not told and not asked:
            told = [_ALL_NO[language]]
        if not self.is_settled:
            asked.append(self._range(language))
        return (*told, *asked, _QUALIFIED[self.qualification][language])

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"severity": self.severity, "qualification": self.qualification, "answers": dict(self.answers)}

    def _range(self, language: Language) -> str:
        if language == "fr":
            return (
                f"Selon ces réponses, la gravité ira de{NBSP}{self.gravest} à{NBSP}{self.mildest}{NBSP}; "
                f"en attendant, {self.severity}."
            )
        return (
            f"Depending on these answers the severity lies between {self.gravest} and {self.mildest}; "
            f"meanwhile {self.severity}."
        )


def assess(answers: Mapping[str, str]) -> Assessment:
    """Read the table for five answers, each "yes", "no" or "unknown"; Unanswered when one is missing or strange."""
    wrong = [code for code in CODES if answers.get(code) not in ANSWERS] + [
        code for code in answers if code not in CODES
    ]
    if wrong:
        raise Unanswered(tuple(wrong))
    established = frozenset(code for code in CODES if answers[code] == "yes")
    feared = frozenset(code for code in CODES if answers[code] != "no")
    mildest, gravest = _severity(established), _severity(feared)
    severity = (mildest + gravest) // 2
    given = tuple((code, _answer(answers[code])) for code in CODES)
    return Assessment(severity, _qualification(severity, mildest, established), mildest, gravest, given)


def _severity(yes: frozenset[str]) -> int:
    aggravating = len(yes & {"customers", "officials", "spread"})
    if "harm" in yes:
        return 1 if aggravating else 2
    if aggravating:
        return 4 - aggravating
    return 3 if "word" in yes else 4


def _qualification(severity: int, mildest: int, established: frozenset[str]) -> Qualification:
    if severity == 4:
        return "signal"
    if "harm" in established or ("customers" in established and mildest <= 2):
        return "crisis"
    return "paracrisis"


def _answer(text: str) -> Answer:
    for answer in ANSWERS:
        if text == answer:
            return answer
    raise Unanswered((text,))
