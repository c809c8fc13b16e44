"""How long a source may be silent is learnt from its past, and said to be unknown while there is not enough of it."""

import random
from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clients.listening.habit import Habit, learn

PARIS = ZoneInfo("Europe/Paris")
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
DIES = BEGIN + timedelta(days=44, hours=8)  # a Thursday, ten o'clock in Paris
DAY_OF = {"busy": 200.0, "steady": 20.0, "slow": 3.0, "office": 6.0, "bursts": 3.0}  # posts, or bursts, a day


def series(kind: str, luck: random.Random, days: int = 60) -> list[datetime]:
    """Made posts: few at night, of an office almost none at the week-end, in bursts of up to fourteen."""
    said: list[datetime] = []
    for hour in range(24 * days):
        begin = BEGIN + timedelta(hours=hour)
        local = begin.astimezone(PARIS)
        rate = DAY_OF[kind] / 24 * (0.08 if local.hour < 6 else 0.5 if local.hour < 8 else 1.5)
        rate *= 0.05 if kind == "office" and local.weekday() >= 5 else 1.0
        at, end = begin, begin + timedelta(hours=1)
        while (at := at + timedelta(hours=luck.expovariate(rate))) < end:
            replies = luck.randrange(15) if kind == "bursts" else 0
            said += [at, *(at + timedelta(minutes=luck.expovariate(1 / 20)) for _ in range(replies))]
    return sorted(said)


def binned(said: list[datetime]) -> Counter[datetime]:
    return Counter(at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0) for at in said)


def alarms(said: list[datetime], begin: datetime, end: datetime) -> list[datetime]:
    """When the source was first called mute, learning once a day as the house does."""
    called, was_mute, now = [], False, begin
    while now < end:
        if now == begin or now.hour == 0 == now.minute:
            habit = learn(binned([at for at in said if at <= now]), now=now, zone=PARIS)
        allowed = habit.silence_at(now.astimezone(PARIS))
        is_mute = allowed is not None and (now - said[bisect_right(said, now) - 1]).total_seconds() > allowed
        if is_mute and not was_mute:
            called.append(now)
        was_mute, now = is_mute, now + timedelta(minutes=30)
    return called


@pytest.mark.parametrize(
    ("kind", "within_hours"), [("busy", 2), ("steady", 12), ("office", 100), ("slow", 120), ("bursts", 72)]
)
def test_a_living_source_is_left_alone_and_a_dead_one_is_noticed(kind: str, within_hours: int) -> None:
    said = [at for at in series(kind, random.Random(7)) if at < DIES]
    called = alarms(said, BEGIN + timedelta(days=30), DIES + timedelta(hours=within_hours))
    assert len([at for at in called if at < DIES]) <= 1  # in two weeks
    assert [at for at in called if at >= DIES]


def test_the_night_is_not_the_day() -> None:
    habit = learn(binned(series("steady", random.Random(1), days=30)), now=BEGIN + timedelta(days=30), zone=PARIS)
    night, noon = (
        habit.silence_at(datetime(2026, 9, 30, 5, tzinfo=PARIS)),
        habit.silence_at(datetime(2026, 9, 30, 15, tzinfo=PARIS)),
    )
    assert night is not None and noon is not None and night > 1.5 * noon
    assert (habit.mentions_at(datetime(2026, 9, 30, 15, tzinfo=PARIS)) or 0) > 0.8


def test_one_outage_does_not_become_a_habit() -> None:
    said = series("busy", random.Random(3), days=30)
    cut = [at for at in said if not BEGIN + timedelta(days=15) < at < BEGIN + timedelta(days=15, hours=14)]
    now, noon = BEGIN + timedelta(days=30), datetime(2026, 9, 30, 13, tzinfo=PARIS)
    before, after = (learn(binned(one), now=now, zone=PARIS).silence_at(noon) for one in (said, cut))
    assert before is not None and after is not None and after < 1.5 * before


@pytest.mark.parametrize(
    "moments",
    [
        [],
        [BEGIN + timedelta(hours=n) for n in range(24 * 6)],  # not a week
        [BEGIN + timedelta(days=n) for n in range(19)],  # too few
        [BEGIN + timedelta(minutes=10 * n) for n in range(100)] + [BEGIN + timedelta(days=8)],  # two days only
    ],
)
def test_too_little_past_teaches_nothing(moments: list[datetime]) -> None:
    now = max([*moments, BEGIN])
    habit = learn(dict.fromkeys(moments, 1), now=now, zone=PARIS)
    assert habit == Habit() and habit.silence_at(now) is None and habit.mentions_at(now) is None
    assert habit.as_json() == {}


def test_a_habit_is_kept_and_read_back() -> None:
    habit = learn(binned(series("busy", random.Random(2), days=30)), now=BEGIN + timedelta(days=30), zone=PARIS)
    assert Habit.read(habit.as_json()) == habit
    assert Habit.read({"silences": [1], "mentions": "x"}) == Habit()


@pytest.mark.parametrize("day", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)])
def test_the_nights_when_clocks_change_are_learnt_like_the_others(day: datetime) -> None:
    begin = day - timedelta(days=20)
    moments = {begin + timedelta(hours=n): 1 for n in range(24 * 22)}
    habit = learn(moments, now=begin + timedelta(days=22), zone=PARIS)
    assert {habit.silence_at(datetime(2027, 1, 6, hour, tzinfo=PARIS)) for hour in range(24)} == {10 * 3600}
