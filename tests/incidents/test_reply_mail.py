"""What a mail that came back is taken for: a person's answer only when nothing says otherwise."""

import time

import pytest

from incidents.choices import ReplyKind
from incidents.reply_mail import judged
from tests.incidents.mails import QUOTED, bounce, reply

TO = "reponses+a3-1f-aaaaaaaaaaaaaaaa@agence.example"


def test_a_persons_words_are_kept_without_the_quote() -> None:
    mail = judged(reply(TO, f"Je prends.\n\nLe 23/11/2026 à 22:04, Rempart a écrit :\n{QUOTED}"))
    assert (mail.kind, mail.written, mail.sender) == (ReplyKind.ANSWER, "Je prends.", "lea@rempart.test")
    assert TO in mail.addressed[0]


def test_no_alone_is_a_refusal_and_a_longer_sentence_is_not() -> None:
    assert judged(reply(TO, f"Non.\n{QUOTED}")).kind == ReplyKind.REFUSAL
    assert judged(reply(TO, "Je ne peux pas, je suis en vol.")).kind == ReplyKind.ANSWER


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation); x=y"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "vacation"},
        {"List_Id": "<liste.example>"},
        {"Return_Path": "<>"},
        {"Subject": "Réponse automatique : À prendre"},
        {"Subject": "Automatic reply: To take"},
        {"Subject": "Out of Office: to take"},
        {"Subject": "Absence du bureau"},
        {"Subject": "Absente jusqu’au 3 : À prendre"},
        {"Subject": "En congé"},
        {"Subject": "On leave until Monday"},
        {"Subject": "Bitte bestätigen Sie Ihre Adresse"},
        {"Subject": "Re: À prendre", "sender": "Léa <lea@mailinblack.example>"},
        {"sender": "no-reply@agence.example"},
        {"sender": "MAILER-DAEMON@agence.example"},
    ],
)
def test_a_machine_answers_nothing(headers: dict[str, str]) -> None:
    mail = judged(reply(TO, "Je suis absente jusqu’à lundi.", **headers))
    assert (mail.kind, mail.written) == (ReplyKind.AUTOMATIC, "")


def test_a_person_whose_program_says_that_it_is_one_is_heard() -> None:
    assert judged(reply(TO, Auto_Submitted="no")).kind == ReplyKind.ANSWER


@pytest.mark.parametrize(
    "headers",
    [{"Subject": "RE : À prendre"}, {"Subject": "Réf. : x"},
     {"Subject": "AW: x"}, {"Subject": "Fwd: x"}, {"Subject": "", "References": "<a@b>"},
     {"Subject": "Oui", "In_Reply_To": "<a@b>"}],
)  # fmt: skip
def test_whoever_presses_reply_is_a_person(headers: dict[str, str]) -> None:
    assert judged(reply(TO, "Je prends.", **headers)).kind == ReplyKind.ANSWER


def test_a_filter_that_asks_who_writes_has_read_nothing() -> None:
    asked = "Bonjour, pour que votre message arrive, cliquez ici.\nProtégé par MailInBlack"
    assert judged(reply(TO, asked)).kind == ReplyKind.AUTOMATIC
    assert judged(reply(TO, f"Je prends.\n{QUOTED}> MailInBlack")).kind == ReplyKind.ANSWER


@pytest.mark.parametrize(("action", "kind"), [("failed", "bounce"), ("delayed", "delay"), ("delivered", "receipt")])
def test_a_servers_report_says_what_became_of_the_message(action: str, kind: str) -> None:
    mail = judged(bounce(TO, action=action))
    assert (mail.kind, mail.diagnosis) == (kind, "smtp; 550 5.1.1 User unknown")


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "MAILER-DAEMON@mx.example", "Subject": "failure notice"},
        {"sender": "postmaster@mx.example", "Subject": "Undeliverable: À prendre"},
        {"sender": "postmaster@mx.example", "Subject": "Échec de la remise : À prendre"},
        {"Return_Path": "<>", "Subject": "Delivery Status Notification (Failure)"},
        {"X_Failed_Recipients": "lea@rempart.test"},
    ],
)
def test_a_report_of_an_old_server_is_one_too(headers: dict[str, str]) -> None:
    mail = judged(reply("rempart@agence.example", f"550 no such user\nMessage-ID: <{TO}>", **headers))
    assert (mail.kind, "550 no such user" in mail.diagnosis) == (ReplyKind.BOUNCE, True)
    assert TO in mail.addressed[-1]


