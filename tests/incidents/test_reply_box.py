"""The mailbox of the answers: a real SMTP server takes the alert, a real IMAP server holds what is answered."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from agency import outgoing
from agency.calling import Exchange
from agency.models import Client, ReplyBox
from agency.selectors.reply_box import of_now
from clients.listening.collectors.mailbox.taking import Came, Taken
from clients.listening.words import Words
from incidents import tasks
from incidents.models import Alert, Incident, Reply
from incidents.services import calls, replies, reply_box
from tests import dovecot
from tests.agency.test_reply_tickets import BOX
from tests.conftest import NOW, MakePerson
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.incidents.ladders import AGENCY, ladder, night, proposal
from tests.incidents.mailbox import Mailbox, mailbox
from tests.incidents.mails import bounce, reply

SOON = NOW + timedelta(minutes=1)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.serving() as running:
        yield running


@pytest.fixture
def folder(server: Dovecot, settings: Settings, request: pytest.FixtureRequest) -> str:
    """A folder of its own, named in the settings."""
    name = f"Reponses{abs(hash(request.node.name))}"
    settings.REPLIES_ADDRESS = "reponses@agence.example"
    settings.REPLIES_BOX = {**BOX, "port": server.port, "user": USER, "password": PASSWORD, "folder": name}
    server.deliver(folder=name)
    return name


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Mailbox]:
    with mailbox() as opened:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", opened.port
        yield opened


@pytest.fixture
def alert(aldane: Client, person: MakePerson, folder: str, smtp: Mailbox) -> Callable[[], EmailMessage]:
    """The mail of the alert as the server took it."""
    ladder(*AGENCY)
    night(aldane, person)
    proposal()
    for one in calls.due(now=NOW):
        calls.make(call_id=one, telephone=Exchange(), now=NOW)
    return lambda: smtp.received[-1]


def read(at=SOON) -> int:
    return reply_box.read(http=outgoing.own_door(), now=at)


def box() -> ReplyBox:
    return ReplyBox.objects.get()


def test_the_alert_is_answered_to_the_mailbox_and_stays_from_the_house(
    alert: Callable[[], EmailMessage], smtp: Mailbox
) -> None:
    mail = alert()
    assert str(mail["Reply-To"]).startswith("reponses+a")
    assert "rempart@" in str(mail["From"])
    assert smtp.senders[-1] == str(mail["Reply-To"])  # what cannot be delivered comes back there
    assert str(mail["Message-ID"]).startswith(f"<{str(mail['Reply-To']).partition('+')[2].partition('@')[0]}.")


def test_a_reply_is_read_once_and_stays_unread_in_its_mailbox(
    alert: Callable[[], EmailMessage], server: Dovecot, folder: str
) -> None:
    server.deliver(reply(str(alert()["Reply-To"])), reply("autre@agence.example", "Promo"), folder=folder)
    assert (read(), read(SOON + timedelta(seconds=15))) == (1, 0)
    assert (Alert.objects.get().how, Reply.objects.count(), server.unread(folder)) == ("reply", 1, 2)
    assert (box().error, box().answered_at, box().read_at) == ("", SOON, SOON + timedelta(seconds=15))


def test_the_clockwork_reads_it(alert: Callable[[], EmailMessage], server: Dovecot, folder: str) -> None:
    server.deliver(reply(str(alert()["Reply-To"])), folder=folder)
    assert tasks.read_answers_everywhere() == 1
    assert Alert.objects.get().state == "answered"


def test_after_a_crash_in_the_middle_it_is_read_again_and_done_once(
    alert: Callable[[], EmailMessage], server: Dovecot, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(reply(str(alert()["Reply-To"]), "Un."), reply(str(alert()["Reply-To"]), "Deux."), folder=folder)

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(reply_box, "_moved_on", killed)  # the power goes between the last act and the cursor
        read()
    assert of_now(SOON + timedelta(minutes=6)).is_worrying  # the first reading of all has not ended
    lines = Incident.objects.get().entries.count()
    assert read(SOON + timedelta(seconds=30)) == 0  # its claim still holds
    assert read(SOON + reply_box.CLAIM) == 2
    assert not of_now(SOON + timedelta(minutes=6)).is_worrying
    assert (Incident.objects.get().entries.count(), Reply.objects.count()) == (lines, 2)


def test_a_mail_on_which_we_stumble_is_tried_again_and_blocks_no_other(
    alert: Callable[[], EmailMessage], server: Dovecot, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = str(alert()["Reply-To"])
    server.deliver(reply(to, "Boum."), reply(to, "Je prends."), folder=folder)
    honest = replies.take

    def stumbles(**given) -> Reply | None:
        if given["mail"].written == "Boum.":
            raise RuntimeError("boum")
        return honest(**given)

    with monkeypatch.context() as broken:
        broken.setattr(replies, "take", stumbles)
        assert [read(SOON + timedelta(seconds=15 * turn)) for turn in range(3)] == [1, 0, 0]
        assert box().again == {"1": 3}
    assert read(SOON + timedelta(minutes=2)) == 1
    assert (box().again, Reply.objects.count()) == ({}, 2)


def test_what_was_not_reached_when_the_reading_broke_off_is_still_read_again(aldane: Client) -> None:
    row = ReplyBox.objects.create(of="x", since=NOW.date(), uidvalidity=1, again={"3": 2, "7": 1})
    broken = Taken(1, 9, mails=[Came(3, None, reply("autre@agence.example"))], trouble=Words("coupé", "cut"))
    reply_box._all_taken(row, broken, NOW)
    assert box().again == {"7": 1}
    reply_box._all_taken(box(), Taken(1, 9), SOON)  # it was no longer in the folder
    assert box().again == {}


def test_what_was_delivered_twice_is_one_answer(
    alert: Callable[[], EmailMessage], server: Dovecot, folder: str
) -> None:
    content = reply(str(alert()["Reply-To"]))
    server.deliver(content, b"Received: by alias.example\r\n" + content, folder=folder)
    read()
    assert Reply.objects.count() == 1


def test_a_folder_made_anew_is_read_again_without_doing_anything_twice(
    alert: Callable[[], EmailMessage], server: Dovecot, folder: str
) -> None:
    content = reply(str(alert()["Reply-To"]))
    server.deliver(content, folder=folder)
    read()
    server.remove(folder)
    server.deliver(content, bounce("x@agence.example"), folder=folder)
    read(SOON + timedelta(minutes=1))
    assert (Reply.objects.count(), box().uid) == (1, 2)


def test_a_mail_of_five_megabytes_answers_and_costs_a_piece_of_it(
    alert: Callable[[], EmailMessage], server: Dovecot, folder: str
) -> None:
    head = (
        f"From: lea@rempart.test\r\nTo: {alert()['Reply-To']}\r\nSubject: Re: x\r\n"
        "Message-ID: <lourd-1234567890@a.fr>\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nJe prends.\r\n'
        '--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\n'
    )
    server.deliver(head.encode() + b"QUJD\r\n" * 900_000 + b"--x--\r\n", folder=folder)
    assert read() == 1
    assert Incident.objects.get().entries.filter(text__contains="Je prends.").exists()


def test_a_wrong_password_is_said_in_both_languages_and_not_insisted_on(
    alert: Callable[[], EmailMessage], settings: Settings
) -> None:
    settings.REPLIES_BOX = {**settings.REPLIES_BOX, "password": "faux"}
    assert read() == 0
    assert ("mot de passe" in box().error, "password" in box().error_en) == (True, True)
    read(SOON + timedelta(minutes=1))
    assert (box().tried_at, box().failing_since) == (SOON, SOON)
    read(SOON + reply_box.AFTER_A_REFUSAL)
    assert (box().tried_at, box().failing_since) == (SOON + reply_box.AFTER_A_REFUSAL, SOON)


def test_a_mailbox_that_is_down_changes_nothing_for_the_calls(
    alert: Callable[[], EmailMessage], settings: Settings, smtp: Mailbox
) -> None:
    settings.REPLIES_BOX = {**settings.REPLIES_BOX, "port": 1}
    assert read() == 0
    for one in calls.due(now=NOW + timedelta(minutes=5)):
        calls.make(call_id=one, telephone=Exchange(), now=NOW + timedelta(minutes=5))
    assert len(smtp.received) == 2


def test_without_a_mailbox_nothing_is_asked(aldane: Client) -> None:
    assert read() == 0
    assert not ReplyBox.objects.exists()


def test_a_server_that_lets_only_its_own_sender_through_still_takes_the_alert(
    aldane: Client, person: MakePerson, folder: str, smtp: Mailbox
) -> None:
    smtp.answers = ["553 5.7.1 Sender address rejected: not owned by user"]
    ladder(*AGENCY)
    night(aldane, person)
    proposal()
    for one in calls.due(now=NOW):
        calls.make(call_id=one, telephone=Exchange(), now=NOW)
    assert (len(smtp.received), smtp.senders[-1].startswith("rempart@")) == (1, True)
    assert str(smtp.received[0]["Reply-To"]).startswith("reponses+a")
