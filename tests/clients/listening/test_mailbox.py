"""The mailbox collector against a real dovecot."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.mailbox.collector import MESSAGES, MailboxCollector
from clients.listening.collectors.mailbox.token import access_token
from clients.listening.collectors.protocol import CollectError, Fetched, PassingFailure, PermanentFailure
from tests import dovecot
from tests.answering import Asked, Said
from tests.answering import answering as answers
from tests.dovecot import PASSWORD, USER, Dovecot

NOW = datetime.now(UTC)
_FOLDERS = count()


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.serving() as running:
        yield running


@pytest.fixture
def folder() -> str:
    return f"Veille é & {next(_FOLDERS)}"


def mail(number: int | str, text: str = "Mon drap a déteint.", **headers: str) -> bytes:
    named = {
        "From": f"Cliente {number} <cliente{number}@client.example>",
        "Subject": f"Plainte {number}",
        "Message-ID": f"<plainte-numero-{number}@client.example>",
        "Content-Type": "text/plain; charset=utf-8",
        **headers,
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items() if value)
    return f"{head}\r\n{text}\r\n".encode()


def read(
    port: int,
    cursor: dict[str, Any] | None = None,
    timeout_s: float = 10,
    tls: ssl.SSLContext | None = None,
    **settings: Any,
) -> Fetched:
    given = {"host": "127.0.0.1", "port": port, "security": "none", "user": USER, "password": PASSWORD, **settings}
    door = Door(timeout_s=timeout_s, allow_private=True, tls=tls)
    return registry.fetch("mailbox", given, cursor or {}, http=door, now=NOW)


def encoded(folder: str) -> str:
    from imap_tools.utils import encode_folder

    return encode_folder(folder).decode()


def ids(fetched: Fetched) -> list[str]:
    return [mention.external_id for mention in fetched.mentions]


def test_new_mail_is_read_once(server: Dovecot, folder: str) -> None:
    server.deliver(mail(1), mail(2), folder=encoded(folder))
    first = read(server.port, folder=folder)
    assert ids(first) == ["plainte-numero-1@client.example", "plainte-numero-2@client.example"]
    assert first.bytes > 500
    again = read(server.port, first.cursor, folder=folder)
    assert (again.mentions, again.unchanged, again.cursor) == ((), True, first.cursor)
    server.deliver(mail(3), folder=encoded(folder))
    assert ids(read(server.port, again.cursor, folder=folder)) == ["plainte-numero-3@client.example"]


def test_nothing_is_marked_as_read(server: Dovecot, folder: str) -> None:
    server.deliver(mail(1), mail(2), mail(3), folder=encoded(folder))
    assert len(read(server.port, folder=folder, subjects=["plainte"]).mentions) == 3
    assert server.unread(encoded(folder)) == 3


def test_a_folder_made_anew_is_read_again_under_the_same_names(server: Dovecot, folder: str) -> None:
    server.deliver(mail(1), mail(2), folder=encoded(folder))
    first = read(server.port, folder=folder)
    server.remove(encoded(folder))
    server.deliver(mail("neuf"), mail(2), mail(1), folder=encoded(folder))
    second = read(server.port, first.cursor, folder=folder)
    assert second.cursor["uidvalidity"] != first.cursor["uidvalidity"]
    assert set(ids(second)) == {*ids(first), "plainte-numero-neuf@client.example"}


def test_a_mail_of_ten_megabytes_costs_half_of_one(server: Dovecot, folder: str) -> None:
    attached = (
        b"From: a@b.example\r\nMessage-ID: <lourd-20261123@b.example>\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/plain\r\n\r\nVoir la photo.\r\n--x\r\nContent-Type: image/png\r\n"
        b'Content-Disposition: attachment; filename="photo.png"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + b"QUJD\r\n" * 1_700_000
        + b"--x--\r\n"
    )
    server.deliver(attached, mail(2), folder=encoded(folder))
    fetched = read(server.port, folder=folder)
    assert [mention.text for mention in fetched.mentions] == ["Voir la photo.\n[photo.png]", "Mon drap a déteint."]
    assert fetched.bytes < 700_000


def test_a_mail_whose_text_is_out_of_reach_is_still_there(server: Dovecot, folder: str) -> None:
    head = b'From: a@b.example\r\nSubject: Colis\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
    photo = b"--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"QUJD\r\n" * 1_000_000
    server.deliver(head + photo + b"--x\r\n\r\nApres.\r\n--x--\r\n", folder=encoded(folder))
    (mention,) = read(server.port, folder=folder).mentions
    assert mention.text == "Colis\n[message de 6,0\u00a0Mo\u00a0: son texte n’a pas été lu]"


def test_a_thousand_mails_are_read_in_turns(server: Dovecot, folder: str) -> None:
    server.deliver(*(mail(number) for number in range(1_000)), folder=encoded(folder))
    found, cursor, turns = [], {}, 0
    while turns < 9:
        fetched = read(server.port, cursor, folder=folder)
        found += ids(fetched)
        cursor, turns = fetched.cursor, turns + 1
        if not fetched.has_more:
            break
    assert turns == 1_000 // MESSAGES
    assert found == [f"plainte-numero-{number}@client.example" for number in range(1_000)]


def test_only_the_senders_and_subjects_asked_for_are_read(server: Dovecot, folder: str) -> None:
    server.deliver(mail(1), mail(2, Subject="=?utf-8?q?R=C3=89CLAMATION?="), mail(3), folder=encoded(folder))
    assert ids(read(server.port, folder=folder, subjects=["réclamation"])) == ["plainte-numero-2@client.example"]
    fetched = read(server.port, folder=folder, senders=["cliente3@"])
    assert ids(fetched) == ["plainte-numero-3@client.example"]
    assert fetched.cursor["uid"] == 3


def test_what_is_older_than_asked_for_stays_where_it_is(server: Dovecot, folder: str) -> None:
    server.deliver(mail("vieux"), folder=encoded(folder), at=NOW - timedelta(days=40))
    server.deliver(mail("frais"), folder=encoded(folder), at=NOW - timedelta(days=2))
    assert ids(read(server.port, folder=folder)) == ["plainte-numero-frais@client.example"]
    assert len(read(server.port, folder=folder, days=60).mentions) == 2


def test_two_mails_under_one_message_id_in_a_reading_are_both_kept(server: Dovecot, folder: str) -> None:
    named = "<le-meme-nom-1@client.example>"
    server.deliver(mail(1, "un", Message_ID=named), mail(2, "deux", Message_ID=named), folder=encoded(folder))
    assert sorted(mention.text for mention in read(server.port, folder=folder).mentions) == ["deux", "un"]


def test_an_alert_mail_comes_in_as_its_items(server: Dovecot, folder: str) -> None:
    from tests.clients.listening.test_mailbox_messages import MAILS

    server.deliver((MAILS / "google_alert.eml").read_bytes().replace(b"\n", b"\r\n"), folder=encoded(folder))
    assert [mention.network for mention in read(server.port, folder=folder).mentions] == ["web", "web"]


def failure(port: int, **settings: Any) -> CollectError:
    with pytest.raises(CollectError) as raised:
        read(port, **settings)
    assert PASSWORD not in f"{raised.value} {raised.value.words_fr} {raised.value!r}"
    return raised.value


def test_a_wrong_password_stops_the_source(server: Dovecot) -> None:
    refused = failure(server.port, password=PASSWORD + "x")
    assert isinstance(refused, PermanentFailure)
    assert refused.code == "login"
    assert PASSWORD not in refused.words_fr
    assert failure(server.port, password="é").code == "login"


def test_a_missing_folder_names_those_that_are_there(server: Dovecot) -> None:
    refused = failure(server.port, folder="Reclamations")
    assert isinstance(refused, PermanentFailure)
    assert "INBOX" in refused.words_en


def test_a_setting_cannot_speak_to_the_server(server: Dovecot) -> None:
    assert failure(server.port, user="x\r\nA1 DELETE INBOX").code == "odd_settings"
    assert failure(server.port, folder='x" (\r\nA2').code == "odd_settings"


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_must_be_trusted(server: Dovecot, security: str) -> None:
    server.deliver(mail("chiffre"))
    port = server.tls_port if security == "tls" else server.port
    refused = failure(port, host="localhost", security=security)
    assert (type(refused), refused.code) == (PassingFailure, "tls")
    trusting = ssl.create_default_context(cafile=str(server.certificate))
    assert read(port, host="localhost", security=security, tls=trusting).mentions
    elsewhere = failure(port, host="127.0.0.1", security=security, tls=trusting)  # a certificate of another host
    assert elsewhere.code == "tls"


def test_a_private_address_is_refused(server: Dovecot) -> None:
    with pytest.raises(PermanentFailure) as raised:
        MailboxCollector().fetch(
            {"host": "127.0.0.1", "port": server.port, "user": USER}, {}, http=Door(timeout_s=2), now=NOW
        )
    assert raised.value.code == "private_address"


def test_a_server_that_is_away_passes() -> None:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    assert isinstance(failure(port), PassingFailure)


@contextmanager
def cutting(server: Dovecot, after: int, *, hangs: bool) -> Iterator[int]:
    """A wire to the server that falls silent, or breaks, after so many bytes of answers."""
    listening = socket.create_server(("127.0.0.1", 0))
    ends = threading.Event()

    def carry() -> None:
        caller, _ = listening.accept()
        with caller, socket.create_connection(("127.0.0.1", server.port)) as inner:
            threading.Thread(target=_pour, args=(caller, inner, None), daemon=True).start()
            _pour(inner, caller, after)
            if hangs:
                ends.wait(20)
            caller.shutdown(socket.SHUT_RDWR)

    thread = threading.Thread(target=carry, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        ends.set()
        thread.join(5)
        listening.close()


def _pour(source: socket.socket, target: socket.socket, limit: int | None) -> None:
    poured = 0
    try:
        while data := source.recv(1_000 if limit is None else min(1_000, limit - poured)):
            target.sendall(data)
            poured += len(data)
            if limit is not None and poured >= limit:
                return
    except OSError:
        return


@pytest.mark.parametrize("hangs", [True, False])
def test_what_came_before_a_break_is_kept_and_the_rest_follows(server: Dovecot, folder: str, hangs: bool) -> None:
    server.deliver(*(mail(number, "x" * 2_000) for number in range(60)), folder=encoded(folder))
    with cutting(server, 80_000, hangs=hangs) as port:
        first = read(port, folder=folder, timeout_s=1)
    assert 0 < len(first.mentions) < 60
    assert first.notes
    second = read(server.port, first.cursor, folder=folder)
    assert ids(first) + ids(second) == [f"plainte-numero-{number}@client.example" for number in range(60)]


@pytest.mark.parametrize(("hangs", "code"), [(True, "too_slow"), (False, "broke_off")])
@pytest.mark.parametrize("after", [1, 60, 700, 2_500])
def test_a_break_before_the_first_message_is_said(
    server: Dovecot, folder: str, after: int, hangs: bool, code: str
) -> None:
    server.deliver(*(mail(number, "x" * 2_000) for number in range(20)), folder=encoded(folder))
    with cutting(server, after, hangs=hangs) as port:
        assert failure(port, folder=folder, timeout_s=0.5).code == code


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"* BYE overloaded\r\n",
        b"* OK [CAPABILITY IMAP4rev1] hello\r\n" + b"* 1 FETCH (BODY[] {99999999999}\r\n",
        b"* OK \xff\xfe\r\n" * 50,
        b"\x00" * 5_000,
    ],
)
def test_what_is_no_mailbox_is_a_passing_failure(said: bytes) -> None:
    def answer(caller: socket.socket) -> None:
        caller.sendall(said)
        while caller.recv(1_000):
            pass

    with answering(answer) as port:
        assert isinstance(failure(port, timeout_s=0.5), PassingFailure)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that treats one caller as it likes, and leaves when the caller does."""
    listening = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        caller, _ = listening.accept()
        with caller, suppress(OSError):
            caller.settimeout(2)
            answer(caller)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        thread.join(5)
        listening.close()


