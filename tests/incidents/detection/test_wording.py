"""The alarm says why."""

from dataclasses import replace
from datetime import UTC, datetime

from incidents.detection.surge import Surge

SURGE = Surge(
    bucket_at=datetime(2026, 11, 20, 20, 10, tzinfo=UTC),
    started_at=datetime(2026, 11, 20, 20, 2, tzinfo=UTC),
    detected_at=datetime(2026, 11, 20, 20, 15, tzinfo=UTC),
    observed=23,
    expected=0.9,
    usual_low=0,
    usual_high=2,
    window_minutes=15,
    p_value=1e-5,
    history_days=30.0,
    confidence="high",
)


def test_the_reasons_give_the_count_its_habit_the_beginning_and_the_rarity() -> None:
    first, second, third = SURGE.reasons("fr")
    assert first == "23\u00a0auteurs en 15\u00a0min, d’habitude 0\u00a0à\u00a02 en semaine à cette heure (×\u00a026)."
    assert second == "La hausse commence à 21\u00a0h\u00a002."
    assert third == "Un tel écart arrive moins d’une fois par an sans raison particulière\u00a0: confiance forte."


def test_the_reasons_exist_in_english() -> None:
    assert SURGE.reasons("en")[0].startswith("23 authors in 15\u00a0min, usually 0 to 2 on a weekday")
    assert len(SURGE.reasons("en")) == len(SURGE.reasons("fr"))


def test_a_short_history_is_admitted() -> None:
    young = replace(SURGE, history_days=3.4, confidence="low")
    assert young.reasons("fr")[-1] == "Pas assez de recul\u00a0: 3\u00a0jours d’historique."
    assert young.reasons("en")[-1] == "Not enough history: 3 days of it."


def test_a_weekend_and_a_whole_hour_are_said_so() -> None:
    saturday = replace(SURGE, started_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC), window_minutes=60)
    assert "en 1\u00a0h, " in saturday.reasons("fr")[0]
    assert "le week-end" in saturday.reasons("fr")[0]


def test_a_rarity_that_history_can_carry_is_counted_in_days() -> None:
    assert "environ une fois en 42\u00a0jours" in replace(SURGE, p_value=1e-3).reasons("fr")[2]
