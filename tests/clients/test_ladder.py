"""Ladders judged: one answers a case, one that cannot be climbed is refused with a reason, quiet hours end."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.ladder import Ladder, Step, faults, loops, match, match_proposal, plan
from clients.quiet_hours import is_quiet, quiet_until

PARIS = ZoneInfo("Europe/Paris")
AGENCY = ("on_call", "lead")
EVERY = Ladder(1, "Tous", calls=AGENCY)
GRAVE = Ladder(2, "Grave", severities=(1, 2), calls=("contact",))
CRISIS = Ladder(3, "Crise", qualifications=("crisis",), calls=("contact",))
WORST = Ladder(4, "Pire", severities=(1,), qualifications=("crisis",), calls=("contact",))


@pytest.mark.parametrize(
    ("severity", "qualification", "name"),
    [(4, "signal", "Tous"), (2, "paracrisis", "Grave"), (3, "crisis", "Crise"), (1, "crisis", "Pire")],
)
def test_the_most_precise_ladder_answers_a_case(severity: int, qualification: str, name: str) -> None:
    found = match([EVERY, GRAVE, CRISIS, WORST], severity=severity, qualification=qualification)
    assert found is not None
    assert found.name == name
    assert name in found.reasons["fr"] and name in found.reasons["en"]


def test_of_two_alike_one_is_chosen_and_the_other_is_said() -> None:
    found = match([GRAVE, CRISIS], severity=2, qualification="crisis")
    assert found is not None
    assert (found.name, "Grave" in found.reasons["fr"]) == ("Crise", True)


def test_a_proposal_takes_the_ladder_that_asks_least_and_calls_the_agency() -> None:
    found = match_proposal([GRAVE, EVERY])
    assert found is not None
    assert found.name == "Tous"
    assert match_proposal([GRAVE]) is None


@given(
    st.lists(
        st.builds(
            Ladder,
            st.integers(1, 9),
            st.text(max_size=3),
            st.lists(st.integers(1, 4), max_size=3).map(tuple),
            st.lists(st.sampled_from(["signal", "crisis"]), max_size=2).map(tuple),
        ),
        unique_by=lambda one: one.id,
    )
)
def test_the_order_in_which_ladders_are_read_changes_nothing(ladders: list[Ladder]) -> None:
    case = {"severity": 2, "qualification": "crisis"}
    assert match(ladders, **case) == match(ladders[::-1], **case)


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], "empty"),
        ([Step(None, "on_call")], "no_delay"),
        ([Step(0, "on_call"), Step(0, "lead")], "no_delay"),
        ([Step(1441, "on_call")], "delay_too_long"),
        ([Step(0, "contact")], "no_contact"),
        ([Step(0, "lead", 1)], "no_contact"),
        ([Step(0, "contact", 9)], "no_channel"),
        ([Step(0, "contact", 2)], "loop"),
    ],
)
def test_what_cannot_be_climbed_is_refused_with_its_sentence(steps: list[Step], code: str) -> None:
    found = faults(steps, backups={1: None, 2: 3, 3: 2}, reachable={1, 2, 3})
    assert code in [one.code for one in found]
    assert all(one.fr != one.en and one.say("fr") == one.fr for one in found)


def test_a_sound_ladder_has_no_fault() -> None:
    steps = [Step(0, "on_call"), Step(5, "on_call"), Step(10, "contact", 1)]
    assert faults(steps, backups={1: 2, 2: None}, reachable={1}) == ()


@given(st.dictionaries(st.integers(0, 5), st.one_of(st.none(), st.integers(0, 5))), st.integers(0, 5))
def test_following_backups_always_ends(backups: dict[int, int | None], contact: int) -> None:
    steps, following = 0, contact
    while following is not None and steps <= 6:
        following, steps = backups.get(following), steps + 1
    assert loops(contact, backups) == (following is not None)


def test_a_run_calls_the_agency_first_and_the_contacts_once_confirmed() -> None:
    steps = [Step(0, "on_call"), Step(5, "contact", 1), Step(10, "lead"), Step(20, "contact", 2)]
    assert [(one.place, one.after_minutes, one.index) for one in plan(steps, is_confirmed=False)] == [
        (1, 0, 0),
        (2, 10, 2),
    ]
    assert [(one.place, one.after_minutes, one.index) for one in plan(steps, is_confirmed=True)] == [
        (1, 0, 1),
        (2, 20, 3),
    ]


@pytest.mark.parametrize(
    ("begins", "ends", "hour", "quiet"),
    [(22, 7, 23, True), (22, 7, 6, True), (22, 7, 7, False), (22, 7, 12, False), (9, 17, 9, True), (9, 9, 9, False)],
)
def test_quiet_hours_pass_midnight(begins: int, ends: int, hour: int, quiet: bool) -> None:
    at = datetime(2026, 11, 17, hour, 0, tzinfo=PARIS)
    assert is_quiet(at, begins=time(begins), ends=time(ends), zone=PARIS) is quiet


@given(st.integers(0, 365 * 24 * 60), st.times(), st.times())
def test_quiet_hours_end_after_the_moment_and_within_a_day(minutes: int, begins: time, ends: time) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    if is_quiet(at, begins=begins, ends=ends, zone=PARIS):
        until = quiet_until(at, ends=ends, zone=PARIS)
        assert timedelta(0) <= until - at <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("night", "expected"),
    [("2026-10-24T23:00", "2026-10-25T06:00"), ("2026-03-28T23:00", "2026-03-29T05:00")],
)
def test_seven_in_the_morning_is_seven_on_the_wall_after_a_clock_change(night: str, expected: str) -> None:
    at = datetime.fromisoformat(night).replace(tzinfo=PARIS).astimezone(UTC)
    assert quiet_until(at, ends=time(7), zone=PARIS) == datetime.fromisoformat(expected).replace(tzinfo=UTC)
