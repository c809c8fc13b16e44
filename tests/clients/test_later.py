"""Moments to come as people type them, in two languages and across both clock changes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.later import moment
from tests.conftest import NOW

PARIS = ZoneInfo("Europe/Paris")


def told(typed: str, now: datetime = NOW) -> str:
    """In Paris; NOW is Tuesday the 17th of November, 21:58."""
    found = moment(typed, now=now, zone=PARIS)
    return found.astimezone(PARIS).strftime("%d/%m %H:%M") if found else "–"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dans 30 min", "17/11 22:28"),
        ("in 2 hours", "17/11 23:58"),
        ("+ 1 h 30", "17/11 23:28"),
        ("dans une demi-heure", "17/11 22:28"),
        ("dans un quart d’heure", "17/11 22:13"),
        ("Demain 9\u00a0h", "18/11 09:00"),
        ("tomorrow 9am", "18/11 09:00"),
        ("demain midi", "18/11 12:00"),
        ("18:30", "18/11 18:30"),
        ("23h", "17/11 23:00"),
        ("lundi 14h", "23/11 14:00"),
        ("mardi 21:00", "24/11 21:00"),
        ("mardi 23:00", "17/11 23:00"),
        ("25/11 8:00", "25/11 08:00"),
        ("2/1 à 9h15", "02/01 09:15"),
        ("dans 3 jours", "20/11 21:58"),
    ],
)
def test_a_moment_to_come_is_understood(typed: str, meant: str) -> None:
    assert told(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", " ", "9", "hier 9 h", "x", "31/02 8:00", "25:00", "13pm", "dans 0 min", "99999 jours", "17/11/2020 9:00",
     "9" * 50_000, "\0", "🙂", "ce soir", "dans"],
)  # fmt: skip
def test_what_names_no_moment_to_come_is_none(typed: str) -> None:
    assert told(typed) == "–"


def test_both_nights_of_the_clocks_have_one_answer() -> None:
    autumn = datetime(2026, 10, 24, 22, tzinfo=UTC)  # midnight; 02:30 comes twice, at 00:30 and 01:30 UTC
    assert moment("2:30", now=autumn, zone=PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert moment("2:30", now=between, zone=PARIS) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    spring = datetime(2026, 3, 28, 23, tzinfo=UTC)  # 02:30 does not come
    assert told("2:30", spring) == "29/03 03:30"
    assert told("demain 9 h", datetime(2026, 3, 28, 12, tzinfo=UTC)) == "29/03 09:00"


@given(st.text(max_size=80))
def test_whatever_is_typed_what_is_found_is_to_come(typed: str) -> None:
    found = moment(typed, now=NOW, zone=PARIS)
    assert found is None or found > NOW
