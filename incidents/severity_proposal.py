"""What the reading would answer to the five questions of severity, with its reasons. A person answers; this is beside.

| question  | yes                             | no                              | else a reason only     |
| --------- | ------------------------------- | ------------------------------- | ---------------------- |
| harm      | never: a person finds out       | nobody speaks of law or danger  | somebody does          |
| customers | a fifth of the accounts, five   | few do and most only look on,   | some do                |
|           | at least, bring a grievance     | or none does                    |                        |
| officials | media there, or one in cc spoke | none was put in cc              | in cc, silent          |
| spread    | still growing                   | it wanes and most only look on  | too early, at its peak |
| word      | a third of the messages answer  | never                           | never                  |
|           | or quote one of the brand's own |                                 |                        |

So popcorn lowers the severity that is proposed, and says so. Thresholds are our own, of November 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incidents import severity
from incidents.detection.popcorn import is_mostly_popcorn
from incidents.severity import ANSWERS, CODES, Answer, Assessment, Language

NBSP = "\u00a0"
MANY_CUSTOMERS, SHARE_OF_CUSTOMERS = 5, 0.2
ENOUGH = 10  # accounts, or messages, before silence means something
ANSWERING_US, FEWEST_ANSWERING = 0.3, 5
WEIGHTY = frozenset({"press", "regulator", "official"})
_FR_SEVERITY = f"Gravité proposée par la lecture{NBSP}: {{}} (1 est la pire, 4 la moindre)."
_EN_SEVERITY = "Severity that the reading proposes: {} (1 is the worst, 4 the least)."
_FR_RANGE = "Selon ce qu’elle ne sait pas, elle peut aller de {} à {}."
_EN_RANGE = "Depending on what it cannot tell, it may go from {} to {}."
_FR_LOWERED = f"Ceux qui ne font que regarder passer l’abaissent{NBSP}: sans eux, elle serait de {{}}."
_EN_LOWERED = "Those who only look on lower it: without them it would be {}."
Sections = Mapping[str, Mapping[str, Any]]
Told = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposed answer and why, in both languages."""

    answer: Answer
    why: Told

    def said(self, language: Language) -> str:
        """The answer and its reason in a sentence."""
        answer, why = ANSWERS[self.answer][language], self.why[language]
        if self.answer == "unknown":
            return (
                f"La machine ne tranche pas{NBSP}: {why}." if language == "fr" else f"The machine cannot tell: {why}."
            )
        if language == "fr":
            return f"La machine propose «{NBSP}{answer}{NBSP}»{NBSP}: {why}."
        return f"The machine proposes “{answer}”: {why}."


@dataclass(frozen=True, slots=True)
class Proposal:
    """Proposed answers by question, some left out; the severity they give; the one they would give without popcorn."""

    answers: Mapping[str, Proposed]
    assessment: Assessment
    without_popcorn: int

    @property
    def is_lowered(self) -> bool:
        """Tell whether those who only look on make it less severe (a higher number)."""
        return self.assessment.severity > self.without_popcorn

    def summary(self, language: Language) -> tuple[str, ...]:
        """The severity proposed, between which two it may still go, and whether popcorn lowers it."""
        found, fr = self.assessment, language == "fr"
        told = [_FR_SEVERITY.format(found.severity) if fr else _EN_SEVERITY.format(found.severity)]
        if not found.is_settled:
            told.append((_FR_RANGE if fr else _EN_RANGE).format(found.gravest, found.mildest))
        if self.is_lowered:
            told.append((_FR_LOWERED if fr else _EN_LOWERED).format(self.without_popcorn))
        return tuple(told)


@dataclass(frozen=True, slots=True)
class _Read:
    """The figures that the questions need."""

    messages: int
    accounts: int
    customers: int
    undecided: int
    media: int
    popcorn: float
    called: int
    spoke: int
    phase: str
    is_over: bool
    grave: int | None
    answering_us: int

    @property
    def is_popcorn(self) -> bool:
        """Most only look on, and hardly anybody brings a grievance."""
        return is_mostly_popcorn(self.popcorn, self.customers, self.accounts)


def propose(sections: Sections, messages: int) -> Proposal | None:
    """What the sections of a reading, made of so many messages, would answer; None before there is any."""
    if "people" not in sections:
        return None
    read = _figures(sections, messages)
    answers = _answers(read)
    silent = _figures({**sections, "people": {**sections["people"], "popcorn_share": 0.0}}, messages)
    return Proposal(answers, _assessed(answers), _assessed(_answers(silent)).severity)


def _assessed(answers: Mapping[str, Proposed]) -> Assessment:
    return severity.assess({code: answers[code].answer if code in answers else "unknown" for code in CODES})


