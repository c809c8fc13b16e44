"""Back to normal: six hours in a row within the habit, after it was left, all of them heard."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.detection.calm import back_to_normal, why

BEGAN = datetime(2026, 11, 17, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "after"),
    [
        ([], None),
        ([0] * 50, None),  # it never rose: nothing came back
        ([9, 9, 2, 2, 2, 2, 2], None),
        ([9, 9, 2, 2, 2, 2, 2, 2], 2),
        ([9, 2, 2, 2, 2, 2, 9, 2, 2, 2, 2, 2, 2], 7),
        ([2, 2, 2, 2, 2, 2, 2, 9, 2, 2, 2, 2, 2, 2], 8),  # a slow beginning is no return
        ([9, 2, 2, 2, 2, 2, 2, 9, 9, 9], 1),  # what comes later is another wave
    ],
)
def test_it_is_normal_once_six_hours_in_a_row_are(hours: list[int], after: int | None) -> None:
    assert back_to_normal(hours, 3, BEGAN) == (None if after is None else BEGAN + after * HOUR)


def test_hours_that_nobody_heard_prove_no_calm() -> None:
    hours = [9, *[0] * 9]
    hole = (BEGAN + 2.5 * HOUR, BEGAN + 3.5 * HOUR)
    assert back_to_normal(hours, 3, BEGAN, [hole]) == BEGAN + 4 * HOUR
    assert back_to_normal(hours, 3, BEGAN, [(hole[0], BEGAN + 99 * HOUR)]) is None


def test_a_source_that_was_deaf_before_does_not_count() -> None:
    assert back_to_normal([9, *[0] * 6], 3, BEGAN, [(BEGAN, BEGAN + 99 * HOUR)]) == BEGAN + HOUR


def test_hours_are_real_ones_the_night_the_clocks_go_back() -> None:
    night = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert back_to_normal([9, *[0] * 6], 3, night) == datetime(2026, 10, 24, 23, tzinfo=UTC)


def test_why_is_said_in_both_languages() -> None:
    assert "3 comptes" in why(3).say("fr") and "3 accounts" in why(3).say("en")
