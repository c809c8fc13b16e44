"""The address in which an answer says what it answers."""

import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from agency import checks, reply_address, reply_tickets
from agency.config import env
from agency.reply_tickets import Ticket, hidden, made, written_in

SECRET = "un secret de test"
BOX = {
    "host": "127.0.0.1", "port": 143, "security": "none", "user": "reponses", "password": "x", "folder": "INBOX",
    "sign_in": "password", "client_id": "", "client_secret": "", "refresh_token": "",
}  # fmt: skip


def of_row(number: int = 57, key: str = "k") -> Ticket:
    return made("a", 3, number, key=key, secret=SECRET)


def test_what_is_written_is_read_whatever_its_letters_became() -> None:
    given = of_row()
    assert list(written_in(f"<Reponses+{str(given).upper()}@Agence.example>")) == [given]
    assert reply_tickets.is_ours(given, key="k", secret=SECRET)


@pytest.mark.parametrize(("kind", "number", "key", "secret"), [
    ("b", 57, "k", SECRET), ("a", 58, "k", SECRET), ("a", 57, "changed", SECRET), ("a", 57, "k", "another house"),
])  # fmt: skip
def test_a_seal_is_good_for_one_message_with_one_key_in_one_house(
    kind: str, number: int, key: str, secret: str
) -> None:
    moved = Ticket(kind, 3, number, of_row().seal)
    assert not reply_tickets.is_ours(moved, key=key, secret=secret)


def test_the_largest_numbers_of_the_database_fit_an_address() -> None:
    assert len(str(made("b", 2**63 - 1, 2**63 - 1, key="k", secret=SECRET))) <= reply_tickets.LONGEST


def test_a_ticket_is_hidden_from_whoever_reads_the_log() -> None:
    assert hidden(f"Le 23/11, Rempart <r+{of_row()}@agence.example> a écrit") == (
        "Le 23/11, Rempart <r+…@agence.example> a écrit"
    )


@pytest.mark.parametrize(
    "text", ["", "+", "a3-1f", "a3-1f-" + "a" * 400, "a-" * 50_000, "\x00\u202e", "a3-1f-0189018901890189"]
)
def test_what_is_no_ticket_names_none(text: str) -> None:
    began = time.monotonic()
    assert list(written_in(text)) == []
    assert time.monotonic() - began < 0.5


def test_a_header_full_of_tickets_is_read_to_a_limit() -> None:
    assert len(list(written_in(f"{of_row()} " * 10_000))) == reply_tickets.MOST_READ


class TestSettings:
    def test_nothing_is_offered_without_a_mailbox(self, settings: Settings) -> None:
        assert not reply_address.is_on()
        assert reply_address.address_of(reply_address.ticket("a", 3, 57, key="k")) == ""
        assert checks.answers_by_mail_are_whole_or_off(None) == []

    @pytest.mark.parametrize(("address", "box", "says"), [
        ("reponses@agence.example", {}, "REMPART_REPLIES_URL is not"),
        ("", BOX, "REMPART_REPLIES_ADDRESS is not"),
        ("reponses", BOX, "not an e-mail address"),
        ("r" * 40 + "@agence.example", BOX, "has room for 18 characters"),
        ("reponses@agence.example", {**BOX, "password": ""}, "no password"),
        ("reponses@agence.example", {**BOX, "user": ""}, "no user name"),
        ("reponses@agence.example", {**BOX, "sign_in": "google"}, "REFRESH_TOKEN is missing"),
    ])  # fmt: skip
    def test_a_mailbox_half_set_is_off_and_the_deployment_check_says_why(
        self, settings: Settings, address: str, box: dict, says: str
    ) -> None:
        settings.REPLIES_ADDRESS, settings.REPLIES_BOX = address, box
        assert not reply_address.is_on()
        (fault,) = checks.answers_by_mail_are_whole_or_off(None)
        assert (fault.id, says in fault.msg) == ("rempart.E004", True)

    def test_a_password_in_clear_is_warned_of(self, settings: Settings) -> None:
        settings.REPLIES_ADDRESS = "reponses@agence.example"
        settings.REPLIES_BOX = {**BOX, "host": "imap.agence.example"}
        assert [one.id for one in checks.answers_by_mail_are_whole_or_off(None)] == ["rempart.W002"]
        assert reply_address.is_on()

    def test_the_address_holds_its_ticket(self, settings: Settings) -> None:
        settings.REPLIES_ADDRESS, settings.REPLIES_BOX = "reponses@agence.example", BOX
        given = reply_address.ticket("a", 3, 57, key="k")
        address = reply_address.address_of(given)
        assert list(written_in(address)) == [given]
        assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(("written", "found"), [
    ("imaps://r%40a.fr:p%2Fw@imap.a.fr/Alertes%20nuit", ("imap.a.fr", 993, "tls", "r@a.fr", "p/w", "Alertes nuit")),
    ("imap://r:p@127.0.0.1:1143", ("127.0.0.1", 1143, "none", "r", "p", "INBOX")),
    ("imap://r:p@mail?starttls=1", ("mail", 143, "starttls", "r", "p", "INBOX")),
])  # fmt: skip
def test_the_address_of_the_mailbox_is_read(monkeypatch: pytest.MonkeyPatch, written: str, found: tuple) -> None:
    monkeypatch.setenv("A_BOX", written)
    assert tuple(env.imap("A_BOX").values()) == found


@pytest.mark.parametrize("written", ["http://a.fr", "imaps://", "imaps://a.fr:99999999", "reponses"])
def test_what_is_no_mailbox_refuses_to_start(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("A_BOX", written)
    with pytest.raises(ImproperlyConfigured):
        env.imap("A_BOX")