def _figures(sections: Sections, messages: int) -> _Read:
    people, outlook = sections["people"], sections.get("outlook", {})
    counts: Mapping[str, int] = people.get("counts") or {}
    weighty = [row for row in sections.get("called", {}).get("rows", ()) if row.get("party") in WEIGHTY]
    ours = [row.get("below", 0) for row in sections.get("spread", {}).get("rows", ()) if row.get("ours")]
    return _Read(
        messages=messages,
        accounts=sum(counts.values()) + people.get("undecided", 0),
        customers=counts.get("customer", 0),
        undecided=people.get("undecided", 0),
        media=counts.get("media", 0),
        popcorn=people.get("popcorn_share", 0.0),
        called=len(weighty) if "called" in sections else -1,
        spoke=sum(row.get("reacted_at") is not None for row in weighty),
        phase=outlook.get("phase", "too_early"),
        is_over=bool(outlook.get("normal_since")),
        grave=people.get("law_or_danger"),
        answering_us=max(ours, default=0),
    )


def _answers(read: _Read) -> dict[str, Proposed]:
    found = {
        "harm": _harm(read),
        "customers": _customers(read),
        "officials": _officials(read),
        "spread": _spread(read),
        "word": _word(read),
    }
    return {code: one for code, one in found.items() if one}


def _harm(read: _Read) -> Proposed | None:
    if read.grave:
        several = read.grave > 1
        return _unknown(
            f"{read.grave}{NBSP}{'comptes parlent' if several else 'compte parle'} de justice ou de danger. "
            "À lire d’abord",
            f"{read.grave} {'accounts speak' if several else 'account speaks'} of law or danger. To be read first",
        )
    if read.grave is None or read.messages < ENOUGH:
        return None
    return _no(
        f"aucun des {read.messages}{NBSP}messages lus ne parle de justice ni de danger",
        f"none of the {read.messages} messages read speaks of law or danger",
    )


def _customers(read: _Read) -> Proposed | None:
    count, accounts = read.customers, read.accounts
    fr = f"{count}{NBSP}{'comptes' if count > 1 else 'compte'} sur {accounts} {'exposent' if count > 1 else 'expose'}"
    fr, en = f"{fr} un grief", f"{count} of {accounts} accounts {'bring' if count > 1 else 'brings'} a grievance"
    if not count:
        fr, en = (
            f"aucun des {accounts}{NBSP}comptes n’expose un grief",
            f"none of {accounts} accounts brings a grievance",
        )
    if count >= max(MANY_CUSTOMERS, SHARE_OF_CUSTOMERS * accounts):
        return Proposed("yes", {"fr": fr, "en": en})
    if read.is_popcorn and accounts >= ENOUGH:
        looking_fr, looking_en = _looking_on(read)
        return _no(f"{looking_fr}, et {fr}", f"{looking_en}, and {en}")
    if count:
        return _unknown(f"{fr}{NBSP}: le service client dira s’ils sont clients", f"{en}: customer service will know")
    return _no(fr, en) if accounts >= ENOUGH and read.undecided * 2 <= accounts else None


def _officials(read: _Read) -> Proposed | None:
    if read.media:
        return Proposed("yes", {"fr": "un média en parle", "en": "a news account speaks of it"})
    if read.spoke:
        return Proposed(
            "yes", {"fr": "l’un de ceux qui ont été mis en copie a réagi", "en": "one of those put in cc has reacted"}
        )
    if read.called > 0:
        return _unknown(
            "la presse, un élu ou une autorité sont en copie, sans avoir réagi",
            "the press, an official or a regulator is in cc and has not reacted",
        )
    if read.called < 0 or read.messages < ENOUGH:
        return None
    return _no(
        "ni la presse, ni un élu, ni une autorité n’ont été mis en copie",
        "neither the press, nor an official, nor a regulator was put in cc",
    )


def _spread(read: _Read) -> Proposed | None:
    if read.phase == "growing":
        return Proposed("yes", {"fr": "il arrive de plus en plus de comptes", "en": "more and more accounts come"})
    if read.phase == "decaying" or read.is_over:
        if read.is_popcorn:
            looking_fr, looking_en = _looking_on(read)
            return _no(
                f"cela retombe, et {looking_fr}{NBSP}: ils ne portent pas plus loin",
                f"it wanes, and {looking_en}: they carry it no further",
            )
        return _unknown("cela retombe. Reste à voir si l’on en parle ailleurs", "it wanes. Is it spoken of elsewhere?")
    if read.phase == "peak":
        return _unknown("au plus haut, sans retomber encore", "at its peak, not waning yet")
    return _unknown("trop tôt pour le dire", "too early to say")


def _word(read: _Read) -> Proposed | None:
    if read.answering_us < max(FEWEST_ANSWERING, ANSWERING_US * read.messages):
        return None
    return Proposed(
        "yes",
        {
            "fr": f"{read.answering_us}{NBSP}messages sur {read.messages} répondent à un message de la marque, "
            "ou le citent",
            "en": f"{read.answering_us} of {read.messages} messages answer or quote one of the brand’s own",
        },
    )


def _looking_on(read: _Read) -> tuple[str, str]:
    share = round(100 * read.popcorn)
    return (
        f"{share}{NBSP}% des messages ne font que regarder passer (popcorn)",
        f"{share}% of the messages only look on (popcorn)",
    )


def _no(fr: str, en: str) -> Proposed:
    return Proposed("no", {"fr": fr, "en": en})


def _unknown(fr: str, en: str) -> Proposed:
    return Proposed("unknown", {"fr": fr, "en": en})
