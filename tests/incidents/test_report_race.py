"""Two workers and two people at once: one report a token, one mail a contact, nothing written is lost."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections
from django_tenants.utils import schema_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.models import Client, Membership, User
from clients.models import Contact
from incidents.models import Briefing, Incident, SituationReport
from incidents.services import briefings, incidents, situation_reports
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.letters import Letters
from tests.incidents.test_incidents import ANSWERS

Act = Callable[[], object]


def at_once(client: Client, acts: Sequence[Act]) -> list[object]:
    """What each act returned or was refused, all begun together, each on its own connection."""
    gate, told = threading.Barrier(len(acts)), list[object]()

    def run(act: Act) -> None:
        try:
            with schema_context(client.schema_name):
                connection.set_tenant(client)
                gate.wait(timeout=20)
                told.append(act())
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def issue(incident: Incident, by: User, contacts: Sequence[Contact], token: UUID, after: int | None, text: str) -> Any:
    return situation_reports.issue(
        incident=incident, bottom_line=text, expected="", done="", do_not="", figures=[],
        next_at=NOW + timedelta(hours=1), is_last=False, contacts=contacts, by=by, now=NOW, token=token, after=after,
    )  # fmt: skip


def test_two_people_and_two_workers_at_once(committed: None) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    people = [User.objects.create_user(f"p{n}@rempart.test", full_name=f"Personne {n}") for n in (1, 2)]
    for one in people:
        Membership.objects.create(user=one, client=client, role="lead")
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        opened = incidents.open_by_hand(
            brand=factories.brand(),
            title="Meute",
            started_at=NOW,
            lead=people[0],
            answers=ANSWERS,
            by=people[0],
            now=NOW,
        )
        contacts = [factories.contact(), factories.contact("yann@aldane.test", name="Yann")]
    mine, theirs = uuid4(), uuid4()
    acts = [
        lambda: issue(opened, people[0], contacts, mine, 0, "La mienne."),
        lambda: issue(opened, people[0], contacts, mine, 0, "La mienne."),  # the same click, twice
        lambda: issue(opened, people[1], contacts, theirs, 0, "La sienne."),
    ]
    told = at_once(client, acts)
    with schema_context(client.schema_name):
        connection.set_tenant(client)
        (report,) = SituationReport.objects.all()
        same = [one for one in told if one == report]
        assert len(told) == 3 and len(same) == (2 if report.token == mine else 1)
        assert told.count("overtaken") == 3 - len(same)
        post, due = Letters(), briefings.due(now=NOW)
    at_once(client, [lambda one=one: briefings.send(briefing_id=one, post=post, now=NOW) for one in due * 2])  # type: ignore[misc]
    assert sorted(to for to, _subject, _body in post.sent) == ["claire@aldane.test", "yann@aldane.test"]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=6))
def test_whatever_the_order_there_is_one_report_a_token_and_one_message_a_contact(
    lead: User, acts: list[tuple[int, int]]
) -> None:
    """Each act sends the page of one of three tokens, having read up to so many reports."""
    opened = incidents.open_by_hand(
        brand=factories.brand(f"Marque {uuid4()}"), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead,
        now=NOW,
    )  # fmt: skip
    contact = factories.contact(f"{uuid4().hex}@aldane.test")
    tokens = [uuid4() for _ in range(3)]
    sent: set[UUID] = set()
    for which, after in acts:
        reports = SituationReport.objects.filter(incident=opened).count()
        try:
            issue(opened, lead, [contact], tokens[which], after, f"Point {which}.")
        except Refused as refusal:
            assert refusal.code == "overtaken" and after < reports and tokens[which] not in sent
        else:
            assert tokens[which] in sent or after >= reports
            sent.add(tokens[which])
    issued = SituationReport.objects.filter(incident=opened)
    assert sorted(issued.values_list("number", flat=True)) == list(range(1, len(sent) + 1))
    assert Briefing.objects.filter(incident=opened, contact=contact).count() == len(sent)
