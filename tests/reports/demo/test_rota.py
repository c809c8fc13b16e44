"""The demo's rota is always of now: planned once, prolonged later, every hour of two weeks held."""

from datetime import timedelta

import pytest

from agency.choices import Role
from agency.models import Membership, Shift, User
from agency.selectors.rota import gaps, on_call
from reports.demo import rota
from reports.demo.cast import STAFF
from tests.conftest import NOW

WEEK = timedelta(weeks=1)


@pytest.fixture
def staff(aldane, tramontel):
    clients = {client.schema_name: client for client in (aldane, tramontel)}
    for one in STAFF:
        person = User.objects.create_user(one.email, full_name=one.full_name)
        for name in one.clients or [None]:
            Membership.objects.create(user=person, client=clients.get(name), role=Role(one.role))


@pytest.mark.parametrize("hours", range(0, 7 * 24, 11))
def test_somebody_is_on_call_at_every_hour_of_two_weeks(staff, aldane, tramontel, hours):
    begins = NOW + timedelta(hours=hours)
    rota.plan(now=begins)
    assert on_call(aldane, begins).primary
    assert gaps([aldane, tramontel], since=begins, days=14) == ()


def test_the_weeks_first_called_is_one_of_the_two(staff, aldane):
    assert rota.plan(now=NOW) == 3
    assert on_call(aldane, NOW).primary.email in rota._WHOLE_WEEK


def test_a_demo_that_goes_on_prolongs_its_rota_and_doubles_nothing(staff):
    rota.plan(now=NOW)
    before = Shift.objects.count()
    assert rota.plan(now=NOW) == 0
    assert rota.plan(now=NOW + WEEK) == 1
    assert Shift.objects.count() == before + 12


def test_without_the_people_of_the_demo_nothing_is_planned(aldane):
    assert rota.plan(now=NOW) == 0
