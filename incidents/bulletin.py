"""The situation report in words: one source, four outputs, 1,200 characters at most, the next one always announced.

The person's own words go out as written; only the frame around them is ours. Hours are the client's.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["fr", "en"]
PARIS = ZoneInfo("Europe/Paris")
LONGEST = 1200
LONGEST_SUBJECT = 150
NBSP = "\u00a0"
Code = Literal[
    "too_long",
    "no_next",
    "next_not_later",
    "no_bottom_line",
    "figure_incomplete",
    "contradiction",
    "still_open",
    "wrong_severity",
    "naive_time",
]

_WORDS: dict[Language, dict[Code, str]] = {
    "fr": {
        "too_long": "Le point dépasse 1\u00a0200\u00a0caractères (de\u00a0{value}).",
        "no_next": "Dites à quelle heure vient le prochain point, ou que celui-ci est le dernier.",
        "next_not_later": "Le prochain point doit venir après celui-ci.",
        "no_bottom_line": "Écrivez d’abord la conclusion (EN BREF).",
        "figure_incomplete": "Ce chiffre n’a pas son libellé, sa valeur ou son habitude\u00a0: {value}.",
        "contradiction": "EN BREF dit «\u00a0{value}\u00a0», mais vous attendez quelque chose du lecteur.",
        "still_open": "EN BREF dit qu’il n’y a rien à faire, mais ceci attend encore le client\u00a0: {value}.",
        "wrong_severity": "La gravité va de\u00a01 à\u00a04, pas {value}.",
        "naive_time": "Il manque un fuseau horaire à une heure du point.",
    },
    "en": {
        "too_long": "The report exceeds 1,200 characters (by {value}).",
        "no_next": "Say when the next report comes, or that this one is the last.",
        "next_not_later": "The next report must come after this one.",
        "no_bottom_line": "Write the conclusion first (IN SHORT).",
        "figure_incomplete": "This figure lacks its label, its value or its habit: {value}.",
        "contradiction": "IN SHORT says “{value}”, yet you expect something of the reader.",
        "still_open": "IN SHORT says that there is nothing to do, yet this still waits for the client: {value}.",
        "wrong_severity": "Severity goes from 1 to 4, not {value}.",
        "naive_time": "A time of the report has no time zone.",
    },
}
_HEADINGS: dict[Language, dict[str, str]] = {
    "fr": {
        "bottom_line": "EN BREF",
        "expected": "ON ATTEND DE VOUS",
        "figures": "CHIFFRES",
        "done": "FAIT",
        "do_not": "NE PAS FAIRE",
        "nothing": "Rien pour l’instant.",
        "nothing_at_end": "Rien.",
    },
    "en": {
        "bottom_line": "IN SHORT",
        "expected": "EXPECTED OF YOU",
        "figures": "FIGURES",
        "done": "DONE",
        "do_not": "DO NOT",
        "nothing": "Nothing for now.",
        "nothing_at_end": "Nothing.",
    },
}
# "Nothing to decide before 22:15" announces a decision; "nothing to decide" denies one.
_DENIALS = (
    re.compile(
        r"\b(?:rien\s+(?:à|a)\s+(?:faire|d[ée]cider|valider)|(?:aucune|pas\s+d[’'])\s*action"
        r"|rien\s+n[’']est\s+attendu)\b(?!\s+(?:avant|d[’']ici|jusqu))",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:nothing\s+(?:to\s+(?:do|decide|approve)|is\s+(?:expected|needed))|no\s+action)\b"
        r"(?!\s+(?:before|until))",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a report from leaving."""

    code: Code
    value: str = ""

    def words(self, language: Language) -> str:
        """Say it in "fr" or "en"."""
        return _WORDS[language][self.code].format(value=self.value)


