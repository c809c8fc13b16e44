"""The policy of approvals: its steps in order, nobody asked twice, one policy a brand."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser

from agency.models import Client
from clients.models import ApprovalPolicy
from tests import factories
from tests.conftest import MakePerson

PAGE = "/agence/clients/approvalpolicy/add/"


def step(number: int, **given: Any) -> dict[str, Any]:
    whole = {"rank": number + 1, "role": "", "person": "", "needed": 1, "minutes": 30, "fallback": "",
             "asks_when": "always", **given}  # fmt: skip
    return {f"steps-{number}-{name}": value for name, value in whole.items()}


def sent(*steps: dict[str, Any], brand: object = "") -> dict[str, Any]:
    typed: dict[str, Any] = {"brand": brand, "steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": 0}
    for number, one in enumerate(steps):
        typed |= step(number, **one)
    return typed


@pytest.fixture
def lead(aldane: Client, person: MakePerson, visit: Callable[..., Browser]) -> Browser:
    return visit(person("lead", aldane), aldane)


def test_a_lead_says_who_approves_in_which_order(lead: Browser) -> None:
    assert lead.post(PAGE, sent({"role": "lead"}, {"role": "client", "asks_when": "crisis"})).status_code == 302
    steps = ApprovalPolicy.objects.get().steps.order_by("rank")
    assert [(one.role, one.asks_when) for one in steps] == [("lead", "always"), ("client", "crisis")]


@pytest.mark.parametrize("steps", [(), ({},), ({"role": "lead", "needed": 0},), ({"role": "lead", "minutes": 0},)])
def test_a_policy_that_would_ask_nobody_is_refused(lead: Browser, steps: tuple[dict[str, Any], ...]) -> None:
    assert lead.post(PAGE, sent(*steps)).status_code == 200
    assert not ApprovalPolicy.objects.exists()


def test_nobody_is_asked_twice_nor_stands_in_for_themselves(lead: Browser, aldane: Client, person: MakePerson) -> None:
    one = person("cm", aldane).pk
    for steps in (({"person": one}, {"person": one}), ({"person": one, "fallback": one},)):
        assert lead.post(PAGE, sent(*steps)).status_code == 200
    assert lead.post(PAGE, sent({"person": one, "role": "lead"})).status_code == 200
    assert not ApprovalPolicy.objects.exists()


def test_one_policy_a_brand_and_one_for_the_others(lead: Browser) -> None:
    brand = factories.brand().pk
    answers = [lead.post(PAGE, sent({"role": "lead"}, brand=one)).status_code for one in ("", brand, "", brand)]
    assert answers == [302, 302, 200, 200]
