"""Mentions of the last seven days beside the weeks before."""

from datetime import timedelta

from agency.models import Client
from reports.selectors import portal
from tests import factories
from tests.conftest import NOW

WEEK, INSTANT = timedelta(days=7), timedelta(microseconds=1)


def test_a_week_ends_with_its_last_instant_and_not_with_its_first(aldane: Client) -> None:
    for at in (NOW, NOW - WEEK + INSTANT, NOW - WEEK, NOW + INSTANT):
        factories.mention("Dit.", at)
    assert portal.weeks(NOW).last == 2


def test_the_habit_is_the_lowest_and_highest_of_the_whole_weeks_before(aldane: Client) -> None:
    for weeks_ago, many in ((1, 3), (2, 1), (3, 4), (4, 9)):
        for minute in range(many):
            factories.mention("Dit.", NOW - weeks_ago * WEEK - timedelta(minutes=minute + 1))
    assert portal.weeks(NOW).habit == (1, 4)  # the fourth may be the tail of a week


def test_two_weeks_are_no_habit(aldane: Client) -> None:
    for weeks_ago in (0, 1, 2):
        factories.mention("Dit.", NOW - weeks_ago * WEEK - timedelta(hours=1))
    assert portal.weeks(NOW).habit is None
