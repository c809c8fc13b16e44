"""Webhooks when workers die, are two, or break; and when a webhook goes while an event is noted for it."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections, transaction
from django_tenants.utils import schema_context

from agency.http import Door, Response
from agency.models import Client, Membership, User
from clients.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from clients.services import webhook_sending, webhooks
from clients.services.webhook_rounds import Rounds
from tests.clients.test_webhooks import START, go, happens, listens, loopback
from tests.clients.webhook_receiver import Receiver, receiver
from tests.conftest import MakePerson


@pytest.fixture(autouse=True)
def _at_that_hour_on_loopback(settings: pytest.FixtureRequest) -> Iterator[None]:
    settings.OUTGOING_ALLOW_PRIVATE = True  # type: ignore[attr-defined]
    with time_machine.travel(START):
        yield


@pytest.fixture
def tool() -> Iterator[Receiver]:
    with receiver() as told:
        yield told


@pytest.fixture
def director(person: MakePerson) -> User:
    return person("director")


def test_a_worker_that_died_after_sending_has_it_sent_again_under_the_same_number(
    aldane: Client, director: User, tool: Receiver
) -> None:
    endpoint, _secret = listens(aldane, director, tool.url)
    happens()
    letter = webhook_sending.claim(endpoint_id=endpoint.pk, now=START)
    webhook_sending.send(letter, loopback(), lambda: START)
    assert go(START + timedelta(seconds=30)) == 0  # still claimed
    assert go(START + timedelta(seconds=61)) == 1
    assert {one.headers["webhook-id"] for one in tool.got} == {tool.got[0].headers["webhook-id"]}
    late = webhook_sending.Answer(500, 1, error="status")
    assert webhook_sending.note(letter=letter, answer=late, now=START + timedelta(seconds=62)) is None
    assert WebhookDelivery.objects.get().state == "delivered"


class Broken(Door):
    """A door that fails as no door should."""

    def request(self, *_given: object, **_named: object) -> Response:
        raise RuntimeError


def test_what_breaks_the_sending_is_an_attempt_and_holds_up_no_other(
    aldane: Client, director: User, tool: Receiver
) -> None:
    listens(aldane, director, tool.url)
    happens(), happens(subject="incident/2")
    doors = iter([Broken(), loopback()])
    assert Rounds(seconds=5).go(open_door=lambda: next(doors), clock=lambda: START) == 2
    assert list(WebhookAttempt.objects.order_by("id").values_list("error", flat=True)) == ["broken", ""]
    assert len(tool.got) == 1


def test_two_workers_at_once_send_each_message_once_and_in_order(committed: None) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    by = User.objects.create_user("d@rempart.test", full_name="Directrice")
    Membership.objects.create(user=by, role="director")
    with receiver() as tool, schema_context(client.schema_name):
        connection.set_tenant(client)
        listens(client, by, tool.url)
        for number in range(20):
            happens(subject=f"incident/{number % 3}")
        workers = [threading.Thread(target=_work) for _number in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=30)
        seen = [(got.told["seq"], got.headers["webhook-id"]) for got in tool.got]
        assert len(seen) == 20 == len(set(seen))
        assert [seq for seq, _uid in seen] == sorted(seq for seq, _uid in seen)
        assert not WebhookDelivery.objects.exclude(state="delivered").exists()


def test_who_notes_an_event_and_who_removes_the_webhook_wait_for_each_other(committed: None) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    by = User.objects.create_user("d@rempart.test", full_name="Directrice")
    with schema_context(client.schema_name):
        endpoint, _secret = listens(client, by, "https://outil.example/")
        remover = threading.Thread(target=_remove, args=(client, endpoint, by))
        with transaction.atomic():
            happens()
            remover.start()
            remover.join(0.5)
            assert remover.is_alive()
        remover.join(10)
        assert not WebhookEndpoint.objects.exists() and not WebhookDelivery.objects.exists()
        assert WebhookEvent.objects.count() == 1
        WebhookEvent.objects.all().delete()


def _remove(client: Client, endpoint: WebhookEndpoint, by: User) -> None:
    try:
        with schema_context(client.schema_name):
            webhooks.remove(endpoint=endpoint, client=client, by=by, now=START)
    finally:
        connections.close_all()


def _work() -> None:
    try:
        for _turn in range(20):
            Rounds(seconds=2).go(open_door=loopback, clock=lambda: datetime.now(UTC))
    finally:
        connections.close_all()
