"""A message is read when its contact says so by its own link, or when the team notes it; one reminder at most."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from agency import links
from agency.mail import NotAccepted
from agency.models import Client, User
from clients.models import Contact
from incidents.choices import BriefingState
from incidents.models import Alert, AlertCall, Briefing, Incident
from incidents.selectors import told
from incidents.services import acknowledgements, briefings, calls, incidents
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.letters import Letters
from tests.incidents.test_incidents import ANSWERS
from tests.incidents.test_situation_reports import issue

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def opened(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


@pytest.fixture
def claire() -> Contact:
    return factories.contact()


@pytest.fixture
def post() -> Letters:
    return Letters()


@pytest.fixture
def sent(opened: Incident, lead: User, claire: Contact, post: Letters) -> Briefing:
    issue(opened, lead, contacts=[claire], expected="Valider P-07.", next_at=NOW + timedelta(hours=3))
    found = briefings.send(briefing_id=Briefing.objects.get().pk, post=post, now=NOW)
    assert found is not None
    return found


def test_the_message_carries_a_link_that_our_database_does_not_keep(sent: Briefing, post: Letters) -> None:
    (_to, _subject, body) = post.sent[0]
    assert re.search(r"https?://\S+/lu/\S+/", body)
    assert "/lu/" not in sent.body


def test_reading_is_said_once_and_logged_with_its_hour(sent: Briefing) -> None:
    acknowledgements.acknowledge(briefing=sent, now=NOW)
    acknowledgements.acknowledge(briefing=sent, now=LATER)
    sent.refresh_from_db()
    assert sent.acknowledged_at == NOW
    assert sent.incident.entries.filter(text__startswith="Claire Marchand").count() == 1


def test_unread_when_something_is_expected_it_is_asked_again_once(sent: Briefing, post: Letters) -> None:
    assert acknowledgements.due(now=NOW) == []
    assert acknowledgements.due(now=LATER) == [sent.pk]
    assert [acknowledgements.remind(briefing_id=sent.pk, post=post, now=LATER) for _ in range(2)] == [True, False]
    assert acknowledgements.due(now=LATER + timedelta(days=1)) == []
    assert [to for to, _subject, _body in post.sent] == ["claire@aldane.test"] * 2


def test_read_it_is_not_asked_again(sent: Briefing, post: Letters) -> None:
    acknowledgements.acknowledge(briefing=sent, now=NOW)
    assert acknowledgements.due(now=LATER) == []
    assert not acknowledgements.remind(briefing_id=sent.pk, post=post, now=LATER)


def test_nothing_expected_nothing_is_asked_again(opened: Incident, lead: User, claire: Contact, post: Letters) -> None:
    issue(opened, lead, contacts=[claire])
    briefings.send(briefing_id=Briefing.objects.get().pk, post=post, now=NOW)
    assert acknowledgements.due(now=LATER) == []


def test_a_busy_server_is_tried_again_and_one_that_refuses_is_said(sent: Briefing, post: Letters) -> None:
    post.busy = {sent.email}
    acknowledgements.remind(briefing_id=sent.pk, post=post, now=LATER)
    assert acknowledgements.due(now=LATER + timedelta(minutes=2)) == [sent.pk]
    post.busy, post.refused = set(), {sent.email}
    acknowledgements.remind(briefing_id=sent.pk, post=post, now=LATER + timedelta(minutes=2))
    assert "550" in sent.incident.entries.order_by("-number")[0].text


def test_the_team_notes_that_somebody_said_so_and_takes_it_back(sent: Briefing, lead: User) -> None:
    noted = acknowledgements.acknowledge(briefing=sent, now=NOW, by=lead)
    assert noted.acknowledgement_noted_by == lead
    assert acknowledgements.take_back(briefing=sent, by=lead, now=NOW).acknowledged_at is None


def test_what_the_contact_said_is_not_taken_back(sent: Briefing, lead: User) -> None:
    acknowledgements.acknowledge(briefing=sent, now=NOW)
    with pytest.raises(Refused, match="not_noted"):
        acknowledgements.take_back(briefing=sent, by=lead, now=NOW)


def test_nobody_can_have_read_what_has_not_left(sent: Briefing, lead: User) -> None:
    sent.state = BriefingState.DUE
    with pytest.raises(Refused, match="not_sent"):
        acknowledgements.acknowledge(briefing=sent, now=NOW, by=lead)


def test_who_was_told_is_listed_by_person_with_what_stays_unread(sent: Briefing, opened: Incident) -> None:
    (person,) = told.who_was_told(opened, LATER)
    assert (person.contact.name, person.last.unread_for) == ("Claire Marchand", timedelta(hours=2))
    assert told.who_was_told(opened, NOW)[0].last.unread_for is None


def calling(incident: Incident, *contacts: Contact) -> Alert:
    """An alert under way that has called the first contact and will call the others."""
    alert = Alert.objects.create(incident=incident, matter="confirmed", severity=1, started_at=NOW, remind_at=LATER)
    for place, one in enumerate(contacts, 1):
        state = "due" if place > 1 else "sent"
        AlertCall.objects.create(alert=alert, place=place, target="contact", contact=one, due_at=LATER, state=state)
    return alert


def test_who_reads_the_report_while_the_alert_calls_them_answers_it(sent: Briefing, claire: Contact) -> None:
    alert = calling(sent.incident, claire, factories.contact(name="Paul", email="paul@aldane.test"))
    acknowledgements.acknowledge(briefing=sent, now=LATER)
    alert.refresh_from_db()
    assert (alert.state, alert.answered_contact, alert.how, alert.ended_at) == ("answered", claire, "report", LATER)
    assert calls.due(now=LATER) == []
    assert sent.incident.entries.filter(kind="action", text__startswith="Claire Marchand", text__contains="1").exists()


@pytest.mark.parametrize("act", ["read", "noted", "taken back", "refused"])
def test_the_incident_is_held_before_its_message_whoever_acts(sent: Briefing, lead: User, act: str) -> None:
    if act == "taken back":
        acknowledgements.acknowledge(briefing=sent, by=lead, now=LATER)
    with CaptureQueriesContext(connection) as asked:
        if act == "refused":
            briefings._not_sent(sent, NotAccepted("550", is_passing=False), LATER)
        elif act == "taken back":
            acknowledgements.take_back(briefing=sent, by=lead, now=LATER)
        else:
            acknowledgements.acknowledge(briefing=sent, by=lead if act == "noted" else None, now=LATER)
    held = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"] or one["sql"].startswith("UPDATE")]
    assert 'FROM "incidents_incident"' in held[0] and any("incidents_briefing" in sql for sql in held)


def test_who_said_no_to_the_alert_does_not_answer_it_by_reading(sent: Briefing, claire: Contact) -> None:
    alert = calling(sent.incident, claire, factories.contact(name="Paul", email="paul@aldane.test"))
    alert.calls.filter(contact=claire).update(declined_at=NOW)
    acknowledgements.acknowledge(briefing=sent, now=LATER)
    alert.refresh_from_db()
    assert (alert.state, len(calls.due(now=LATER))) == ("calling", 1)


def test_who_is_not_called_or_did_not_say_so_themselves_leaves_the_ladder_alone(
    sent: Briefing, claire: Contact, lead: User
) -> None:
    alert = calling(sent.incident, claire)
    acknowledgements.acknowledge(briefing=sent, by=lead, now=LATER)
    Briefing.objects.update(acknowledged_at=None, acknowledgement_noted_by=None)
    AlertCall.objects.update(contact=factories.contact(name="Paul", email="paul@aldane.test"))
    acknowledgements.acknowledge(briefing=sent, now=LATER)
    alert.refresh_from_db()
    assert alert.state == "calling" and calls.due(now=LATER) == []


def test_a_link_withdrawn_is_worth_nothing_and_a_reminder_leaves_with_another(
    sent: Briefing, lead: User, post: Letters
) -> None:
    acknowledgements.withdraw_link(briefing=sent, by=lead, now=NOW)
    acknowledgements.remind(briefing_id=sent.pk, post=post, now=LATER)
    first, second = (body.split("/lu/")[1].split("/")[0] for _to, _subject, body in post.sent)
    with pytest.raises(links.Withdrawn):
        acknowledgements.meant_by(first, now=LATER)
    assert acknowledgements.meant_by(second, now=LATER) == sent


@pytest.mark.parametrize("changed", [{"is_active": False}, {"email": "ailleurs@aldane.test"}])
def test_it_ends_with_the_contact_or_their_address_and_says_so_calmly(
    sent: Briefing, post: Letters, aldane: Client, visit: Callable[..., Browser], changed: dict[str, object]
) -> None:
    path = "/lu/" + post.sent[0][2].split("/lu/")[1].split()[0]
    Contact.objects.update(**changed)
    assert acknowledgements.due(now=LATER) == []
    with time_machine.travel(LATER, tick=False):
        answers = [visit(None, aldane).get(path), visit(None, aldane).post(path)]
    assert [one.status_code for one in answers] == [410, 410] and "retiré" in answers[0].content.decode()
    assert Briefing.objects.get().acknowledged_at is None


def test_the_team_withdraws_it_where_the_message_is_listed(
    sent: Briefing, lead: User, aldane: Client, visit: Callable[..., Browser]
) -> None:
    browser = visit(lead, aldane)
    path = f"/agence/incidents/1/prevenir/{sent.pk}/lien/"
    assert path in browser.get("/agence/incidents/1/").content.decode()
    assert browser.post(path, follow=True).status_code == 200
    sent.refresh_from_db()
    assert sent.links_withdrawn == 1
