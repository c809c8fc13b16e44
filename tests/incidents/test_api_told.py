"""Signals, situation reports and briefings over REST: what left, and to whom only with the scope for it."""

import pytest

from agency.models import Client, User
from incidents.models import Briefing, Incident, Signal, SituationReport
from incidents.services import incidents, restriction
from tests import factories
from tests.api import Ask, asking
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

SCOPES = ["signals:read", "briefings:read"]


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def ask(aldane: Client, lead: User) -> Ask:
    return asking(aldane, lead, SCOPES)


@pytest.fixture
def incident(lead: User) -> Incident:
    """An open one that came from a signal, of which a report went to a contact."""
    signal = Signal.objects.create(
        watch=factories.watch(), started_at=NOW, detected_at=NOW, raised_at=NOW, observed=31, expected=4.5,
        window_minutes=20, reasons={"fr": ["31 comptes"], "en": ["31 accounts"]},
    )  # fmt: skip
    made = incidents.open_by_hand(
        brand=signal.watch.brand, title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    Incident.objects.update(signal=signal)
    report = SituationReport.objects.create(
        incident=made, number=1, severity=3, bottom_line="Ça monte", issued_at=NOW, next_at=NOW, by=lead
    )
    Briefing.objects.create(
        incident=made, situation_report=report, contact=factories.contact(), email="claire@aldane.test",
        subject="Point n° 1", body="https://x/lu/secret/", state="sent", due_at=NOW, sent_at=NOW, by=lead,
        created_at=NOW,
    )  # fmt: skip
    return Incident.objects.get()


def test_a_signal_is_read_with_its_reasons(ask: Ask, incident: Incident) -> None:
    (row,) = ask("signals").json()["results"]
    assert (row["accounts"], row["usual"], row["incident"]) == (31, 4.5, 1)
    assert row["reasons"] == {"fr": ["31 comptes"], "en": ["31 accounts"]}


def test_a_proposal_is_not_told_as_an_incident(ask: Ask, incident: Incident) -> None:
    Incident.objects.update(state="proposed")
    assert ask("signals").json()["results"][0]["incident"] is None


def test_a_situation_report_is_read_as_it_was_issued(ask: Ask, incident: Incident, lead: User) -> None:
    (row,) = ask("situation-reports").json()["results"]
    assert (row["incident"], row["number"], row["bottom_line"], row["by"]) == (1, 1, "Ça monte", lead.full_name)


def test_a_message_is_told_without_its_link_and_without_its_recipient(ask: Ask, incident: Incident) -> None:
    answer = ask("briefings")
    (row,) = answer.json()["results"]
    assert (row["subject"], row["situation_report"], row["state"], row["to"]) == ("Point n° 1", 1, "sent", None)
    assert "claire" not in answer.content.decode() and "secret" not in answer.content.decode()


def test_contacts_are_named_to_a_key_that_may_read_them(aldane: Client, lead: User, incident: Incident) -> None:
    (row,) = asking(aldane, lead, [*SCOPES, "contacts:read"])("briefings").json()["results"]
    assert row["to"]["email"] == "claire@aldane.test"


def test_nothing_of_a_restricted_incident_is_there(ask: Ask, incident: Incident, lead: User) -> None:
    restriction.restrict(incident=incident, reason="Secret", by=lead, now=NOW)
    assert [ask(path).json()["results"] for path in ("signals", "situation-reports", "briefings")] == [[], [], []]