class NotReady(ValueError):
    """The report cannot leave; `problems` says all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.words("en") for problem in problems))

    def words(self, language: Language) -> tuple[str, ...]:
        """Say every problem, in the order of the report."""
        return tuple(problem.words(language) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Style:
    """How one channel writes a heading and keeps a person's words from turning into mark-up."""

    heading: Callable[[str], str]
    own_words: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A situation report. figures: (label, value with its unit, habit); next_at is needed unless `ended`.

    Hours are told in `zone`, the client's. qualification, when known, gives the sign of the level; else the severity
    alone does. still_open: what waits for
    the client now, in a few words each; a report that says “nothing to do” beside it does not leave.
    """

    ref: str
    severity: int
    number: int
    issued_at: datetime
    next_at: datetime | None
    bottom_line: str
    expected: str = ""
    figures: tuple[tuple[str, str, str], ...] = ()
    done: str = ""
    do_not: str = ""
    ended: bool = False
    qualification: Literal["", "signal", "paracrisis", "crisis"] = ""
    drill: bool = False
    still_open: tuple[str, ...] = ()
    zone: ZoneInfo = PARIS

    def check(self, language: Language) -> None:
        """Raise NotReady with every problem: lacking words, hours, habits, contradiction, length."""
        problems = [*_lacking(self), *_wrong_hours(self), *_contradictions(self)]
        if not problems:
            over = self.length(language) - LONGEST
            problems += [Problem("too_long", str(over))] if over > 0 else []
        if problems:
            raise NotReady(tuple(problems))

    def length(self, language: Language) -> int:
        """Return how many characters the plain text has."""
        return len(_text(self, language, PLAIN))

    def plain(self, language: Language) -> str:
        """Return the report as plain text (SMS, copy). NotReady when it cannot leave, as for the other outputs."""
        self.check(language)
        return _text(self, language, PLAIN)

    def email(self, language: Language) -> tuple[str, str]:
        """Return (subject, body); the subject is one line and begins with the level."""
        self.check(language)
        # Not str.split(): it would break the no-break spaces of French punctuation.
        first_line = re.sub(r"[\r\n\t ]+", " ", self.bottom_line.strip())
        sentence = re.split(r"(?<=[.!?…])\s", first_line, maxsplit=1)[0]
        subject = f"{name_of(self, language)} · {sentence}"
        return _cut(subject, LONGEST_SUBJECT), _text(self, language, PLAIN) + "\n"

    def slack(self, language: Language) -> str:
        """Return Slack's mrkdwn: bold headings, and no word of the text wakes a channel or hides a link."""
        self.check(language)
        return _text(self, language, SLACK)

    def whatsapp(self, language: Language) -> str:
        """Return WhatsApp's text: bold headings; its mark-up signs within the words are kept apart."""
        self.check(language)
        return _text(self, language, WHATSAPP)


def _unchanged(text: str) -> str:
    return text


def _bold(text: str) -> str:
    return f"*{text}*"


