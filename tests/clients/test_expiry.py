"""When the owner of a position is written to."""

from datetime import date, timedelta

import pytest

from clients.expiry import is_due

LAST = date(2026, 11, 30)


def mails(first: int, last: int, *, asleep: range = range(0)) -> list[int]:
    """The days, counted from the last one, on which somebody who looks each day is written to."""
    told: date | None = None
    days = []
    for day in range(first, last + 1):
        today = LAST + timedelta(day)
        if day not in asleep and is_due(LAST, told, today):
            told = today
            days.append(day)
    return days


def test_thirty_seven_and_one_days_before_then_each_day_then_each_week() -> None:
    assert mails(-60, 30) == [-30, -7, -1, *range(1, 8), 14, 21, 28]


def test_days_slept_through_are_made_up_for_once() -> None:
    assert mails(-60, 0, asleep=range(-31, -5)) == [-5, -1]
    assert mails(-60, 10, asleep=range(-31, 9)) == [9]


@pytest.mark.parametrize("ahead", [31, 365])
def test_nobody_is_written_to_too_early(ahead: int) -> None:
    assert not is_due(LAST, None, LAST - timedelta(ahead))


def test_a_new_last_day_silences_what_was_due() -> None:
    assert not is_due(LAST + timedelta(365), LAST - timedelta(30), LAST)
