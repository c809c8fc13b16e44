"""Ladders judged: which one answers a case and why, and what is wrong with one. Pure: rows go in as plain values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]
Said = dict[str, str]
N = "\u00a0"
CONTACT = "contact"
LONGEST_DELAY = 1440


@dataclass(frozen=True, slots=True)
class Ladder:
    """A ladder's question: an empty list does not ask. `calls` are the targets of its rungs, in order."""

    id: int
    name: str
    severities: tuple[int, ...] = ()
    qualifications: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()

    def fits(self, severity: int, qualification: str) -> bool:
        return (not self.severities or severity in self.severities) and (
            not self.qualifications or qualification in self.qualifications
        )

    @property
    def precision(self) -> int:
        """How many questions it asks."""
        return bool(self.severities) + bool(self.qualifications)

    @property
    def calls_the_agency(self) -> bool:
        return any(target != CONTACT for target in self.calls)


@dataclass(frozen=True, slots=True)
class Match:
    """The one ladder of a case, and why that one."""

    id: int
    name: str
    reasons: Said


@dataclass(frozen=True, slots=True)
class Step:
    """A rung as it is judged; `delay` in minutes after the rung before, None when nobody said."""

    delay: int | None
    target: str
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a ladder; `code` is stable, the words are for whoever wrote it."""

    code: str
    fr: str
    en: str

    def say(self, language: str) -> str:
        return self.en if language == "en" else self.fr


def match_proposal(ladders: Iterable[Ladder]) -> Match | None:
    """The ladder of a proposal, whose severity nobody has said: the one that asks least and calls the agency."""
    able = [one for one in ladders if one.calls_the_agency]
    found = min(able, key=lambda one: (one.precision, one.name, one.id), default=None)
    if found is None:
        return None
    if found.precision:
        reasons = {
            "fr": f"«{N}{found.name}{N}»{N}: la gravité n’est pas dite, et aucune chaîne ne vaut pour tous les cas",
            "en": f"“{found.name}”: the severity is not said yet, and no ladder is for every case",
        }
    else:
        reasons = {
            "fr": f"«{N}{found.name}{N}» vaut pour tous les cas, et la gravité n’est pas encore dite",
            "en": f"“{found.name}” is for every case, and the severity is not said yet",
        }
    return Match(found.id, found.name, reasons)


def match(ladders: Iterable[Ladder], *, severity: int, qualification: str) -> Match | None:
    """The ladder of a confirmed incident: of those that fit, the most precise one; the first by name of two alike."""
    fitting = sorted(
        (one for one in ladders if one.fits(severity, qualification)),
        key=lambda one: (-one.precision, one.name, one.id),
    )
    if not fitting:
        return None
    found = fitting[0]
    alike = [one for one in fitting[1:] if one.precision == found.precision]
    return Match(found.id, found.name, _why(found, severity, qualification, alike))


def _why(found: Ladder, severity: int, qualification: str, alike: Sequence[Ladder]) -> Said:
    fr, en = [], []
    if found.severities:
        fr.append(f"gravité {severity}")
        en.append(f"severity {severity}")
    if found.qualifications:
        words = {"signal": "signal", "paracrisis": "paracrise", "crisis": "crise"}
        fr.append(words.get(qualification, qualification))
        en.append(qualification)
    told = {
        "fr": f"«{N}{found.name}{N}» vaut pour {', '.join(fr) or 'tous les cas'}",
        "en": f"“{found.name}” is for {', '.join(en) or 'every case'}",
    }
    if alike:
        told["fr"] += f"{N}; «{N}{alike[0].name}{N}» aussi, et vient après dans l’ordre des noms"
        told["en"] += f"; so is “{alike[0].name}”, which comes later by name"
    return told


def faults(
    steps: Sequence[Step], *, backups: Mapping[int, int | None], reachable: Collection[int]
) -> tuple[Fault, ...]:
    """What makes a ladder one that cannot be climbed; empty when it can.

    `backups` says each contact's backup, `reachable` which contacts are active and have a channel.
    """
    if not steps:
        return (Fault("empty", "Une chaîne a au moins un échelon.", "A ladder has one rung at least."),)
    found = [fault for place, step in enumerate(steps, 1) for fault in _of_step(place, step)]
    for contact in dict.fromkeys(step.contact for step in steps if step.contact is not None):
        found += _of_contact(contact, backups, reachable)
    return tuple(found)


def _of_step(place: int, step: Step) -> Iterable[Fault]:
    if step.delay is None or (place > 1 and step.delay < 1):
        yield Fault(
            "no_delay",
            f"L’échelon {place} n’a pas de délai{N}: il partirait avec le précédent. Une minute au moins.",
            f"Rung {place} has no delay: it would leave with the one before. One minute at least.",
        )
    elif not 0 <= step.delay <= LONGEST_DELAY:
        yield Fault(
            "delay_too_long",
            f"Le délai de l’échelon {place} va de 0 à {LONGEST_DELAY} minutes (un jour).",
            f"The delay of rung {place} goes from 0 to {LONGEST_DELAY} minutes (a day).",
        )
    if (step.target == CONTACT) != (step.contact is not None):
        yield Fault(
            "no_contact",
            f"L’échelon {place}{N}: nommez le contact d’un échelon qui en appelle un, et d’aucun autre.",
            f"Rung {place}: name the contact on a rung that calls one, and on no other.",
        )


def _of_contact(contact: int, backups: Mapping[int, int | None], reachable: Collection[int]) -> Iterable[Fault]:
    if contact not in reachable:
        yield Fault(
            "no_channel",
            "Un contact de cette chaîne est inactif ou n’a aucun moyen d’être joint.",
            "A contact of this ladder is inactive or has no way to be reached.",
        )
    if loops(contact, backups):
        yield LOOP


LOOP = Fault(
    "loop",
    f"Les remplaçants tournent en rond{N}: en les suivant, on revient à la même personne.",
    "The backups go round in a circle: following them leads to the same person again.",
)


def loops(contact: int, backups: Mapping[int, int | None]) -> bool:
    """Whether following the backups from that contact comes to somebody seen already. Each is visited once."""
    seen: set[int] = set()
    following: int | None = contact
    while following is not None:
        if following in seen:
            return True
        seen.add(following)
        following = backups.get(following)
    return False


@dataclass(frozen=True, slots=True)
class Planned:
    """A rung of the run: minutes after the run begins."""

    place: int
    after_minutes: int
    index: int  # of the step it comes from


def plan(steps: Sequence[Step], *, is_confirmed: bool) -> tuple[Planned, ...]:
    """The rungs of one run in time: the agency's for a proposal, the client's contacts once a person has confirmed.

    Delays count between the rungs that are called; the first of a run leaves at once, but for its own delay when it is
    the ladder's first rung.
    """
    kept = [(at, step) for at, step in enumerate(steps) if (step.target == CONTACT) == is_confirmed]
    planned, after = [], 0
    for place, (at, step) in enumerate(kept, 1):
        after += (step.delay or 0) if place > 1 or at == 0 else 0
        planned.append(Planned(place, after, at))
    return tuple(planned)
