"""Which playbooks an incident calls for, and why."""

from incidents.playbook_match import Called, Sheet, match

OUTAGE = Called(type="outage", family="accident", severity=2)


def sheet(number=1, types=(), families=(), severities=()):
    return Sheet(number, frozenset(types), frozenset(families), frozenset(severities))


def test_a_playbook_is_called_for_by_what_it_names_and_says_so():
    (found,) = match(OUTAGE, [sheet(types=["outage", "leak"])])
    assert (found.id, found.reasons) == (1, (("type", "outage"),))


def test_every_criterion_named_must_hold():
    assert match(OUTAGE, [sheet(types=["outage"], severities=[1])]) == []
    (found,) = match(OUTAGE, [sheet(types=["outage"], families=["accident"], severities=[1, 2])])
    assert found.reasons == (("type", "outage"), ("family", "accident"), ("severity", "2"))


def test_one_that_names_nothing_is_never_called_for():
    assert match(OUTAGE, [sheet()]) == []


def test_what_nobody_has_said_yet_matches_nothing():
    assert match(Called(), [sheet(types=["outage"]), sheet(severities=[1, 2, 3, 4])]) == []


def test_playbooks_come_in_the_order_given():
    assert [one.id for one in match(OUTAGE, [sheet(3, ["outage"]), sheet(1, ["leak"]), sheet(2, (), (), [2])])] == [
        3,
        2,
    ]
