"""The mail catcher: what was accepted is kept, shown as text, and never run."""

import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from reports.demo.mail import Letterbox, catcher, pages_of
from reports.demo.pages import Asked


@pytest.fixture
def letterbox(tmp_path: Path) -> Letterbox:
    return Letterbox(tmp_path / "mail")


@pytest.fixture
def smtp_port(letterbox: Letterbox) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = catcher(letterbox, port)
    controller.start()
    yield port
    controller.stop()


def send(port: int, subject: str, text: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@rempart.test", "claire@aldane.example", subject
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as server:
        server.send_message(message)


def test_a_mail_that_left_can_be_read(letterbox: Letterbox, smtp_port: int) -> None:
    send(smtp_port, "Point nº 1 · à 21 h", "Bonjour Claire,\n\nRien à décider.\n")
    (caught,) = Letterbox(letterbox.folder).newest()
    assert (caught.to, caught.subject) == ("claire@aldane.example", "Point nº 1 · à 21 h")
    assert "Rien à décider." in caught.text


def test_the_pages_escape_what_a_mail_says(letterbox: Letterbox, smtp_port: int) -> None:
    send(smtp_port, "<script>alert(1)</script>", "<img src=x onerror=alert(2)>")
    site = pages_of(letterbox)
    for path in ("/", f"/messages/{letterbox.newest()[0].name}"):
        shown = site(Asked("GET", path)).body.decode()
        assert "&lt;" in shown
        assert "<script>alert" not in shown
        assert "<img" not in shown


def test_an_unknown_message_is_a_404(letterbox: Letterbox) -> None:
    site = pages_of(letterbox)
    assert site(Asked("GET", "/messages/../../etc/passwd")).status == 404
    assert "/messages/" not in site(Asked("GET", "/")).body.decode()


def test_the_newest_mail_comes_first(letterbox: Letterbox) -> None:
    for subject in (b"un", b"deux"):
        letterbox.keep(b"Subject: " + subject + b"\n\ntexte\n")
    assert [caught.subject for caught in letterbox.newest()] == ["deux", "un"]
