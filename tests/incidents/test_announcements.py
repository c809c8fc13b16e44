"""What a client's tools are told of an incident: in order, as documented, and never what stays in the house."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django_tenants.utils import schema_context
from jsonschema import Draft202012Validator

from agency.models import Client, User
from clients.models import WebhookDelivery, WebhookEvent
from clients.services import webhooks
from clients.services.webhook_sending import event_of
from clients.webhook_events import CODES, LONGEST_BODY, body_of
from clients.webhook_schemas import message_schema
from incidents.models import Incident, SituationReport
from incidents.services import incidents, nature, restriction, situation_reports
from incidents.services.nature import Nature
from incidents.services.refusals import Refused
from reports.services import reports
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture(autouse=True)
def _a_tool(aldane: Client, person: MakePerson) -> None:
    webhooks.make(client=aldane, url="https://outil.example/", events=CODES, by=person("director"), now=NOW)


def opened(lead: User, **more: str) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW, **more
    )


def told() -> list[str]:
    return list(WebhookEvent.objects.filter(withheld_at__isnull=True).order_by("id").values_list("kind", flat=True))


def report_on(incident: Incident, lead: User) -> SituationReport:
    return situation_reports.issue(
        incident=incident, bottom_line="Nous répondons aux SECRETS.", expected="", done="", do_not="", figures=[],
        next_at=LATER, is_last=False, contacts=[], by=lead, now=NOW,
    )  # fmt: skip


def test_a_whole_incident_is_told_in_its_order_and_as_the_document_says(lead: User) -> None:
    incident = opened(lead)
    incidents.assess(incident=incident, answers=ANSWERS, by=lead, now=NOW)
    nature.describe(incident=incident, nature=Nature("outage", "accident", "Le site répond."), by=lead, now=NOW)
    report_on(incident, lead)
    closed = incidents.close(incident=incident, note="Rien à en dire.", unmet="Calme.", by=lead, now=LATER)
    draft = reports.draft(incident=closed, now=LATER)
    reports.publish(report=draft, by=lead, now=LATER)
    incidents.reopen(incident=closed, reason="Cela reprend.", by=lead, now=LATER)
    assert told() == [
        "incident.opened", "incident.updated", "incident.updated", "situation_report.issued", "incident.closed",
        "report.published", "incident.reopened",
    ]  # fmt: skip
    for event in WebhookEvent.objects.all():
        body = body_of(event_of(event), "maison_aldane")
        Draft202012Validator(message_schema(event.kind)).validate(json.loads(body))
        assert len(body.encode()) < LONGEST_BODY


def test_neither_words_of_a_report_nor_notes_nor_people_are_told(lead: User) -> None:
    incident = opened(lead)
    report_on(incident, lead)
    incidents.close(incident=incident, note="Note interne.", unmet="Calme.", by=lead, now=LATER)
    said = json.dumps([event.facts for event in WebhookEvent.objects.all()], ensure_ascii=False)
    assert not any(secret in said for secret in ("SECRETS", "Note interne", lead.full_name, lead.email))


def test_of_a_restricted_incident_nothing_is_told(lead: User) -> None:
    incident = opened(lead, restricted_because="Une personne est en cause.")
    incidents.assess(incident=incident, answers={**ANSWERS, "harm": "yes"}, by=lead, now=NOW)
    report_on(incident, lead)
    assert told() == []


def test_what_had_not_left_when_it_was_restricted_stays_here_and_opened_up_it_is_told_again(lead: User) -> None:
    incident = opened(lead)
    restriction.restrict(incident=incident, reason="Une personne est en cause.", by=lead, now=NOW)
    assert told() == []
    assert WebhookEvent.objects.filter(withheld_at=NOW).count() == 1
    restriction.open_up(incident=incident, reason="Chacun le sait.", by=lead, now=LATER)
    assert told() == ["incident.updated"]


def test_a_drill_is_not_told_to_who_did_not_ask_for_drills(lead: User) -> None:
    incident = opened(lead)
    WebhookDelivery.objects.all().delete()
    Incident.objects.filter(pk=incident.pk).update(kind="drill")
    incidents.close(incident=Incident.objects.get(), note="Fini.", unmet="Calme.", by=lead, now=LATER)
    assert not WebhookDelivery.objects.exists()


def test_what_is_undone_is_not_told(lead: User) -> None:
    incident = opened(lead)
    before = told()
    with pytest.raises(Refused), transaction.atomic():
        incidents.close(incident=incident, note="Fini.", unmet="Calme.", by=lead, now=LATER)
        incidents.assess(incident=incident, answers=ANSWERS, by=lead, now=LATER)
    assert told() == before


def test_another_clients_tools_hear_nothing(lead: User, tramontel: Client) -> None:
    opened(lead)
    with schema_context(tramontel.schema_name):
        assert not WebhookEvent.objects.exists()
