"""Is a client ready for a strike tonight? Each thing with its state and why, then one sentence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from clients.listening.words import Words

N = "\u00a0"
DRILL_EVERY = timedelta(days=182)
Language = Literal["fr", "en"]


class State(StrEnum):
    """From the worst to the best."""

    MISSING = "missing"  # it would fail tonight
    LOOK = "look"  # it holds tonight, and needs somebody
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a client; counts, and hours in hours. `broken_rungs` None: the ladder's rungs were not tried."""

    contacts: int = 0
    unreachable_contacts: int = 0
    rungs: int = 0
    broken_rungs: int | None = 0
    stuck_approvals: int = 0
    hours_without: float = 0.0
    next_gap_at: str = ""
    positions: int = 0
    expiring: int = 0
    expired: int = 0
    unapproved: int = 0
    playbooks: int = 0
    stale_playbooks: int = 0
    ears: int = 0
    deaf_ears: int = 0
    last_drill_at: datetime | None = None
    debriefs_late: int = 0
    follow_ups_late: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: its code (stable), what it is, its state, and why."""

    code: str
    what: Words
    state: State
    why: Words


@dataclass(frozen=True, slots=True)
class Readiness:
    """Every line in a fixed order, and the sentence that stands on top."""

    lines: tuple[Line, ...]
    sentence: Words

    @property
    def worst(self) -> Line:
        """The worst line, the first of its state."""
        order = list(State)
        return min(self.lines, key=lambda line: order.index(line.state))

    def count(self, state: State) -> int:
        return sum(line.state == state for line in self.lines)


def readiness(facts: Facts, now: datetime) -> Readiness:
    """Judges the ten things in the order in which a bad night needs them."""
    lines = (
        _contacts(facts), _ladder(facts), _rota(facts), _positions(facts), _approvals(facts), _playbooks(facts),
        _ears(facts), _drill(facts, now), _debriefs(facts), _follow_ups(facts),
    )  # fmt: skip
    return Readiness(lines, _sentence(lines))


def _contacts(facts: Facts) -> Line:
    what = Words("Contacts joignables", "Contacts reachable")
    if not facts.contacts:
        return Line("contacts", what, State.MISSING, Words("aucun contact actif", "no active contact"))
    lost = facts.unreachable_contacts
    if lost:
        state = State.MISSING if lost == facts.contacts else State.LOOK
        why = Words(f"{lost} sur {facts.contacts} sans moyen de les joindre", f"{lost} of {facts.contacts} unreachable")
        return Line("contacts", what, state, why)
    return Line("contacts", what, State.READY, Words(f"{facts.contacts} joignables", f"{facts.contacts} reachable"))


def _ladder(facts: Facts) -> Line:
    what = Words("Chaîne d’alerte entière", "Escalation ladder whole")
    if not facts.rungs:
        return Line("ladder", what, State.MISSING, Words("aucun échelon", "no rung"))
    if facts.broken_rungs:
        state = State.MISSING if facts.broken_rungs == facts.rungs else State.LOOK
        why = Words(
            f"{facts.broken_rungs} échelons sur {facts.rungs} ne joignent personne",
            f"{facts.broken_rungs} of {facts.rungs} rungs reach nobody",
        )
        return Line("ladder", what, state, why)
    return Line("ladder", what, State.READY, Words(f"{facts.rungs} échelons", f"{facts.rungs} rungs"))


def _rota(facts: Facts) -> Line:
    what = Words("Astreinte des 14 jours à venir", "On call for the coming 14 days")
    if facts.hours_without <= 0:
        return Line("rota", what, State.READY, Words("toutes les heures couvertes", "every hour covered"))
    state = State.MISSING if facts.hours_without >= 14 * 24 else State.LOOK
    length = f"{facts.hours_without:.0f}" if facts.hours_without >= 1 else "1"
    why = Words(f"{length}{N}h sans personne", f"{length} h without anybody")
    if facts.next_gap_at:
        why = Words(f"{why.fr}, dès {facts.next_gap_at}", f"{why.en}, from {facts.next_gap_at}")
    return Line("rota", what, state, why)


def _positions(facts: Facts) -> Line:
    what = Words("Éléments de langage valides", "Positions valid")
    if not facts.positions:
        return Line("positions", what, State.MISSING, Words("rien qui puisse être dit", "nothing that may be said"))
    parts = [
        (facts.expired, f"{facts.expired} expirés", f"{facts.expired} expired"),
        (facts.expiring, f"à renouveler d’ici 30 jours : {facts.expiring}", f"to renew in 30 days: {facts.expiring}"),
        (facts.unapproved, f"{facts.unapproved} sans approbation", f"{facts.unapproved} not approved"),
    ]
    found = [(fr, en) for count, fr, en in parts if count]
    if not found:
        return Line("positions", what, State.READY, Words(f"{facts.positions} valides", f"{facts.positions} valid"))
    why = Words(", ".join(fr for fr, _en in found), ", ".join(en for _fr, en in found))
    return Line("positions", what, State.LOOK, why)


def _approvals(facts: Facts) -> Line:
    what = Words("Accords possibles", "Approvals possible")
    stuck = facts.stuck_approvals
    if stuck:
        plural = "s" if stuck > 1 else ""
        why = Words(f"{stuck} étape{plural} que personne ne peut passer", f"{stuck} step{plural} that nobody can pass")
        return Line("approvals", what, State.LOOK, why)
    return Line("approvals", what, State.READY, Words("chaque étape a quelqu’un", "somebody for each step"))


def _playbooks(facts: Facts) -> Line:
    what = Words("Fiches réflexes tenues à jour", "Playbooks kept true")
    if not facts.playbooks:
        return Line("playbooks", what, State.MISSING, Words("aucune fiche en vigueur", "none in force"))
    stale = facts.stale_playbooks
    if stale:
        why = Words(f"{stale} sur {facts.playbooks} à relire", f"{stale} of {facts.playbooks} to read again")
        return Line("playbooks", what, State.LOOK, why)
    why = Words(f"{facts.playbooks} relues à temps", f"{facts.playbooks} reviewed in time")
    return Line("playbooks", what, State.READY, why)


def _ears(facts: Facts) -> Line:
    what = Words("Sources entendues", "Sources heard")
    if not facts.ears:
        return Line("ears", what, State.MISSING, Words("rien n’est écouté", "nothing is listened to"))
    if facts.deaf_ears:
        state = State.MISSING if facts.deaf_ears == facts.ears else State.LOOK
        why = Words(f"{facts.deaf_ears} sur {facts.ears} muettes", f"{facts.deaf_ears} of {facts.ears} not heard")
        return Line("ears", what, state, why)
    heard = f"{facts.ears} entendue{'s' if facts.ears > 1 else ''}"
    return Line("ears", what, State.READY, Words(heard, f"{facts.ears} heard"))


def _drill(facts: Facts, now: datetime) -> Line:
    what = Words("Dernier exercice", "Last drill")
    if facts.last_drill_at is None:
        return Line("drill", what, State.LOOK, Words("aucun encore", "none yet"))
    days = max(0, (now - facts.last_drill_at).days)
    state = State.READY if now - facts.last_drill_at <= DRILL_EVERY else State.LOOK
    return Line("drill", what, state, Words(f"il y a {days} jours", f"{days} days ago"))


def _debriefs(facts: Facts) -> Line:
    what = Words("Retours d’expérience tenus", "Debriefs held")
    late = facts.debriefs_late
    if late:
        return Line("debriefs", what, State.LOOK, Words(f"{late} en retard ou à prévoir", f"{late} late or to plan"))
    return Line("debriefs", what, State.READY, Words("rien en retard", "nothing late"))


def _follow_ups(facts: Facts) -> Line:
    what = Words("Suites données", "Follow-ups done")
    late = facts.follow_ups_late
    if late:
        return Line("follow_ups", what, State.LOOK, Words(f"{late} en retard", f"{late} late"))
    return Line("follow_ups", what, State.READY, Words("rien en retard", "nothing late"))


def _sentence(lines: Sequence[Line]) -> Words:
    """What fails first; then what needs somebody; then that all is well."""
    missing = [line for line in lines if line.state == State.MISSING]
    look = [line for line in lines if line.state == State.LOOK]
    if missing:
        fr, en = missing[0].what.fr.lower(), missing[0].what.en.lower()
        return Words(
            f"Pas prêt pour cette nuit{N}: {fr}{N}– {missing[0].why.fr}.",
            f"Not ready for tonight: {en} – {missing[0].why.en}.",
        )
    if look:
        count = len(look)
        return Words(
            f"Cela tient cette nuit. {count} point{'s' if count > 1 else ''} à revoir, d’abord{N}: "
            f"{look[0].what.fr.lower()}{N}– {look[0].why.fr}.",
            f"It holds tonight. {count} thing{'s' if count > 1 else ''} to look at, first: "
            f"{look[0].what.en.lower()} – {look[0].why.en}.",
        )
    return Words("Prêt pour cette nuit.", "Ready for tonight.")
