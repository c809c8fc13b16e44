"""The milestone “back to normal” is reached from the curve, once, never by a closing, never in a drill."""

from datetime import timedelta

import pytest

from agency.models import Client, User
from clients.models import CollectorRun, Source
from incidents.models import Incident, Milestone, Outlook
from incidents.services import back_to_normal, incidents, watch
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

HOUR = timedelta(hours=1)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def struck(lead: User) -> Incident:
    """A hundred accounts in an hour and a half, after three quiet weeks; confirmed; nothing was foreseen."""
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    watch.look(now=NOW)
    factories.strike(heard_by, NOW, accounts=100, minutes=90)
    watch.look(now=NOW + timedelta(minutes=20))
    at = NOW + timedelta(minutes=30)
    return incidents.confirm(
        incident=Incident.objects.get(), title="Meute", lead=lead, answers=ANSWERS, by=lead, now=at
    )


def normal() -> Milestone | None:
    return Milestone.objects.filter(kind__code="normal").first()


def test_it_is_reached_without_any_outlook_and_once(struck: Incident) -> None:
    assert back_to_normal.reach_due(now=NOW + 7 * HOUR) == 0
    assert back_to_normal.reach_due(now=NOW + 9 * HOUR) == 1
    row = normal()
    assert row is not None
    assert (row.reached_at, row.by, Outlook.objects.count()) == (struck.started_at + 2 * HOUR, None, 0)
    assert "Six heures de suite" in row.note
    assert back_to_normal.reach_due(now=NOW + 30 * HOUR) == 0
    assert Milestone.objects.get(kind__code="normal").reached_at == row.reached_at


def test_closing_it_by_mistake_does_not_make_it_normal(struck: Incident) -> None:
    Incident.objects.update(state="closed", closed_at=NOW + HOUR)
    for hours in range(2, 12):
        for who in range(5):
            at = NOW + hours * HOUR + timedelta(minutes=30)
            factories.mention("Toujours là.", at, handle=f"encore{who}", heard_by=struck.signal.watch)  # type: ignore[union-attr]
    assert back_to_normal.reach_due(now=NOW + 12 * HOUR) == 0
    assert back_to_normal.reach_due(now=NOW + 20 * HOUR) == 1


def test_a_drill_what_was_set_aside_and_what_closed_long_ago_are_left(struck: Incident) -> None:
    long_ago = {"state": "closed", "closed_at": NOW - timedelta(days=8)}
    for changed in (long_ago, {"state": "dismissed"}, {"state": "proposed"}, {"state": "open", "kind": "drill"}):
        Incident.objects.update(**changed)
        assert back_to_normal.reach_due(now=NOW + 20 * HOUR) == 0, changed


def test_what_is_left_open_for_a_month_is_no_longer_counted(struck: Incident) -> None:
    assert back_to_normal.reach_due(now=struck.started_at + timedelta(days=30)) == 0
    assert back_to_normal.reach_due(now=struck.started_at + timedelta(days=29)) == 1


def test_an_incident_opened_by_hand_over_a_calm_curve_never_comes_back(lead: User) -> None:
    factories.watch()
    incidents.open_by_hand(
        brand=factories.brand(), title="Courrier", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    assert back_to_normal.reach_due(now=NOW + 20 * HOUR) == 0


@pytest.mark.parametrize("is_another_dead", [False, True])
def test_a_source_that_fell_silent_keeps_it_from_being_called_normal(struck: Incident, is_another_dead: bool) -> None:
    outcomes = [(factories.mention("x", NOW).source, (0, "read"), (1, "read"), (3, "failed"), (19, "failed"))]
    if is_another_dead:  # since long ago: it hides nothing of the one that fell silent
        outcomes.append((Source.objects.create(name="Morte", kind="api"), (-9, "failed"), (0, "failed"), (19, "held")))
    for source, *turns in outcomes:
        for hours, outcome in turns:
            at = NOW + hours * HOUR
            CollectorRun.objects.create(source=source, started_at=at, finished_at=at, outcome=outcome)
    assert back_to_normal.reach_due(now=NOW + 20 * HOUR) == 0
