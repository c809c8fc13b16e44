"""A watch replayed before it is trusted."""

from datetime import timedelta

import pytest
import time_machine

from agency.models import Client
from clients.models import Watch
from incidents.selectors.replay import replay_of
from tests import factories
from tests.conftest import NOW, MakePerson


@pytest.fixture
def heard_by(aldane: Client) -> Watch:
    return factories.watch()


def test_the_strike_of_last_week_would_have_fired_and_the_rates_stand_side_by_side(heard_by: Watch) -> None:
    factories.quiet_weeks(heard_by, NOW)
    factories.strike(heard_by, NOW)
    replay = replay_of(heard_by, NOW + timedelta(days=7))
    assert len(replay.fired) == 1
    assert NOW < replay.fired[0].at <= NOW + timedelta(minutes=20)
    assert [rate.per_month for rate in replay.rates] == [0.5, 1.0, 2.0, 4.0]
    assert [rate.per_month for rate in replay.rates if rate.is_current] == [1.0]


def test_what_fired_before_the_thirty_days_is_not_shown(heard_by: Watch) -> None:
    factories.quiet_weeks(heard_by, NOW)
    factories.strike(heard_by, NOW)
    assert replay_of(heard_by, NOW + timedelta(days=31)).fired == ()


def test_the_page_says_when_and_why_and_that_there_is_nothing_yet(
    heard_by: Watch, visit: object, person: MakePerson, aldane: Client
) -> None:
    with time_machine.travel(NOW + timedelta(days=7), tick=False):
        page = visit(person("lead", aldane), aldane)  # type: ignore[operator]
        address = f"/agence/veilles/{heard_by.pk}/rejouer/"
        assert "empty-state" in page.get(address).content.decode()
        factories.quiet_weeks(heard_by, NOW)
        factories.strike(heard_by, NOW)
        shown = page.get(address).content.decode()
    assert "comptes en" in shown or "auteurs en" in shown
    assert "attaque" in shown
