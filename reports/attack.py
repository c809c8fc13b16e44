"""How the attack was read, told to the client: by classes, never an account, never a score. No Django here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from incidents.charts.figures import Role
from incidents.charts.times import NO_BREAK, duration, whole
from reports.documents.content import Answer, CalledIn, Carrier, Foreseen, Part, Reading

_N = NO_BREAK
MOST_OUTLOOKS = 8
MOST_CARRIERS = 5
FEWEST_BELOW = 2  # messages under one that carried the affair
PHASES = {
    "too_early": {"fr": "Trop tôt", "en": "Too early"},
    "growing": {"fr": "En hausse", "en": "Growing"},
    "peak": {"fr": "Au plus haut", "en": "At its peak"},
    "decaying": {"fr": "En baisse", "en": "Decaying"},
}
# What an account did here -> the shape drawn, its words. In the order of the table.
PARTS: dict[str, tuple[Role, dict[str, str]]] = {
    "instigator": ("instigator", {"fr": "À l’origine", "en": "At the origin"}),
    "leader": ("instigator", {"fr": "Entraîne", "en": "Leads on"}),
    "relay": ("pack", {"fr": "Relaie", "en": "Relays"}),
    "follower": ("pack", {"fr": "Suit", "en": "Follows"}),
    "customer": ("customer", {"fr": "Client mécontent", "en": "Customer with a grievance"}),
    "media": ("media", {"fr": "Média", "en": "Media"}),
    "defender": ("ally", {"fr": "Défend", "en": "Defends"}),
    "spectator": ("popcorn", {"fr": "Regarde passer (popcorn)", "en": "Looks on (popcorn)"}),
}
UNKNOWN_PART = {"fr": "Rôle non établi", "en": "No established role"}
OURS = {"fr": "La marque elle-même", "en": "The brand itself"}
QUESTIONS = {
    "who": {"fr": f"Qui a frappé{_N}?", "en": "Who struck?"},
    "popcorn": {"fr": f"Combien ne faisaient que regarder{_N}?", "en": "How many only looked on?"},
    "pack": {"fr": f"Ensemble, ou chacun pour soi{_N}?", "en": "Together, or each alone?"},
    "spread": {"fr": f"Comment cela s’est-il propagé{_N}?", "en": "How did it spread?"},
    "timing": {"fr": f"Pourquoi ce moment{_N}?", "en": "Why that moment?"},
    "called": {"fr": f"Qui a été interpellé{_N}?", "en": "Who was called in?"},
    "outlook": {"fr": f"La prévision était-elle juste{_N}?", "en": "Was the outlook right?"},
    "changed": {"fr": f"Qu’est-ce qu’une personne y a changé{_N}?", "en": "What did a person change in it?"},
}


@dataclass(frozen=True)
class Played:
    """How many accounts have one role, and of how many a person said so."""

    role: str
    accounts: int
    decided: int


@dataclass(frozen=True)
class Changed:
    """What people changed in the machine's reading: roles said or removed, messages labelled again or taken out."""

    roles_said: int = 0
    roles_removed: int = 0
    messages_labelled: int = 0
    messages_taken_out: int = 0


@dataclass(frozen=True)
class Known:
    """What a reading is told from. `sections` as the judgements wrote them; `outlooks` oldest first, phases by code.

    `said_at`: when the messages of others were published, in order.
    """

    read_at: datetime
    messages: int
    started_at: datetime
    sections: Mapping[str, Mapping[str, Any]]
    said_at: Sequence[datetime] = ()
    played: Sequence[Played] = ()
    outlooks: Sequence[Foreseen] = ()
    changed: Changed = field(default_factory=Changed)


def told(known: Known, language: str) -> Reading:
    """The reading in one language. A section that was never worked out is left out."""
    ranged = [one for one in known.outlooks if one.until]
    judged = [one for one in ranged if one.held is not None]
    return Reading(
        read_at=known.read_at,
        messages=known.messages,
        answers=tuple(_answers(known, language)),
        parts=_parts(known.played, language),
        carriers=_carriers(known.sections.get("spread", {}), language),
        called=_called(known.sections.get("called", {}), language),
        outlooks=tuple(_worded(one, language) for one in turning_points(known.outlooks)),
        foreseen=len(known.outlooks),
        ranged=len(ranged),
        judged=len(judged),
        held=sum(bool(one.held) for one in judged),
    )


