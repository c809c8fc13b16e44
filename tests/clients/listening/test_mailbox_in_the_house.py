"""A mailbox as a source of a client: kept once, its password sealed, deletions nobody asked for not invented."""

from collections.abc import Iterator

import pytest

from agency import vault
from agency.http import Door
from agency.models import Client
from clients.models import CollectorRun, Mention, Source
from clients.services.listening import listen
from tests import dovecot
from tests.clients.listening.test_mailbox import mail
from tests.conftest import NOW
from tests.dovecot import PASSWORD, USER, Dovecot

DOOR = Door(timeout_s=10, allow_private=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot.serving() as running:
        yield running


def mailbox(server: Dovecot, password: str = PASSWORD) -> Source:
    settings = {"host": "127.0.0.1", "port": server.port, "security": "none", "user": USER, "folder": "Plaintes"}
    sealed = vault.seal({"password": password})
    return Source.objects.create(name="Plaintes", kind="mailbox", settings=settings, sealed=sealed)


def test_mails_are_kept_once_even_when_the_folder_is_made_anew(server: Dovecot, aldane: Client) -> None:
    source = mailbox(server)
    server.deliver(*(mail(number) for number in range(250)), folder="Plaintes")
    listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert Mention.objects.count() == 200
    assert source.due_at is not None and (source.due_at - NOW).total_seconds() < 60  # the rest is read at once
    listen(source=source, http=DOOR, now=source.due_at)
    assert Mention.objects.count() == 250
    server.remove("Plaintes")
    server.deliver(*(mail(number) for number in range(250)), mail("neuf"), folder="Plaintes")
    for _ in range(2):
        source.refresh_from_db()
        listen(source=source, http=DOOR, now=source.due_at or NOW)
    assert Mention.objects.count() == 251
    assert Mention.objects.filter(deleted_at__isnull=False).count() == 0
    assert server.unread("Plaintes") == 251


def test_a_wrong_password_stops_the_source_and_is_nowhere_in_the_clear(server: Dovecot, aldane: Client) -> None:
    source = mailbox(server, password="ce-mauvais-secret")
    assert listen(source=source, http=DOOR, now=NOW).outcome == "stopped"
    source.refresh_from_db()
    run = CollectorRun.objects.get(source=source)
    assert "mot de passe" in run.error
    assert (
        "ce-mauvais-secret" not in f"{source.last_error} {run.error} {source.sealed} {source.cursor} {source.settings}"
    )