def test_a_token_is_renewed_kept_and_signs_in() -> None:
    heard: list[bytes] = []
    forms: list[dict[str, str]] = []

    def provider(asked: Asked) -> Said:
        forms.append(asked.form)
        return Said({"access_token": "jeton-1", "expires_in": 3_600, "refresh_token": "suite"})

    def refuse(caller: socket.socket) -> None:
        caller.sendall(b"* OK\r\n")
        while line := caller.recv(1_000):
            heard.append(line)
            tag = line.split()[0] if line.strip() else b""
            if b"CAPABILITY" in line:
                caller.sendall(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n" + tag + b" OK said\r\n")
            elif b"AUTHENTICATE XOAUTH2" in line:
                caller.sendall(b"+ \r\n")
                heard.append(caller.recv(1_000))
                caller.sendall(b"+ eyJzdGF0dXMiOiI0MDAifQ==\r\n")
                caller.recv(1_000)
                caller.sendall(tag + b" NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")

    token = {"sign_in": "microsoft", "refresh_token": "premier", "client_id": "appli"}
    with answers(provider) as url, answering(refuse) as port:
        refused = failure(port, **token, token_url=url, timeout_s=2)
    assert forms == [{"grant_type": "refresh_token", "refresh_token": "premier", "client_id": "appli"}]
    assert f"user={USER}\1auth=Bearer jeton-1\1\1".encode() in [_in_base64(line) for line in heard]
    assert (type(refused), refused.code) == (PermanentFailure, "login")
    assert "token" in refused.words_en


def test_a_token_serves_until_its_end_and_the_latest_refresh_token_is_used() -> None:
    forms: list[dict[str, str]] = []

    def provider(asked: Asked) -> Said:
        forms.append(asked.form)
        return Said(
            {"access_token": f"jeton-{len(forms)}", "expires_in": 3_600, "refresh_token": f"suite-{len(forms)}"}
        )

    door = Door(timeout_s=5, allow_private=True)
    with answers(provider) as url:
        given = {"sign_in": "google", "refresh_token": "premier", "token_url": url}
        token, session = access_token(given, http=door, now=NOW)
        assert access_token({**given, "session": session}, http=door, now=NOW) == (token, None)
        later = access_token({**given, "session": session}, http=door, now=NOW + timedelta(hours=1))
        access_token({**given, "refresh_token": "autre", "session": session}, http=door, now=NOW)
    assert (token, later[0]) == ("jeton-1", "jeton-2")
    assert [form["refresh_token"] for form in forms] == ["premier", "suite-1", "autre"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said({"error": "invalid_grant"}, 400), PermanentFailure),
        (Said({"error": "invalid_client"}, 401), PermanentFailure),
        (Said({}), PassingFailure),
        (Said([]), PassingFailure),
        (Said(b"<html>", 503), PassingFailure),
        (Said(b'{"access_to'), PassingFailure),
    ],
)
def test_a_token_that_is_not_given_is_said(said: Said, kind: type) -> None:
    with answers(lambda asked: said) as url:
        refused = failure(1, sign_in="google", refresh_token="tres-secret", token_url=url)
    assert type(refused) is kind
    assert "tres-secret" not in f"{refused} {refused.words_fr}"


def _in_base64(line: bytes) -> bytes:
    try:
        return base64.b64decode(line)
    except ValueError:
        return b""
