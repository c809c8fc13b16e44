"""Why a surge is an alarm, in French and in English."""

from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from .season import PARIS

Language = Literal["fr", "en"]
Confidence = Literal["low", "medium", "high"]
ENOUGH_DAYS = 7.0
HOURS_A_YEAR = 8766.0
NBSP = "\u00a0"


class Told(Protocol):
    """What the sentences need of a surge."""

    @property
    def started_at(self) -> datetime: ...
    @property
    def observed(self) -> int: ...
    @property
    def usual_low(self) -> int: ...
    @property
    def usual_high(self) -> int: ...
    @property
    def window_minutes(self) -> int: ...
    @property
    def ratio(self) -> float: ...
    @property
    def p_value(self) -> float: ...
    @property
    def history_days(self) -> float: ...
    @property
    def confidence(self) -> Confidence: ...


CONFIDENCE: dict[Language, dict[Confidence, str]] = {
    "fr": {"low": "confiance faible", "medium": "confiance moyenne", "high": "confiance forte"},
    "en": {"low": "low confidence", "medium": "medium confidence", "high": "high confidence"},
}


def confidence(chance: float, threshold: float, history_days: float, *, is_cold: bool) -> Confidence:
    """Weigh an alarm: low without a week of history or a known tail, high when ten times rarer than asked."""
    if history_days < ENOUGH_DAYS or is_cold:
        return "low"
    return "high" if chance <= threshold / 10.0 else "medium"


def reasons(surge: Told, language: Language, zone: ZoneInfo = PARIS) -> tuple[str, ...]:
    """Return sentences: how many against the habit, since when in `zone`, how rare, and what weakens the verdict."""
    sentences = [_count(surge, language, zone), _since(surge, language, zone), _rarity(surge, language)]
    if surge.history_days < ENOUGH_DAYS:
        sentences.append(_short_history(surge, language))
    return tuple(sentences)


def _count(surge: Told, language: Language, zone: ZoneInfo) -> str:
    low, high = surge.usual_low, surge.usual_high
    span = "1" + NBSP + "h" if surge.window_minutes == 60 else f"{surge.window_minutes}{NBSP}min"
    weekend = surge.started_at.astimezone(zone).weekday() >= 5
    times = f"{surge.ratio:.0f}"
    if language == "fr":
        usual = f"{low}{NBSP}à{NBSP}{high}" if low < high else f"{high}"
        day = "le week-end" if weekend else "en semaine"
        return f"{surge.observed}{NBSP}auteurs en {span}, d’habitude {usual} {day} à cette heure (×{NBSP}{times})."
    usual = f"{low} to {high}" if low < high else f"{high}"
    day = "at the weekend" if weekend else "on a weekday"
    return f"{surge.observed} authors in {span}, usually {usual} {day} at this hour (×{NBSP}{times})."


def _since(surge: Told, language: Language, zone: ZoneInfo) -> str:
    local = surge.started_at.astimezone(zone)
    if language == "fr":
        return f"La hausse commence à {local.hour}{NBSP}h{NBSP}{local.minute:02d}."
    return f"The rise begins at {local:%H:%M}."


def _rarity(surge: Told, language: Language) -> str:
    sure = CONFIDENCE[language][surge.confidence]
    hours = 1.0 / max(surge.p_value, 1e-12)
    # Three weeks of hours cannot tell "once in ten years" from "once a year": the claim stops there.
    if hours > HOURS_A_YEAR:
        how_often = "moins d’une fois par an" if language == "fr" else "less than once a year"
    else:
        days = max(1, round(hours / 24.0))
        how_often = f"environ une fois en {days}{NBSP}jours" if language == "fr" else f"about once in {days} days"
    if language == "fr":
        return f"Un tel écart arrive {how_often} sans raison particulière{NBSP}: {sure}."
    return f"Such a gap happens {how_often} for no particular reason: {sure}."


def _short_history(surge: Told, language: Language) -> str:
    days = int(surge.history_days)
    if language == "fr":
        unit = "jour" if days < 2 else "jours"
        return f"Pas assez de recul{NBSP}: {days}{NBSP}{unit} d’historique."
    unit = "day" if days == 1 else "days"
    return f"Not enough history: {days} {unit} of it."
