"""A client's tools are told: at least once, in order, whatever they answer; checked by svix on the other side."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django_tenants.utils import schema_context
from standardwebhooks import Webhook as StandardWebhook
from svix.webhooks import WebhookVerificationError

from agency.http import Door
from agency.models import AuditEvent, Client, User
from clients.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from clients.services import webhook_events, webhook_replays, webhook_sending, webhooks
from clients.services.webhook_rounds import Rounds
from clients.webhook_answer import WAITS
from clients.webhook_events import CODES
from tests.clients.webhook_receiver import Got, Receiver, receiver
from tests.conftest import MakePerson
from tests.incidents.letters import Letters

START = datetime(2026, 11, 23, 22, tzinfo=UTC)
TRUSTED = ssl.create_default_context()  # read once: it costs more than a message


def loopback(timeout_s: float = 2.0) -> Door:
    return Door(timeout_s=timeout_s, max_bytes=16_384, allow_private=True, tls=TRUSTED)


@pytest.fixture(autouse=True)
def _at_that_hour_on_loopback(settings: pytest.FixtureRequest) -> Iterator[None]:
    """A receiver believes a signature for five minutes: the tests' hour is everybody's, however long the run is."""
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


def listens(client: Client, by: User, url: str, events: tuple[str, ...] = CODES) -> tuple[WebhookEndpoint, str]:
    return webhooks.make(client=client, url=url, events=events, wants_drills=True, by=by, now=START)


def happens(kind: str = "incident.opened", subject: str = "incident/1", **facts: object) -> WebhookEvent | None:
    return webhook_events.note(kind=kind, subject=subject, facts={"title": "Panne", **facts}, now=START)


def go(now: datetime = START, door: Door | None = None) -> int:
    return Rounds(seconds=5).go(open_door=lambda: door or loopback(), clock=lambda: now)


def test_what_happened_arrives_signed_and_svix_believes_it(aldane: Client, director: User, tool: Receiver) -> None:
    _endpoint, secret = listens(aldane, director, tool.url)
    event = happens()
    assert go() == 1 and go() == 0
    told = tool.got[0].checked(secret)
    assert (told["type"], told["seq"], told["client"], told["drill"]) == (
        "incident.opened", event.pk, "maison_aldane", False,
    )  # fmt: skip
    assert told["data"]["title"] == "Panne"
    assert WebhookDelivery.objects.get().state == "delivered"
    assert WebhookAttempt.objects.get().status == 204


def test_the_example_of_the_page_works(aldane: Client, director: User, tool: Receiver) -> None:
    _endpoint, secret = listens(aldane, director, tool.url)
    happens()
    go()
    request = tool.got[0]
    told = StandardWebhook(secret).verify(request.body, dict(request.headers))
    assert told["type"] == "incident.opened"


def test_a_body_that_was_touched_is_not_believed(aldane: Client, director: User, tool: Receiver) -> None:
    _endpoint, secret = listens(aldane, director, tool.url)
    happens()
    go()
    tool.got[0].body = tool.got[0].body.replace(b"Panne", b"Calme")
    with pytest.raises(WebhookVerificationError):
        tool.got[0].checked(secret)


def test_only_what_is_asked_for_is_noted(aldane: Client, director: User, tool: Receiver) -> None:
    endpoint, _secret = listens(aldane, director, tool.url, ("incident.closed",))
    assert happens("incident.opened") is None
    WebhookEndpoint.objects.update(wants_drills=False)
    note = {"kind": "incident.closed", "subject": "incident/1", "facts": {}, "now": START}
    assert webhook_events.note(**note, is_drill=True) is None
    assert webhook_events.note(**note) is not None
    assert endpoint.deliveries.count() == 1


def test_a_drill_is_marked(aldane: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    webhook_events.note(kind="incident.opened", subject="incident/1", facts={}, now=START, is_drill=True)
    go()
    assert tool.got[0].told["drill"] is True


def test_a_later_event_of_an_incident_waits_for_the_earlier_one_and_another_incident_does_not(
    aldane: Client, director: User, tool: Receiver
) -> None:
    listens(aldane, director, tool.url)
    first, second = happens("incident.opened"), happens("incident.closed")
    other = happens("incident.opened", "incident/2")
    tool.answer = lambda count, got: (500 if got.told["seq"] == first.pk and count == 0 else 204, {}, b"")
    go()
    assert [one.told["seq"] for one in tool.got] == [first.pk, other.pk]
    go(START + WAITS[0] * 2)
    assert [one.told["seq"] for one in tool.got] == [first.pk, other.pk, first.pk, second.pk]
    assert tool.got[0].headers["webhook-id"] == tool.got[2].headers["webhook-id"]
    assert tool.got[0].body == tool.got[2].body


def test_a_pause_that_is_asked_for_is_kept(aldane: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    happens(), happens(subject="incident/2")
    tool.answer = lambda count, _got: (429, {"Retry-After": "120"}, b"doucement") if count == 0 else (204, {}, b"")
    go()
    go(START + timedelta(seconds=119))
    assert len(tool.got) == 1
    assert go(START + timedelta(seconds=121)) == 2
    assert WebhookAttempt.objects.filter(status=429).get().answer == "doucement"


def test_who_says_that_it_is_gone_is_told_nothing_more_and_the_team_is_written_to(
    aldane: Client, director: User, tool: Receiver
) -> None:
    endpoint, _secret = listens(aldane, director, tool.url)
    happens(), happens(subject="incident/2")
    tool.answer = lambda _count, _got: (410, {}, b"")
    go()
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.stopped_because, len(tool.got)) == (False, "gone", 1)
    assert happens() is None
    post = Letters()
    assert webhooks.tell(client=aldane, post=post, now=START) == 1
    assert webhooks.tell(client=aldane, post=post, now=START + timedelta(hours=1)) == 0
    assert [to for to, _subject, _body in post.sent] == [director.email]
    assert "127.0.0.1" in post.sent[0][2]


def test_a_busy_mail_server_is_asked_again(aldane: Client, director: User, tool: Receiver) -> None:
    endpoint, _secret = listens(aldane, director, tool.url)
    webhooks.close(endpoint, "gone", START)
    assert webhooks.tell(client=aldane, post=Letters(busy={director.email}), now=START) == 0
    assert webhooks.tell(client=aldane, post=Letters(), now=START + timedelta(minutes=1)) == 0
    assert webhooks.tell(client=aldane, post=Letters(), now=START + timedelta(minutes=11)) == 1


def test_after_days_of_failures_it_is_stopped_and_started_again_what_waited_leaves(
    aldane: Client, director: User, tool: Receiver
) -> None:
    endpoint, _secret = listens(aldane, director, tool.url)
    happens("incident.opened"), happens("incident.closed")
    tool.answer = lambda _count, _got: (500, {}, b"non")
    at = START
    for wait in (*WAITS, timedelta(0)):
        go(at)
        at += wait * 1.2
    endpoint.refresh_from_db()
    assert (endpoint.is_active, endpoint.stopped_because, len(tool.got)) == (False, "exhausted", 10)
    tool.answer = lambda _count, _got: (204, {}, b"")
    webhooks.start(endpoint=endpoint, client=aldane, by=director, now=at)
    assert go(at) == 1
    count = webhook_replays.replay_failed(endpoint=endpoint, since=START, client=aldane, by=director, now=at)
    assert count == 1 and go(at) == 1
    assert tool.kinds[-2:] == ["incident.closed", "incident.opened"]
    assert AuditEvent.objects.filter(action="webhook.replayed", client=aldane).exists()


def test_a_single_message_that_is_refused_does_not_stop_who_takes_the_others(
    aldane: Client, director: User, tool: Receiver
) -> None:
    endpoint, _secret = listens(aldane, director, tool.url)
    bad = happens()
    WebhookDelivery.objects.update(tries=9)
    happens(subject="incident/2")
    WebhookDelivery.objects.filter(event=bad).update(due_at=START + timedelta(seconds=1))
    tool.answer = lambda _count, got: (500 if got.told["seq"] == bad.pk else 204, {}, b"")
    go(START + timedelta(seconds=2))
    endpoint.refresh_from_db()
    assert endpoint.is_active
    assert WebhookDelivery.objects.get(event=bad).state == "failed"


def test_a_redirect_is_not_followed(aldane: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    happens()
    tool.answer = lambda _count, _got: (302, {"Location": tool.url}, b"")
    go()
    assert len(tool.got) == 1
    assert WebhookAttempt.objects.get().error == "redirect"


def test_one_that_hangs_delays_no_other(aldane: Client, director: User, tool: Receiver) -> None:
    hanging = tool.released = threading.Event()
    heard_meanwhile: list[int] = []

    def answer(count: int, _got: Got) -> tuple[int, dict[str, str], bytes]:
        if count == 4:  # all five arrived while the other one still hung
            heard_meanwhile.append(len(tool.got))
            hanging.set()
        return 204, {}, b""

    listens(aldane, director, tool.url)
    with receiver() as quick:
        quick.answer = answer
        listens(aldane, director, quick.url)
        for number in range(5):
            happens(subject=f"incident/{number}")
        go(door=loopback(4))
    assert heard_meanwhile == [1] and len(tool.got) == 5


def test_a_private_address_is_refused_whatever_its_name_says_the_second_time(
    aldane: Client, director: User, tool: Receiver
) -> None:
    port = tool.url.split(":")[2].split("/")[0]
    listens(aldane, director, f"http://outil.example:{port}/crochet")
    happens()
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    rebound = Door(timeout_s=0.5, resolve=lambda _host, _port: next(answers))
    rebound._resolve("outil.example", int(port))  # whoever checked first saw a public one
    go(door=rebound)
    assert tool.got == []
    assert WebhookAttempt.objects.get().error == "private_address"


def test_while_a_secret_is_replaced_both_sign_for_a_day(aldane: Client, director: User, tool: Receiver) -> None:
    endpoint, old = listens(aldane, director, tool.url)
    _row, new = webhooks.rotate(endpoint=endpoint, client=aldane, by=director, now=START)
    happens()
    go()
    assert tool.got[0].checked(old) and tool.got[0].checked(new)
    endpoint.refresh_from_db()
    assert len(webhooks.secrets_of(endpoint, START + timedelta(hours=25))) == 1


def test_a_secret_replaced_twice_in_a_row_leaves_the_one_that_the_tool_knows(aldane: Client, director: User) -> None:
    endpoint, known = listens(aldane, director, "https://outil.example/")
    soon, later = START + timedelta(minutes=1), START + timedelta(hours=1)
    for at in (START, soon):
        endpoint, new = webhooks.rotate(endpoint=endpoint, client=aldane, by=director, now=at)
    assert webhooks.secrets_of(endpoint, later) == (new, known)
    endpoint, newest = webhooks.rotate(endpoint=endpoint, client=aldane, by=director, now=later)
    assert webhooks.secrets_of(endpoint, later) == (newest, new)


def test_a_form_sent_twice_is_one_webhook(aldane: Client, director: User) -> None:
    listens(aldane, director, "https://outil.example/")
    other, _secret = listens(aldane, director, "https://autre.example/")
    with pytest.raises(ValidationError):
        listens(aldane, director, "https://outil.example/")
    given = {"endpoint": other, "client": aldane, "events": CODES, "by": director, "now": START}
    with pytest.raises(ValidationError):
        webhooks.change(**given, url="https://outil.example/")
    assert webhooks.change(**given, url="https://autre.example/").events == list(CODES)


def test_the_secret_is_sealed_and_the_trail_keeps_the_host_only(aldane: Client, director: User) -> None:
    endpoint, secret = listens(aldane, director, "https://outil.example/crochet?token=abc")
    assert secret.startswith("whsec_") and secret not in endpoint.sealed
    note = AuditEvent.objects.get(action="webhook.made")
    assert note.detail == {"host": "outil.example"}
    assert webhooks.reseal_all() == (1, 0)
    endpoint.refresh_from_db()
    assert webhooks.secrets_of(endpoint, START) == (secret,)


@pytest.mark.parametrize(
    "url", ["", "outil.example", "ftp://outil.example", "https://", "https://a:b@outil.example/", "https://a b/", "https://[x"]
)  # fmt: skip
def test_what_is_no_address_is_refused(aldane: Client, director: User, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        listens(aldane, director, url)
    assert "url" in refused.value.message_dict


def test_without_encryption_only_where_the_house_lets_private_addresses_in(
    aldane: Client, director: User, settings: pytest.FixtureRequest
) -> None:
    settings.OUTGOING_ALLOW_PRIVATE = False  # type: ignore[attr-defined]
    with pytest.raises(ValidationError):
        listens(aldane, director, "http://outil.example/")
    with pytest.raises(ValidationError):
        listens(aldane, director, "https://outil.example/", ("incident.exploded",))


def test_what_was_withheld_neither_leaves_nor_comes_again(aldane: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    event = happens()
    happens(subject="incident/2")
    assert webhook_events.withhold(subject="incident/1", now=START) == 1
    assert go() == 1 and tool.got[0].told["seq"] != event.pk
    WebhookDelivery.objects.filter(event=event).update(state="failed")
    with pytest.raises(ValidationError):
        webhook_replays.replay(delivery=event.deliveries.get(), client=aldane, by=director, now=START)


def test_a_test_leaves_at_once_is_not_tried_again_and_holds_nothing_back(
    aldane: Client, director: User, tool: Receiver
) -> None:
    endpoint, secret = listens(aldane, director, tool.url)
    delivery = webhook_replays.begin_test(endpoint=endpoint, client=aldane, by=director, now=START)
    assert go() == 0  # whoever asked sends it
    letter = webhook_sending.claim_one(delivery=delivery, now=START)
    tool.answer = lambda _count, _got: (500, {}, b"")
    answer = webhook_sending.send(letter, loopback(), lambda: START)
    webhook_sending.note(letter=letter, answer=answer, now=START)
    delivery.refresh_from_db()
    assert delivery.state == "failed" and tool.got[0].checked(secret)["type"] == "webhook.test"
    with pytest.raises(ValidationError):  # it would wait for ever
        webhook_replays.replay(delivery=delivery, client=aldane, by=director, now=START)


def test_the_answer_is_kept_short_and_clean(aldane: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    happens()
    tool.answer = lambda _count, _got: (200, {}, b"\x00" + b"\xff" * 50_000)
    go()
    kept = WebhookAttempt.objects.get().answer
    assert len(kept) == 1000 and "\0" not in kept
    assert WebhookDelivery.objects.get().state == "delivered"


def test_another_clients_events_are_not_told(aldane: Client, tramontel: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    with schema_context(tramontel.schema_name):
        assert happens() is None
    assert go() == 0 and tool.got == []


def test_after_thirty_days_it_is_forgotten(aldane: Client, director: User, tool: Receiver) -> None:
    listens(aldane, director, tool.url)
    happens()
    go()
    assert webhook_replays.forget_old(now=START + timedelta(days=29)) == 0
    webhook_replays.forget_old(now=START + timedelta(days=31))
    assert not WebhookEvent.objects.exists() and not WebhookAttempt.objects.exists()


def test_a_broken_key_is_said_and_nothing_leaves_unsigned(aldane: Client, director: User, tool: Receiver) -> None:
    endpoint, _secret = listens(aldane, director, tool.url)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(sealed="gAAAA-broken")
    happens()
    go()
    assert tool.got == [] and WebhookAttempt.objects.get().error == "unsealable"


def test_the_receiver_sees_what_svix_would_refuse(tool: Receiver) -> None:
    with pytest.raises(WebhookVerificationError):
        Got("/", {}, b"{}").checked("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
