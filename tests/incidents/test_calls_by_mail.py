"""Calls through a real mail server that greylists, bounces or hangs, a real web server, and two workers at once."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context
from pytest_django import Settings

from agency.calling import APPRISE, EMAIL, Exchange, Line, fault
from agency.choices import Role
from agency.mail import NotAccepted
from agency.models import Client, Membership, User
from incidents import tasks
from incidents.models import AlertCall, Incident
from incidents.services import calls
from tests.conftest import NOW, MakePerson
from tests.incidents.ladders import AGENCY, Night, ladder, night, on_call, proposal
from tests.incidents.letters import Letters
from tests.incidents.mailbox import Mailbox, mailbox


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mailbox() as opened:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", opened.port
        yield opened


@pytest.fixture
def there(aldane: Client, person: MakePerson) -> Night:
    ladder(*AGENCY)
    made = night(aldane, person)
    proposal()
    return made


def tick(at) -> None:
    for one in calls.due(now=at):
        calls.make(call_id=one, telephone=Exchange(), now=at)


def to_whom(box: Mailbox) -> list[str]:
    return [str(one["To"]) for one in box.received]


def test_a_server_that_greylists_twice_takes_the_third_and_one_message_arrives(box: Mailbox, there: Night) -> None:
    box.answers = ["451 greylisted", "451 greylisted"]
    for seconds in (0, 30, 90, 120):
        tick(NOW + timedelta(seconds=seconds))
    assert to_whom(box) == [there.cm.email]
    assert "/alerte/" in box.received[0].get_content()


def test_a_bounce_calls_the_next_rung_at_once_and_the_log_says_it(box: Mailbox, there: Night) -> None:
    box.answers = ["550 no such mailbox", "550 no such mailbox"]
    for _look in range(3):
        tick(NOW)
    assert to_whom(box) == [there.backup.email]
    assert "550 no such mailbox" in Incident.objects.get().entries.filter(text__contains="550")[0].text


def test_a_server_that_hangs_is_left_and_the_next_rung_still_comes(settings: Settings, there: Night) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = *silent.getsockname(), 0.2
        for seconds in (0, 30, 90):
            tick(NOW + timedelta(seconds=seconds))
    first = AlertCall.objects.get(place=1)
    assert (first.state, "imed" in first.error) == ("failed", True)
    assert AlertCall.objects.get(place=2).due_at == NOW + timedelta(seconds=90)


def test_the_clockwork_makes_the_calls(box: Mailbox, there: Night, aldane: Client) -> None:
    on_call(there.cm, aldane, hours=10**5)
    AlertCall.objects.filter(place=1).update(due_at=NOW)
    tasks.call_due(schema_name=aldane.schema_name)
    assert there.cm.email in to_whom(box)


class Hook(BaseHTTPRequestHandler):
    """Keeps what is posted, and sends elsewhere whoever asks /away."""

    seen: list[dict] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", "/inside")
        else:
            Hook.seen.append(json.loads(body))
            self.send_response(200 if self.path.startswith("/ok") else 500)
        self.end_headers()

    def log_message(self, *_given: object) -> None:
        """Says nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    Hook.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class TestServices:
    """SMS and chat by apprise: named services only, public hosts only, no redirects."""

    def test_a_message_arrives_with_its_title(self, settings: Settings, hook: str) -> None:
        settings.OUTGOING_ALLOW_PRIVATE = True
        Exchange(Letters()).call(Line(APPRISE, f"{hook}/ok"), subject="À prendre", body="INC-0001", key="k")
        assert (Hook.seen[0]["title"], Hook.seen[0]["message"]) == ("À prendre", "INC-0001")

    @pytest.mark.parametrize("path", ["broken", "away"])
    def test_a_refusal_or_a_redirect_is_a_failure(self, settings: Settings, hook: str, path: str) -> None:
        settings.OUTGOING_ALLOW_PRIVATE = True
        with pytest.raises(NotAccepted) as refusal:
            Exchange(Letters()).call(Line(APPRISE, f"{hook}/{path}"), subject="À prendre", body="INC-0001", key="k")
        assert not refusal.value.is_passing

    @pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "[::1]", "169.254.169.254"])
    def test_a_private_address_is_not_visited(self, settings: Settings, host: str) -> None:
        settings.OUTGOING_ALLOW_PRIVATE = False
        with pytest.raises(NotAccepted):
            Exchange(Letters()).call(Line(APPRISE, f"jsons://{host}/x"), subject="s", body="b", key="k")

    @pytest.mark.parametrize(
        "address",
        ["", "x", "file:///etc/passwd", "dbus://", "syslog://", "mailto://a:b@c.fr", "slack://", "n" * 5000, "\x00://"],
    )
    def test_what_is_no_service_is_said_before_anything_leaves(self, settings: Settings, address: str) -> None:
        settings.OUTGOING_ALLOW_PRIVATE = False
        assert fault(Line(APPRISE, address))
        assert fault(Line(EMAIL, address))


class SlowPost(Letters):
    """Post that says when a letter is with it, and keeps it for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self.has_one = threading.Event()

    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        super().send(to=to, subject=subject, body=body, key=key)
        self.has_one.set()
        time.sleep(1)


def test_two_workers_send_one_message(committed: None) -> None:
    """The second asks for the row while the first still holds it, which is when a careless claim is given twice."""
    post = SlowPost()
    with schema_context("maison_aldane"):
        client = Client.objects.get(schema_name="maison_aldane")
        cm = User.objects.create_user("lea@rempart.test", "un mot de passe")
        Membership.objects.create(user=cm, client=client, role=Role.CM)
        on_call(cm, client)
        ladder(("on_call", 0))
        proposal()
        call = AlertCall.objects.get().pk

    def work() -> None:
        with schema_context("maison_aldane"), transaction.atomic():
            calls.make(call_id=call, telephone=Exchange(post), now=NOW)
        connection.close()

    first, second = (threading.Thread(target=work) for _ in range(2))
    first.start()
    assert post.has_one.wait(20)
    second.start()
    for one in (first, second):
        one.join(30)
    assert [to for to, _subject, _body in post.sent] == ["lea@rempart.test"]
