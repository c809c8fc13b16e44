"""Whatever the order of acts, an incident goes only where it may, always with somebody, and its log stays whole."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.models import Client, User
from incidents.choices import TRANSITIONS, IncidentState
from incidents.models import Incident
from incidents.services import claims, incidents, nature, timeline
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

ACTS = ("claim", "confirm", "assess", "hand_lead", "describe", "close", "reopen", "dismiss", "take_up", "log")


@pytest.fixture
def people(aldane: Client, person: MakePerson) -> tuple[User, ...]:
    """A director, a lead, a CM, and somebody of the client's who may run nothing."""
    return person("director"), person("lead", aldane), person("cm", aldane), person("reader", aldane)


def proposed() -> Incident:
    return Incident.objects.create(number=1, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW)


def do(act: str, incident: Incident, by: User, minutes: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    given: dict[str, dict[str, Any]] = {
        "confirm": {"title": "Meute", "lead": by, "answers": ANSWERS},
        "assess": {"answers": ANSWERS},
        "hand_lead": {"lead": by},
        "describe": {"nature": nature.Nature("legal", "", f"Fin {minutes}")},
        "close": {"note": "Retenu.", "unmet": "Tout est calme."},
        "reopen": {"reason": "Encore."},
        "dismiss": {"reason": "Rien."},
        "log": {"kind": "fact", "text": "Vu", "happened_at": now},
    }
    module = {"claim": claims, "describe": nature, "log": timeline}.get(act, incidents)
    getattr(module, act)(incident=incident, by=by, now=now, **given.get(act, {}))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3)), max_size=14))
def test_no_order_of_acts_leaves_the_table(people: tuple[User, ...], acts: list[tuple[str, int]]) -> None:
    with transaction.atomic():
        incident, state, logged = proposed(), "proposed", 0
        for minutes, (act, who) in enumerate(acts):
            try:
                with transaction.atomic():
                    do(act, Incident.objects.get(pk=incident.pk), people[who], minutes)
            except Refused:
                assert Incident.objects.get(pk=incident.pk).state == state
            found = Incident.objects.get(pk=incident.pk)
            assert found.state == state or found.state in TRANSITIONS[state]
            assert found.state != "open" or (found.lead_id and found.severity and found.exit_criteria)
            assert found.lead_id != people[3].pk
            assert found.state == state or found.entries.count() > logged
            state, logged = found.state, found.entries.count()
        assert timeline.broken_links(incident) == []
        transaction.set_rollback(True)


def test_what_was_never_confirmed_is_not_opened_again_nor_what_was_closed_confirmed(people: tuple[User, ...]) -> None:
    incident = claims.claim(incident=proposed(), by=people[1], now=NOW)
    with pytest.raises(Refused, match="wrong_move"):
        do("reopen", incident, people[1], 1)
    for act in ("confirm", "close"):
        do(act, incident, people[1], 2)
    with pytest.raises(Refused, match="wrong_move"):
        do("confirm", incident, people[1], 3)
    assert Incident.objects.get().state == "closed"


@pytest.mark.parametrize("state", IncidentState.values)
def test_the_stock_pages_and_the_api_change_no_state(
    visit: Any, aldane: Client, people: tuple[User, ...], state: str
) -> None:
    incident, desk = proposed(), visit(people[0], aldane)
    for method in ("post", "put", "patch", "delete"):
        for path in (f"/agence/incidents/incident/{incident.pk}/change/", f"/api/v1/incidents/{incident.number}"):
            assert getattr(desk, method)(path, {"state": state}).status_code in {302, 401, 403, 404, 405}
    assert Incident.objects.get().state == "proposed"


def test_nothing_opens_without_a_lead_even_by_a_query(aldane: Client) -> None:
    proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.update(state="open")
