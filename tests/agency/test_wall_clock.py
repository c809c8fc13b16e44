"""The hours people write, over both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from agency.public_holidays import holiday
from agency.wall_clock import Reading, changes_on, moment_of, weekly

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
DAY = timedelta(days=1)


@pytest.mark.parametrize(("changes", "hours"), [(SPRING, 7), (AUTUMN, 9), (date(2026, 6, 14), 8)])
def test_a_night_shift_over_a_change_of_the_clock_is_an_hour_shorter_or_longer(changes, hours):
    begins, ends = moment_of(changes - DAY, time(22))[0], moment_of(changes, time(6))[0]
    assert ends - begins == timedelta(hours=hours)


def test_half_past_two_does_not_exist_on_the_day_of_spring():
    assert moment_of(SPRING, time(2, 30)) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), Reading.SKIPPED)
    assert moment_of(SPRING, time(3)) == (datetime(2026, 3, 29, 1, tzinfo=UTC), Reading.ONCE)


def test_half_past_two_comes_twice_on_the_day_of_autumn_and_the_first_is_taken():
    assert moment_of(AUTUMN, time(2, 30)) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), Reading.TWICE)
    assert moment_of(AUTUMN, time(3)) == (datetime(2026, 10, 25, 2, tzinfo=UTC), Reading.ONCE)


def test_the_same_night_of_each_week_keeps_its_hours_over_the_change():
    begins, ends = moment_of(date(2026, 3, 21), time(22))[0], moment_of(date(2026, 3, 22), time(6))[0]
    nights = list(weekly(begins, ends, 3))
    assert [to - from_ for from_, to, _ in nights] == [timedelta(hours=hours) for hours in (8, 7, 8)]
    assert nights[2][0] == moment_of(date(2026, 4, 4), time(22))[0]


def test_a_week_whose_hour_the_change_skips_or_doubles_is_told():
    begins = moment_of(date(2026, 3, 22), time(2, 30))[0]
    assert [moved for _from, _to, moved in weekly(begins, begins + timedelta(hours=4), 3)] == [False, True, False]


def test_a_day_is_an_hour_shorter_or_longer_at_the_changes():
    hours = [changes_on(day) / timedelta(hours=1) for day in (SPRING, AUTUMN, date(2026, 6, 14))]
    assert hours == [-1, 1, 0]


@pytest.mark.parametrize(
    ("country", "day", "language", "name"),
    [
        ("FR", date(2026, 12, 25), "fr", "Noël"),
        ("FR", date(2026, 12, 25), "en", "Christmas Day"),
        ("FR", date(2026, 12, 24), "fr", ""),
        ("", date(2026, 12, 25), "fr", ""),
        ("ZZ", date(2026, 12, 25), "fr", ""),
    ],
)
def test_a_public_holiday_is_named_in_the_readers_language(country, day, language, name):
    assert holiday(country, day, language) == name