def test_our_own_message_inside_a_report_says_which_one_it_was() -> None:
    mail = judged(bounce("rempart@agence.example", message_id="<a3-1f-aaaaaaaaaaaaaaaa.aldane.alert.51@agence>"))
    assert "a3-1f-aaaaaaaaaaaaaaaa" in mail.addressed[-1]


def test_a_read_receipt_is_no_answer() -> None:
    written = (
        reply(TO, "x", subtype="plain").replace(b"text/plain", b"multipart/report; boundary=y").partition(b"\r\n\r\n")
    )
    receipt = (
        written[0] + b"\r\n\r\n--y\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x\r\n\r\n--y--"
    )
    assert judged(receipt).kind == ReplyKind.RECEIPT
    assert judged(reply(TO, "", Subject="Lu : À prendre")).kind == ReplyKind.RECEIPT


def test_a_mail_in_html_alone_is_read() -> None:
    mail = judged(reply(TO, "<p>Je <b>prends</b>.</p><div class='gmail_quote'>x</div>", subtype="html"))
    assert (mail.kind, mail.written) == (ReplyKind.ANSWER, "Je prends.")


def test_what_is_attached_stays_where_it_is() -> None:
    content = (
        f"From: lea@rempart.test\r\nTo: {TO}\r\nSubject: RE : x\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nVoici.\r\n'
        '--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="a.png"\r\n\r\n'
    ).encode() + b"QUJD\r\n" * 40_000
    mail = judged(content)
    assert (mail.written, mail.attached) == ("Voici.", 1)


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16", "no-such-charset"])
def test_whatever_the_encoding_the_words_arrive(charset: str) -> None:
    encoded = "Je m’en charge".encode(
        "cp1252" if charset in {"windows-1252", "no-such-charset"} else charset, "replace"
    )
    head = f"From: a@b.fr\r\nTo: {TO}\r\nSubject: Re: x\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    content = head.encode() + encoded
    assert judged(content).written.replace("?", "’") == "Je m’en charge"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 10_000,
        b"To: " + b"a@b.fr, " * 20_000 + b"\r\n\r\nx",
        b"References: " + b"<x@y> " * 50_000 + b"\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + b"--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 500,
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n" + b"Action: \r\n\t" * 5_000,
        "Subject: \u202e\u2066\r\n\r\n\u202eéè".encode(),
        b"Message-ID: \x00\r\nTo: \xff\xfe\r\n\r\n\xff",
    ],
)
def test_a_hostile_mail_is_some_mail_and_soon(content: bytes) -> None:
    began = time.monotonic()
    mail = judged(content)
    assert mail.kind in ReplyKind.values
    assert "\x00" not in mail.written + mail.diagnosis + mail.sender
    assert time.monotonic() - began < 2


def test_parts_in_parts_without_end_are_a_machines_and_take_no_time() -> None:
    head = f"To: {TO}\r\n".encode()
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(900))
    began = time.monotonic()
    mail = judged((head + deep + b"x\r\n" * 70_000)[:256_000])
    assert (mail.kind, mail.written, TO in mail.addressed[0]) == (ReplyKind.AUTOMATIC, "", True)
    assert judged(head + b"In-Reply-To: <a>\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 50).kind == "answer"
    assert time.monotonic() - began < 1


def test_the_same_mail_is_known_again_and_another_is_not() -> None:
    one, other = reply(TO), reply(TO)
    assert judged(one).key == judged(b"Received: by mx\r\n" + one).key != judged(other).key
    assert len(judged(reply(TO, Message_ID="")).key) <= 64
