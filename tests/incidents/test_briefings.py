"""Briefings leave through a real mail server, are tried again, and never fail in silence."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from agency.mail import SmtpPost
from agency.models import Client, User
from incidents import tasks
from incidents.choices import BriefingState
from incidents.models import Briefing, Incident
from incidents.services import briefings, incidents
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.mailbox import Mailbox, mailbox
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mailbox() as opened:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", opened.port
        yield opened


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def queued(lead: User) -> Briefing:
    opened = incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    (briefing,) = briefings.brief(
        incident=opened, contacts=[factories.contact()], subject="Meute", body="Huit comptes.", by=lead, now=NOW
    )
    return briefing


def test_a_briefing_arrives_and_says_so(queued: Briefing, box: Mailbox) -> None:
    sent = briefings.send(briefing_id=queued.pk, post=SmtpPost(), now=NOW)
    assert sent is not None and sent.state == BriefingState.SENT
    assert box.received[0]["To"] == "claire@aldane.test"
    assert "Huit comptes." in box.received[0].get_content()


def test_a_sent_briefing_is_never_sent_twice(queued: Briefing, box: Mailbox) -> None:
    briefings.send(briefing_id=queued.pk, post=SmtpPost(), now=NOW)
    assert briefings.send(briefing_id=queued.pk, post=SmtpPost(), now=NOW) is None
    assert len(box.received) == 1


def test_a_busy_server_is_tried_again_later(queued: Briefing, box: Mailbox) -> None:
    box.answers = ["451 busy", "451 busy"]
    for _ in range(3):
        at = Briefing.objects.get().due_at
        briefings.send(briefing_id=queued.pk, post=SmtpPost(), now=at)
    assert Briefing.objects.get().state == BriefingState.SENT
    assert len(box.received) == 1


def test_a_refused_address_is_said_in_the_log(queued: Briefing, box: Mailbox) -> None:
    box.answers = ["550 no such user"]
    briefings.send(briefing_id=queued.pk, post=SmtpPost(), now=NOW)
    assert Briefing.objects.get().state == BriefingState.FAILED
    assert "550" in Incident.objects.get().entries.order_by("-number")[0].text


def test_a_worker_that_dies_while_sending_leaves_the_briefing_to_the_next(queued: Briefing, box: Mailbox) -> None:
    Briefing.objects.update(claimed_until=NOW + briefings.CLAIM)
    assert briefings.due(now=NOW) == []
    later = NOW + briefings.CLAIM + timedelta(seconds=1)
    assert briefings.due(now=later) == [queued.pk]


def test_nobody_to_tell_is_refused(queued: Briefing, lead: User) -> None:
    with pytest.raises(Refused, match="nobody"):
        briefings.brief(incident=queued.incident, contacts=[], subject="x", body="y", by=lead, now=NOW)


def test_an_incident_closed_meanwhile_is_briefed_on_no_more(queued: Briefing, lead: User) -> None:
    seen = Incident.objects.get()  # the page as it was when the person began to write
    incidents.close(incident=Incident.objects.get(), note="Retombé.", unmet="Tout est calme.", by=lead, now=NOW)
    with pytest.raises(Refused, match="not_open"):
        briefings.brief(incident=seen, contacts=[queued.contact], subject="x", body="y", by=lead, now=NOW)


def test_many_contacts_fit_in_one_line_of_the_log(queued: Briefing, lead: User) -> None:
    everybody = [factories.contact(f"c{number}@aldane.test", name="Claire Marchand " * 6) for number in range(30)]
    briefings.brief(incident=queued.incident, contacts=everybody, subject="x", body="y", by=lead, now=NOW)
    assert Briefing.objects.count() == 31


def test_an_address_that_no_server_can_be_told_fails_and_is_said(queued: Briefing, box: Mailbox) -> None:
    Briefing.objects.update(email=f"claire@{'é' * 60}.fr")  # too long once written as the network writes it
    assert briefings.send(briefing_id=queued.pk, post=SmtpPost(), now=NOW) is not None
    assert Briefing.objects.get().state == BriefingState.FAILED
    assert "Claire Marchand" in Incident.objects.get().entries.order_by("-number")[0].text


def test_a_briefing_that_breaks_us_holds_no_other_back(
    queued: Briefing, lead: User, aldane: Client, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"incident": queued.incident, "subject": "Suite", "body": "Calme.", "by": lead, "now": NOW}
    briefings.brief(contacts=[queued.contact], **given)  # type: ignore[arg-type]
    whole = SmtpPost.send

    def broken(self: SmtpPost, **message: str) -> None:
        if message["subject"] == queued.subject:
            raise ZeroDivisionError
        whole(self, **message)

    monkeypatch.setattr(SmtpPost, "send", broken)
    tasks.send_due(schema_name=aldane.schema_name)
    assert [message["Subject"] for message in box.received] == ["Suite"]
