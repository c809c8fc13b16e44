"""How long it took, beside the client's habit: never a figure where nothing was measured."""

from datetime import UTC, datetime, timedelta

import pytest

from incidents.metrics import Measured, Metric, Moments, measured

BEGAN = datetime(2026, 11, 17, 20, 0, tzinfo=UTC)
BRIEF = Metric("brief", "started", "briefed", aim=15)
DETECT = Metric("detect", "started", "detected")


def after(**minutes: int) -> Moments:
    return {code: BEGAN + timedelta(minutes=at) for code, at in {"started": 0, **minutes}.items()}


def one(metric: Metric, moments: Moments, earlier: list[Moments] | None = None, *, is_over: bool = False) -> Measured:
    (found,) = measured([metric], moments, earlier or [], is_over=is_over)
    return found


def test_a_length_goes_from_the_first_milestone_to_the_last() -> None:
    found = one(BRIEF, after(briefed=12))
    assert (found.state, found.length, found.is_over_the_aim) == ("known", timedelta(minutes=12), False)


def test_a_length_beyond_the_aim_says_so_and_none_without_an_aim() -> None:
    assert one(BRIEF, after(briefed=16)).is_over_the_aim
    assert not one(DETECT, after(detected=600)).is_over_the_aim


def test_the_habit_is_the_median_of_the_earlier_ones_that_were_measured() -> None:
    earlier = [after(briefed=10), after(), after(briefed=40), after(briefed=20)]
    found = one(BRIEF, after(), earlier)
    assert (found.usual, found.earlier) == (timedelta(minutes=20), 3)


def test_without_a_past_there_is_no_habit() -> None:
    assert one(BRIEF, after(), [after(), after()]).usual is None


@pytest.mark.parametrize(
    ("metric", "moments", "is_over", "state"),
    [
        (BRIEF, after(), False, "waiting"),
        (BRIEF, after(), True, "untold"),
        (BRIEF, {"briefed": BEGAN}, False, "untold"),
        (BRIEF, {}, False, "untold"),
        (DETECT, after(), False, "waiting"),
        (DETECT, after(confirmed=5), False, "untold"),  # opened by hand
        (DETECT, after(detected=3 * 24 * 60), False, "untold"),  # found in an import of the past
    ],
)
def test_what_is_not_measured_says_whether_it_still_can_be(
    metric: Metric, moments: Moments, is_over: bool, state: str
) -> None:
    found = one(metric, moments, is_over=is_over)
    assert (found.state, found.length) == (state, None)


def test_milestones_in_the_other_order_are_no_negative_length() -> None:
    assert one(BRIEF, after(briefed=-5)).length == timedelta(0)
