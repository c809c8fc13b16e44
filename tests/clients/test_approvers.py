"""Whether anybody could pass each step of an approval policy: judged alone, checked each night, said where it shows."""

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client as Browser

from agency.models import Client, Membership, User
from clients.approvers import Wanted, faults
from clients.models import ApprovalPolicy, PolicyStep
from clients.services import approval_policies
from incidents.selectors import alerts, readiness
from tests.conftest import NOW, MakePerson
from tests.incidents.letters import Letters

CM, LEAD, DIRECTOR, CLIENT = (frozenset({role}) for role in ("cm", "lead", "director", "approver"))


@pytest.mark.parametrize(
    ("steps", "team", "found"),
    [
        ([], {}, []),
        ([Wanted("lead")], {1: CM, 2: LEAD}, [""]),
        ([Wanted("lead")], {1: CM}, ["nobody"]),
        ([Wanted(person=7)], {1: CM}, ["gone"]),
        ([Wanted("client", needed=2)], {1: CLIENT}, ["too_few"]),
        ([Wanted("team")], {1: CM}, ["only_writer"]),
        ([Wanted("part")], {1: LEAD}, [""]),
        ([Wanted("lead"), Wanted("director")], {1: DIRECTOR}, ["", "same_people"]),
        ([Wanted("lead"), Wanted("director")], {1: DIRECTOR, 2: LEAD}, ["", ""]),
        ([Wanted("lead"), Wanted(person=1), Wanted("team")], {1: LEAD, 2: LEAD, 3: CM}, ["", "", ""]),
    ],
)
def test_a_step_that_nobody_can_pass_is_found(
    steps: list[Wanted], team: dict[int, frozenset[str]], found: list[str]
) -> None:
    assert faults(steps, team) == found


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def gone(aldane: Client, person: MakePerson, lead: User) -> PolicyStep:
    """A policy whose second step asks somebody who has left."""
    policy, who = ApprovalPolicy.objects.create(), person("cm", aldane)
    policy.steps.create(rank=1, role="lead")
    step = PolicyStep.objects.create(policy=policy, rank=2, person=who)
    Membership.objects.filter(user=who).delete()
    return step


def test_the_leads_are_told_once_and_again_only_after_it_was_well(aldane: Client, lead: User, gone: PolicyStep) -> None:
    post = Letters()
    assert [approval_policies.check_all(client=aldane, post=post, now=NOW) for _ in range(2)] == [1, 1]
    gone.refresh_from_db()
    assert [to for to, _subject, _body in post.sent] == [lead.email]
    assert gone.can_pass is False and gone.person.full_name in gone.trouble["fr"]
    back = Membership.objects.create(user=gone.person, client=aldane, role="cm")
    assert approval_policies.check_all(client=aldane, post=post, now=NOW) == 0
    back.delete()
    approval_policies.check_all(client=aldane, post=post, now=NOW)
    assert len(post.sent) == 2


def test_a_busy_mail_server_is_asked_again_the_next_night(aldane: Client, lead: User, gone: PolicyStep) -> None:
    approval_policies.check_all(client=aldane, post=Letters(busy={lead.email}), now=NOW)
    post = Letters()
    approval_policies.check_all(client=aldane, post=post, now=NOW)
    assert [to for to, _subject, _body in post.sent] == [lead.email]


def test_it_shows_on_the_ladders_page_the_desk_and_the_readiness(
    aldane: Client, lead: User, gone: PolicyStep, visit: Callable[..., Browser]
) -> None:
    User.objects.update(language="en")
    approval_policies.check_all(client=aldane, post=Letters(), now=NOW)
    with time_machine.travel(NOW, tick=False):
        paths = ("/agence/chaine-d-alerte/", "/agence/preparation/")
        pages = [visit(lead, aldane).get(path).content.decode() for path in paths]
        desk = visit(lead).get("/").content.decode()
    assert "cannot be passed" in pages[0] and gone.person.full_name in pages[0]
    assert "1 step that nobody can pass" in pages[1] and "An approval that nobody can give" in desk
    (broken,) = alerts.broken_ladders([aldane])
    assert (broken.is_approvals, broken.rungs) == (True, 1)
    assert readiness.facts_of([aldane], {}, person=lead, now=NOW)[aldane.pk].stuck_approvals == 1
