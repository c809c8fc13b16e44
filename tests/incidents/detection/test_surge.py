"""One alarm a surge, at the rate of false alarms that was asked for."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.detection.surge import Setting, State, Surge, advance, fresh, habit, history_days, partial, scan
from tests.incidents.detection.streams import BUCKET, MONDAY, calm, strike, together

DAYS = 28
END = MONDAY + timedelta(days=DAYS)
FRIDAY_EVENING = MONDAY + timedelta(days=25, hours=17)
SETTING = Setting(1.0)


def learnt(per_day: float = 30.0, days: int = DAYS) -> State:
    return scan(None, calm(1, per_day, days).items(), SETTING, until=MONDAY + timedelta(days=days))[0]


HABIT = learnt()


def test_a_calm_month_raises_no_more_alarms_than_asked_for() -> None:
    alarms = [len(scan(None, calm(seed, 30.0, DAYS).items(), SETTING, until=END)[1]) for seed in range(6)]
    assert sum(alarms) <= 6 * 2


def test_a_strike_is_one_alarm_within_the_hour() -> None:
    counts = together(calm(2, 30.0, DAYS), strike(2, FRIDAY_EVENING))
    surges = [s for s in scan(None, counts.items(), SETTING, until=END)[1] if s.bucket_at >= FRIDAY_EVENING]
    assert len(surges) == 1
    assert surges[0].detected_at - FRIDAY_EVENING <= timedelta(hours=1)
    assert abs(surges[0].started_at - FRIDAY_EVENING) <= timedelta(minutes=15)


def test_on_a_brand_nobody_speaks_of_six_authors_are_enough() -> None:
    quiet_brand = learnt(3.0)
    needed = next(number for number in range(1, 60) if partial(quiet_brand, END, number).surge)
    assert 5 <= needed <= 6


def test_a_strike_that_goes_on_at_the_same_height_for_two_days_is_one_alarm() -> None:
    long = {FRIDAY_EVENING + step * BUCKET: 4 for step in range(2 * 288)}
    counts = together(calm(4, 30.0, DAYS), long)
    assert len([s for s in scan(None, counts.items(), SETTING, until=END)[1] if s.bucket_at >= FRIDAY_EVENING]) == 1


def test_a_second_strike_much_larger_than_the_first_speaks_again() -> None:
    second = FRIDAY_EVENING + timedelta(hours=20)
    counts = together(calm(5, 30.0, DAYS), strike(5, FRIDAY_EVENING, 60), strike(6, second, 600))
    surges = [s for s in scan(None, counts.items(), SETTING, until=END)[1] if s.bucket_at >= FRIDAY_EVENING]
    assert len(surges) == 2
    assert surges[1].bucket_at >= second


def test_once_the_incident_is_closed_a_second_strike_within_twelve_hours_speaks() -> None:
    second = FRIDAY_EVENING + timedelta(hours=8)
    closed = second - timedelta(hours=1)
    counts = together(calm(5, 30.0, DAYS), strike(5, FRIDAY_EVENING, 60), strike(6, second, 60))
    state, _ = scan(None, counts.items(), SETTING, until=closed)
    silent = scan(state, counts.items(), SETTING, until=END)[1]
    forgiven = scan(state.forgive(closed), counts.items(), SETTING, until=END)[1]
    assert silent == []
    assert len(forgiven) == 1
    assert second <= forgiven[0].detected_at <= second + timedelta(hours=2)


def test_only_an_alarm_given_before_the_closing_is_forgiven() -> None:
    counts = together(calm(5, 30.0, DAYS), strike(5, FRIDAY_EVENING, 60))
    state, _ = scan(None, counts.items(), SETTING, until=FRIDAY_EVENING + timedelta(hours=3))
    assert state.forgive(FRIDAY_EVENING - timedelta(hours=1)) == state
    assert state.forgive(FRIDAY_EVENING + timedelta(hours=3)).memory.alarmed_at == 0
    assert HABIT.forgive(END).memory.alarmed_at == 0


def test_nothing_is_judged_in_the_first_twelve_hours() -> None:
    _, verdict = advance(fresh(SETTING), MONDAY, 500)
    assert (verdict.mood, verdict.surge) == ("learning", None)


def test_a_loud_stream_does_not_alarm_while_it_is_young() -> None:
    assert scan(None, calm(7, 6000.0, 3).items(), SETTING, until=MONDAY + timedelta(days=3))[1] == []


def test_planned_noise_is_neither_judged_nor_learnt() -> None:
    noise = [(FRIDAY_EVENING, FRIDAY_EVENING + timedelta(hours=12))]
    counts = together(calm(8, 30.0, DAYS), strike(8, FRIDAY_EVENING))
    state, surges = scan(None, counts.items(), SETTING, until=END, quiet=noise)
    alone, _ = scan(None, calm(8, 30.0, DAYS).items(), SETTING, until=END, quiet=noise)
    assert [s for s in surges if s.bucket_at >= FRIDAY_EVENING] == []
    assert habit(state, FRIDAY_EVENING).expected == pytest.approx(habit(alone, FRIDAY_EVENING).expected, rel=0.05)


def test_a_surge_does_not_teach_the_habit() -> None:
    before = habit(HABIT, END + timedelta(hours=18)).expected
    struck, _ = scan(HABIT, strike(9, END + timedelta(hours=18), 400).items(), SETTING, until=END + timedelta(days=1))
    assert habit(struck, END + timedelta(days=1, hours=18)).expected < before + 2.0


def test_a_collector_that_was_silent_for_weeks_does_not_alarm_when_it_comes_back() -> None:
    back = END + timedelta(days=40)
    counts = together(calm(10, 60.0, DAYS), calm(11, 60.0, 10, start=back))
    surges = scan(None, counts.items(), SETTING, until=back + timedelta(days=10))[1]
    assert [s for s in surges if s.bucket_at >= END] == []


def test_step_by_step_and_all_at_once_give_the_same_state() -> None:
    counts = together(calm(12, 30.0, 10), strike(12, MONDAY + timedelta(days=9)))
    whole, surges = scan(None, counts.items(), SETTING, until=MONDAY + timedelta(days=10))
    state, found = None, []
    for day in range(1, 11):
        state, more = scan(state, counts.items(), SETTING, until=MONDAY + timedelta(days=day))
        state = State.from_json(json.loads(json.dumps(state.to_json())))
        found += more
    assert (state, found) == (whole, surges)
    assert len(surges) == 1


def test_advance_fills_the_buckets_that_were_skipped() -> None:
    later = END + timedelta(hours=6)
    skipped, _ = advance(HABIT, later, 2)
    filled, _ = scan(HABIT, [(later, 2)], SETTING, until=later + BUCKET)
    assert skipped == filled


@given(so_far=st.integers(0, 40), more=st.integers(0, 40))
@settings(max_examples=60, deadline=None)
def test_a_running_bucket_is_never_judged_more_strictly_than_when_it_is_over(so_far: int, more: int) -> None:
    early = partial(HABIT, END, so_far)
    over = advance(HABIT, END, so_far + more)[1]
    assert early.surge is None or (over.surge is not None and over.surge.bucket_at == early.surge.bucket_at)


def test_a_running_bucket_alarms_without_waiting_for_its_end() -> None:
    verdict = partial(HABIT, END, 12)
    assert verdict.surge is not None
    assert verdict.surge.observed >= 12


def test_the_more_false_alarms_are_borne_the_sooner_it_speaks() -> None:
    needed = [next(n for n in range(1, 60) if partial(HABIT, END, n, Setting(asked)).surge) for asked in (0.5, 4.0)]
    assert needed[1] <= needed[0]


def test_a_bucket_judged_already_is_refused() -> None:
    with pytest.raises(ValueError, match="already judged"):
        advance(HABIT, END - BUCKET, 3)


def test_a_naive_time_a_negative_count_and_a_senseless_setting_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        advance(HABIT, END.replace(tzinfo=None), 3)
    with pytest.raises(ValueError, match="not negative"):
        advance(HABIT, END, -1)
    for wrong in (0.0, -1.0, 31.0, float("nan")):
        with pytest.raises(ValueError, match="false alarms"):
            Setting(wrong)


def test_a_state_of_another_version_is_refused() -> None:
    with pytest.raises(ValueError, match="version 2"):
        State.from_json({**HABIT.to_json(), "version": 2})


def test_the_stored_state_stays_small() -> None:
    assert len(json.dumps(learnt(600.0).to_json())) < 40_000


def test_the_habit_follows_the_hour_and_holds_nine_buckets_in_ten() -> None:
    counts = calm(1, 300.0, DAYS)
    state = learnt(300.0)
    evening, night = habit(state, END + timedelta(hours=14)), habit(state, END + timedelta(hours=2))
    assert evening.expected > 2.0 * night.expected
    seen = [
        sum(counts.get(MONDAY + timedelta(days=d, hours=14, minutes=m), 0) for m in range(0, 60, 5)) for d in range(28)
    ]
    assert sum(evening.low <= count <= evening.high for count in seen) >= 22


def test_a_habit_is_known_for_three_lengths_only() -> None:
    with pytest.raises(ValueError, match="not 30"):
        habit(HABIT, END, minutes=30)


def test_a_surge_comes_back_from_json_as_it_was() -> None:
    surge = partial(HABIT, END, 12).surge
    assert surge is not None
    assert Surge.from_json(json.loads(json.dumps(surge.to_json()))) == surge


def test_the_season_is_that_of_paris_through_the_change_of_clocks() -> None:
    start = datetime(2026, 10, 1, tzinfo=UTC)
    before = {start + timedelta(days=d, hours=7): 8 for d in range(24)}  # 9 h in Paris, summer time
    state, _ = scan(None, before.items(), SETTING, until=datetime(2026, 10, 26, tzinfo=UTC))
    winter = datetime(2026, 10, 27, tzinfo=UTC)
    assert habit(state, winter + timedelta(hours=8), 5).expected > habit(state, winter + timedelta(hours=7), 5).expected


def test_history_is_counted_in_days() -> None:
    assert history_days(HABIT) == pytest.approx(DAYS, abs=0.5)


def test_a_brand_struck_every_four_days_is_heard_nearly_each_time() -> None:
    struck = [MONDAY + timedelta(days=28 + 4 * number, hours=3 * number) for number in range(6)]
    counts = together(calm(5, 30.0, 56), *(strike(number, begins) for number, begins in enumerate(struck)))
    surges = scan(None, counts.items(), Setting(1.0), until=MONDAY + timedelta(days=56))[1]
    told = [any(begins <= one.detected_at <= begins + timedelta(hours=12) for one in surges) for begins in struck]
    assert sum(told) >= 5
