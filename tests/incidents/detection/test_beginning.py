"""Where a rise begins."""

from datetime import UTC, datetime, timedelta

from incidents.detection.beginning import first_of_rise

START = datetime(2026, 11, 17, 20, 7, tzinfo=UTC)


def at(*minutes: float) -> list[datetime]:
    return [START + timedelta(minutes=minute) for minute in minutes]


def test_a_lone_post_long_before_is_another_matter() -> None:
    assert first_of_rise(at(-45, 0, 1, 2, 4, 5)) == 1
    assert first_of_rise(at(-45, -17, 0, 1, 2, 4, 5)) == 2


def test_a_steady_rise_begins_with_its_first_post() -> None:
    assert first_of_rise(at(0, 9, 20, 31, 44, 58)) == 0
    assert first_of_rise(at(0, 0, 0, 0, 0)) == 0


def test_most_of_what_spoke_is_never_left_out() -> None:
    assert first_of_rise(at(0, 1, 2, 3, 4, 59)) == 0


def test_too_few_posts_are_not_told_apart() -> None:
    assert first_of_rise([]) == first_of_rise(at(0)) == first_of_rise(at(0, 58, 59)) == 0