def _slack_words(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _without_markup(re.sub(r"@(?=channel|here|everyone)", "@\u2060", plain))


def _without_markup(text: str) -> str:
    # A word joiner, invisible, before each sign: neither product then reads it as bold, italic, struck or code.
    return re.sub(r"([*_~`])", "\u2060\\1", text)


PLAIN = Style(_unchanged, _unchanged)
SLACK = Style(_bold, _slack_words)
WHATSAPP = Style(_bold, _without_markup)


def _text(bulletin: Bulletin, language: Language, style: Style) -> str:
    parts = [style.heading(_header(bulletin, language))]
    parts += [
        f"{style.heading(_HEADINGS[language][name])}\n{style.own_words(words)}"
        for name, words in _sections(bulletin, language)
    ]
    return "\n\n".join(parts)


def _sections(bulletin: Bulletin, language: Language) -> Iterator[tuple[str, str]]:
    nothing = "nothing_at_end" if bulletin.ended else "nothing"
    yield "bottom_line", bulletin.bottom_line.strip()
    yield "expected", bulletin.expected.strip() or _HEADINGS[language][nothing]
    if bulletin.figures:
        colon = f"{NBSP}:" if language == "fr" else ":"
        lines = (
            f"- {label.strip()}{colon} {value.strip()} ({habit.strip()})" for label, value, habit in bulletin.figures
        )
        yield "figures", "\n".join(lines)
    if bulletin.done.strip():
        yield "done", bulletin.done.strip()
    if bulletin.do_not.strip():
        yield "do_not", bulletin.do_not.strip()


def _header(bulletin: Bulletin, language: Language) -> str:
    return (
        f"{name_of(bulletin, language)} · {hour_of(bulletin.issued_at, bulletin.zone)} · {next_of(bulletin, language)}"
    )


def name_of(bulletin: Bulletin, language: Language) -> str:
    """Level, reference and number: what every version of the report begins with."""
    drill = {"fr": "EXERCICE · ", "en": "DRILL · "}[language] if bulletin.drill else ""
    return f"{drill}[{_level(bulletin, language)}] {bulletin.ref} · {_point(bulletin, language)}"


def _level(bulletin: Bulletin, language: Language) -> str:
    by_qualification = {"signal": "●", "paracrisis": "▲", "crisis": "◆"}
    sign = by_qualification.get(bulletin.qualification) or {1: "◆", 4: "●"}.get(bulletin.severity, "▲")
    sign = "✓" if bulletin.ended else sign
    word = "NIVEAU" if language == "fr" else "LEVEL"
    return f"{sign} {word}{NBSP}{bulletin.severity}"


def _point(bulletin: Bulletin, language: Language) -> str:
    return f"point nº{NBSP}{bulletin.number}" if language == "fr" else f"report no.{NBSP}{bulletin.number}"


def next_of(bulletin: Bulletin, language: Language) -> str:
    """When the next one comes, with its day when it is another one, or that this is the last."""
    if bulletin.ended or bulletin.next_at is None:
        return "dernier point" if language == "fr" else "last report"
    hour = hour_of(bulletin.next_at, bulletin.zone)
    day = bulletin.next_at.astimezone(bulletin.zone)
    if day.date() != bulletin.issued_at.astimezone(bulletin.zone).date():
        hour = f"{day:%d/%m} {hour}"
    return f"prochain à {hour}" if language == "fr" else f"next at {hour}"


def hour_of(moment: datetime, zone: ZoneInfo) -> str:
    """21:30 in that zone."""
    return f"{moment.astimezone(zone):%H:%M}"


def _lacking(bulletin: Bulletin) -> Iterator[Problem]:
    if not 1 <= bulletin.severity <= 4:
        yield Problem("wrong_severity", str(bulletin.severity))
    if not bulletin.bottom_line.strip():
        yield Problem("no_bottom_line")
    for figure in bulletin.figures:
        if not all(part.strip() for part in figure):
            yield Problem("figure_incomplete", " · ".join(part.strip() or "…" for part in figure))


def _wrong_hours(bulletin: Bulletin) -> Iterator[Problem]:
    moments = [bulletin.issued_at, *([bulletin.next_at] if bulletin.next_at else [])]
    if any(moment.tzinfo is None for moment in moments):
        yield Problem("naive_time")
    elif bulletin.next_at is None:
        if not bulletin.ended:
            yield Problem("no_next")
    elif not bulletin.ended and bulletin.next_at <= bulletin.issued_at:
        yield Problem("next_not_later")


def _contradictions(bulletin: Bulletin) -> Iterator[Problem]:
    found = [match.group() for denial in _DENIALS if (match := denial.search(bulletin.bottom_line))]
    if found and bulletin.expected.strip():
        yield Problem("contradiction", found[0])
    elif found and bulletin.still_open:
        yield Problem("still_open", _cut(" · ".join(bulletin.still_open), LONGEST_SUBJECT))


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