def _answers(known: Known, language: str) -> Iterator[Answer]:
    people, pack = known.sections.get("people", {}), known.sections.get("pack", {})
    spread, timing = known.sections.get("spread", {}), known.sections.get("timing", {})
    found: tuple[tuple[str, Mapping[str, str] | None, list[str]], ...] = (
        ("who", people.get("summary"), []),
        ("popcorn", people.get("popcorn"), []),
        ("pack", pack.get("sentence"), [*_evidence(pack, language), *_in([pack.get("limits")], language)]),
        ("spread", spread.get("summary"), [*_in(spread.get("sentences", ()), language), _pace(known, language)]),
        ("timing", timing.get("sentence"), _against(timing, language)),
        ("called", known.sections.get("called", {}).get("summary"), []),
    )
    for name, words, grounds in found:
        if said := _in([words], language):
            yield Answer(QUESTIONS[name][language], said[0], tuple(ground for ground in grounds if ground))
    if known.outlooks:
        yield Answer(QUESTIONS["outlook"][language], _record(known.outlooks, language))
    yield Answer(QUESTIONS["changed"][language], _changes(known.changed, language))


def _in(every: Sequence[Mapping[str, str] | None], language: str) -> list[str]:
    """The sentences in one language; what is missing or empty is left out."""
    return [words[language] for words in every if words and words.get(language)]


def _evidence(pack: Mapping[str, Any], language: str) -> list[str]:
    """What accounts had in common, by kind: which link, which text and whose accounts stay with the agency."""
    kinds: Counter[str] = Counter()
    for thing in (
        thing for group in pack.get("groups", ()) for thing in group.get("evidence", ()) if language in thing
    ):
        kinds[thing[language]] += thing.get("times", 1)
    if not kinds:
        return []
    listed = ", ".join(f"{kind} ({count}{_N}×)" if count > 1 else kind for kind, count in kinds.most_common())
    return [f"En commun{_N}: {listed}." if language == "fr" else f"In common: {listed}."]


def _against(timing: Mapping[str, Any], language: str) -> list[str]:
    """What the moment had against the brand. When an account usually writes is its own affair: it is not told."""
    signs = [one for one in timing.get("signs", ()) if one.get("sign") == "against" and one.get("of") != "account"]
    return _in([one.get("words") for one in signs], language)


