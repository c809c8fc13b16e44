"""What a situation report could say, from the log and the reading. Everything is proposed and can be changed.

The words of people (log, tasks, positions) are quoted as they stand, shortened at a word; only the frame is ours.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from clients.listening.words import Words
from incidents.bulletin import PARIS, Language, hour_of

ON_CHANGE = timedelta(hours=4)  # announced where the cadence owes a report at every change only
LONGEST_QUOTE = 140
MOST_DONE = 5  # lines: what a reader keeps; the others are at hand
# Together they leave room for the frame and the figures in 1,200 characters.
MOST = {"bottom_line": 300, "expected": 220, "done": 320, "do_not": 160}
# Signs that show nothing or turn the line around: controls but tab and line ends, and bidirectional overrides.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_LEVELS = {
    "signal": Words("Signal de gravité {severity}", "Signal, severity {severity}"),
    "paracrisis": Words("Paracrise de gravité {severity}", "Paracrisis, severity {severity}"),
    "crisis": Words("Crise de gravité {severity}", "Crisis, severity {severity}"),
}
_PHASES = {
    "growing": Words("Cela monte encore.", "It is still growing."),
    "peak": Words("Cela semble à son plus haut.", "It seems at its highest."),
    "decaying": Words("Cela retombe.", "It is falling."),
    "too_early": Words("Trop tôt pour dire la suite.", "Too early to say what comes."),
}


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the log, with its number in it; its hour is told in `zone`."""

    at: datetime
    text: str
    number: int = 0
    zone: ZoneInfo = PARIS

    @property
    def words(self) -> str:
        """As a report says it: "22:18 Position published"."""
        return f"{hour_of(self.at, self.zone)} {_quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the client: an approval (no hour) or a task with its hour, told in `zone`."""

    words: str
    before: datetime | None = None
    zone: ZoneInfo = PARIS


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows when somebody begins to write; log lines in the order of their hours.

    `phase` is the reading's ("" for none), `reading` its sentence in the report's language, `minutes` the cadence in
    force (None: at every change).
    """

    title: str
    qualification: str
    severity: int
    now: datetime
    minutes: int | None
    phase: str = ""
    reading: str = ""
    decisions: tuple[Noted, ...] = ()
    done: tuple[Noted, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    never_said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed, field by field; `why` says where each comes from, for the fields that have something."""

    bottom_line: str
    expected: str
    done: str
    do_not: str
    next_at: datetime
    why: dict[str, Words] = field(default_factory=dict)


def propose(known: Known, language: Language) -> Proposal:
    """The report as the log and the reading would write it, each field within its length."""
    texts = {
        "bottom_line": _bottom_line(known, language),
        "expected": _joined((_asked(one, language) for one in known.waiting), MOST["expected"], "\u00a0; "),
        "done": "\n".join(one.words for one in proposed_of(known.done)),
        "do_not": _joined((_quoted(one) for one in known.never_said), MOST["do_not"], " "),
    }
    why = {name: _WHY[name] for name, text in texts.items() if text}
    why["next_hour"] = _why_next(known)
    return Proposal(**texts, next_at=next_after(known.now, known.minutes), why=why)


def next_after(now: datetime, minutes: int | None) -> datetime:
    """When the next report is announced: after the cadence's minutes, rounded up to five of them."""
    wanted = now + (ON_CHANGE if minutes is None else timedelta(minutes=minutes))
    whole = wanted.replace(second=0, microsecond=0)
    return whole + timedelta(minutes=-whole.minute % 5)


_WHY = {
    "bottom_line": Words(
        "Proposé d’après le niveau, la lecture et la dernière décision.",
        "Proposed from the level, the reading and the last decision.",
    ),
    "expected": Words("Proposé d’après ce qui attend le client.", "Proposed from what waits for the client."),
    "done": Words(
        "Proposé d’après les actions et décisions de la main courante depuis le dernier point.",
        "Proposed from the actions and decisions of the log since the last report.",
    ),
    "do_not": Words("Proposé d’après les positions à ne pas dire.", "Proposed from the positions not to be said."),
}


def _why_next(known: Known) -> Words:
    if known.minutes is None:
        return Words(
            "Gravité {severity}\u00a0: un point à chaque changement\u00a0; quatre heures sont proposées.",
            "Severity {severity}: a report at every change; four hours are proposed.",
        ).put(severity=known.severity)
    return Words(
        "Gravité {severity}\u00a0: un point toutes les {minutes}\u00a0minutes.",
        "Severity {severity}: a report every {minutes} minutes.",
    ).put(severity=known.severity, minutes=known.minutes)


def _bottom_line(known: Known, language: Language) -> str:
    level = _LEVELS.get(known.qualification, _LEVELS["paracrisis"]).put(severity=known.severity).say(language)
    colon = "\u00a0: " if language == "fr" else ": "
    title = _quoted(known.title)
    sentences = [_ended(f"{level}{colon}{title}" if title else level)]
    if known.phase in _PHASES:
        sentences.append(_PHASES[known.phase].say(language))
    if known.reading:
        sentences.append(_ended(_quoted(known.reading)))
    if known.decisions:
        last = known.decisions[-1]
        decided = (
            Words("Décidé à {hour}\u00a0:", "Decided at {hour}:").put(hour=hour_of(last.at, last.zone)).say(language)
        )
        sentences.append(_ended(f"{decided} {_quoted(last.text)}"))
    return _joined(sentences, MOST["bottom_line"], " ")


def _asked(one: Waiting, language: Language) -> str:
    if one.before is None:
        return _quoted(one.words)
    before = Words("avant {hour}", "before {hour}").put(hour=hour_of(one.before, one.zone))
    return f"{_quoted(one.words)} ({before.say(language)})"


def proposed_of(lines: Sequence[Noted]) -> tuple[Noted, ...]:
    """The latest lines, five at most, that fit together; in the order in which they happened."""
    kept: list[Noted] = []
    room = MOST["done"]
    for line in reversed(lines[-MOST_DONE:]):
        room -= len(line.words) + 1
        if room < 0:
            break
        kept.append(line)
    return tuple(reversed(kept))


def _joined(texts: Iterable[str], most: int, between: str) -> str:
    """The first texts that fit together, each whole."""
    kept = ""
    for text in texts:
        longer = f"{kept}{between}{text}" if kept else text
        if text and len(longer) <= most:
            kept = longer
    return kept


def _quoted(text: str) -> str:
    """On one line, cut at a word. Not str.split(): it would break the no-break spaces of French punctuation."""
    visible = _UNSEEN.sub("", text[: 4 * LONGEST_QUOTE])
    line = re.sub(r"[\r\n\t ]+", " ", visible).strip()
    if len(line) <= LONGEST_QUOTE:
        return line
    return line[: LONGEST_QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