def _pace(known: Known, language: str) -> str:
    """In how long half of the messages had come, and nine in ten, counted from the beginning."""
    since = [at - known.started_at for at in known.said_at if at >= known.started_at]
    if len(since) < 2:
        return ""
    half, most = since[(len(since) - 1) // 2], since[(len(since) * 9 - 1) // 10]
    if language == "fr":
        return (
            f"La moitié des messages étaient là en {duration(half, 'fr')}, neuf sur dix en {duration(most, 'fr')}, "
            "comptés depuis le début."
        )
    return (
        f"Half of the messages had come within {duration(half, 'en')} of the beginning, nine in ten within "
        f"{duration(most, 'en')}."
    )


def _parts(played: Sequence[Played], language: str) -> tuple[Part, ...]:
    by = {one.role: one for one in played}
    return tuple(
        Part(words[language], by[name].accounts, by[name].decided, shape)
        for name, (shape, words) in PARTS.items()
        if name in by
    )


def _carriers(spread: Mapping[str, Any], language: str) -> tuple[Carrier, ...]:
    """The messages with most under them, in the order of time."""
    rows = [
        row
        for row in spread.get("rows", ())
        if row.get("below", 0) >= FEWEST_BELOW and row.get("minutes") is not None and row.get("how")
    ]
    most = sorted(rows, key=lambda row: -row["below"])[:MOST_CARRIERS]
    return tuple(_carrier(row, language) for row in sorted(most, key=lambda row: row["minutes"]))


def _carrier(row: Mapping[str, Any], language: str) -> Carrier:
    shape, words = PARTS.get(row.get("part") or row.get("role", ""), ("", UNKNOWN_PART))
    label = OURS if row.get("ours") else words
    return Carrier(
        row["minutes"], label[language], row["how"][language], row["below"], "" if row.get("ours") else shape
    )


def _called(called: Mapping[str, Any], language: str) -> tuple[CalledIn, ...]:
    """By class, in the order of their weight: the names stay with the agency."""
    if classes := called.get("classes"):
        return tuple(
            CalledIn(one["party_words"][language], one["accounts"], one["spoke"], one["why"][language])
            for one in classes
            if one["party"] != "other"
        )
    # A reading kept by an earlier version has its rows only.
    rows = [row for row in called.get("rows", ()) if row.get("party_words") and row.get("party") != "other"]
    grouped = groupby(rows, key=lambda row: row["party"])
    return tuple(_class_of(list(members), language) for _, members in grouped)


def _class_of(rows: Sequence[Mapping[str, Any]], language: str) -> CalledIn:
    spoke = sum(row.get("reacted_at") is not None for row in rows)
    return CalledIn(rows[0]["party_words"][language], len(rows), spoke, rows[0]["why"][language])


def turning_points(outlooks: Sequence[Foreseen], most: int = MOST_OUTLOOKS) -> tuple[Foreseen, ...]:
    """The first outlook, each whose phase changed, the first with a range and the last; evenly thinned when many."""
    first_range = next((one for one in outlooks if one.until), None)
    kept = [
        one
        for place, one in enumerate(outlooks)
        if place in {0, len(outlooks) - 1} or one is first_range or one.phase != outlooks[place - 1].phase
    ]
    if len(kept) > most:
        kept = [kept[round(place * (len(kept) - 1) / (most - 1))] for place in range(most)]
    return tuple(kept)


def _worded(one: Foreseen, language: str) -> Foreseen:
    words = PHASES.get(one.phase)
    phase = words[language] if words else one.phase
    return Foreseen(one.made_at, phase, one.since, one.until, one.returned_at, one.held)


def _record(outlooks: Sequence[Foreseen], language: str) -> str:
    """ "Of 14 outlooks with a range, 11 held": coverage, with what is not judged yet."""
    ranged = [one for one in outlooks if one.until]
    judged = [one for one in ranged if one.held is not None]
    held, waiting = sum(bool(one.held) for one in judged), len(ranged) - len(judged)
    if not ranged:
        return {
            "fr": f"Aucune fourchette n’a été donnée{_N}: il était trop tôt, ou c’était déjà retombé.",
            "en": "No range was given: it was too early, or already over.",
        }[language]
    return _covered(len(ranged), len(judged), held, language) + _waiting(waiting, language)


def _covered(ranged: int, judged: int, held: int, language: str) -> str:
    if language == "fr":
        given = f"{whole(ranged, 'fr')}{_N}{'fourchette donnée' if ranged < 2 else 'fourchettes données'}"
        return f"{given}{_N}; {held} sur {judged} {'ont' if held > 1 else 'a'} tenu." if judged else f"{given}."
    given = f"{whole(ranged, 'en')} {'range' if ranged < 2 else 'ranges'} given"
    return f"{given}; {held} of {judged} held." if judged else f"{given}."


def _waiting(count: int, language: str) -> str:
    if not count:
        return ""
    if language == "fr":
        which = "Une reste" if count == 1 else f"{count} restent"
        return f" {which} à juger{_N}: il faut six heures de calme, ou que la fourchette soit passée."
    which = "One is" if count == 1 else f"{count} are"
    return f" {which} still to be judged: it takes six calm hours, or the end of the range."


def _changes(changed: Changed, language: str) -> str:
    fr = language == "fr"
    counted = (
        (changed.roles_said, ("rôle décidé", "rôles décidés") if fr else ("role decided", "roles decided")),
        (changed.roles_removed, ("rôle retiré", "rôles retirés") if fr else ("role removed", "roles removed")),
        (
            changed.messages_labelled,
            ("message reclassé", "messages reclassés") if fr else ("message labelled again", "messages labelled again"),
        ),
        (
            changed.messages_taken_out,
            ("message écarté", "messages écartés") if fr else ("message taken out", "messages taken out"),
        ),
    )
    parts = [
        f"{whole(count, language)}{_N if fr else ' '}{one if count < 2 else many}"
        for count, (one, many) in counted
        if count
    ]
    if not parts:
        return "Rien." if fr else "Nothing."
    return f"{', '.join(parts)}. {'La parole d’une personne l’emporte.' if fr else 'A person’s word prevails.'}"
