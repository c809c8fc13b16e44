"""One message to one endpoint: claimed, sent, and what became of it noted. At least once, in order within a subject.

The claim runs out: what a worker that died had in hand is sent again by another, under the same message id.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from standardwebhooks import Webhook

from agency import vault
from agency.http import Door, DoorError
from agency.pauses import retry_after
from clients import webhook_answer, webhook_events
from clients.choices import DeliveryState, EndpointStop
from clients.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from clients.services import webhooks
from clients.webhook_answer import Answer, Meaning

CLAIM = timedelta(minutes=1)  # longer than the door's time (15 s): nobody sends what somebody still sends
LONGEST_ANSWER = 1000  # characters kept

OpenDoor = Callable[[], Door]


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed delivery, with all that is needed to send it without the database."""

    delivery_id: int
    claim: datetime
    url: str
    body: str
    headers: dict[str, str]
    fault: str = ""


def claim(*, endpoint_id: int, now: datetime) -> Letter | None:
    """Takes the next delivery of the endpoint; None when nothing is due, or somebody sends to it at the moment.

    The endpoint's row is locked first: of two workers one finds it held, and one at a time keeps the order. Its key is
    not: an incident that notes an event for it never waits for us.
    """
    with transaction.atomic():
        held = WebhookEndpoint.objects.select_for_update(skip_locked=True, no_key=True).filter(
            pk=endpoint_id, is_active=True
        )
        endpoint = held.exclude(quiet_until__gt=now).first()
        if endpoint is None or endpoint.deliveries.filter(claimed_until__gt=now).exists():
            return None
        row = _sendable(now).filter(endpoint=endpoint).select_related("event").order_by("due_at", "event_id").first()
        return _take(row, endpoint, now) if row else None


def claim_one(*, delivery: WebhookDelivery, now: datetime) -> Letter | None:
    """The same of a test, at once and whether the endpoint is active or not."""
    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=delivery.endpoint_id)
        row = WebhookDelivery.objects.select_related("event").get(pk=delivery.pk)
        is_free = row.state == DeliveryState.DUE and (row.claimed_until is None or row.claimed_until <= now)
        return _take(row, endpoint, now) if is_free else None


def send(letter: Letter, door: Door, clock: Callable[[], datetime]) -> Answer:
    """Posts it and returns what came of it; asks the database nothing.

    Within the door's time, to the very address that was checked, without following redirects. Of a long or endless
    answer the beginning counts.
    """
    began = time.monotonic()
    if letter.fault:
        return Answer(None, 0, error=letter.fault)
    try:
        got = door.request(
            "POST", letter.url, headers=letter.headers, content=letter.body.encode(), listen_s=door.timeout_s
        )
    except DoorError as error:
        return Answer(None, _since(began), error=error.code[:20])
    text = got.body.decode("utf-8", "replace").replace("\0", "")[:LONGEST_ANSWER]
    fault = "" if 200 <= got.status < 300 else "redirect" if 300 <= got.status < 400 else "status"
    pause_s = retry_after(got.headers.get("retry-after", ""), clock())
    return Answer(got.status, _since(began), text, fault, pause_s)


@transaction.atomic
def note(*, letter: Letter, answer: Answer, now: datetime) -> WebhookDelivery | None:
    """Keeps the attempt and what follows from it; None when the endpoint is gone, or another worker took over since."""
    whose = WebhookEndpoint.objects.filter(
        pk__in=WebhookDelivery.objects.filter(pk=letter.delivery_id).values("endpoint")
    )
    endpoint = whose.select_for_update(no_key=True).first()  # always before its deliveries
    rows = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("event")
    row = rows.filter(pk=letter.delivery_id).first()
    if endpoint is None or row is None:
        return None
    WebhookAttempt.objects.create(
        delivery=row, at=now, status=answer.status, milliseconds=answer.milliseconds, answer=answer.text,
        error=answer.error,
    )  # fmt: skip
    if row.claimed_until != letter.claim or row.state != DeliveryState.DUE:
        return None
    verdict = webhook_answer.judge(answer, row.tries, random.random())  # noqa: S311  (spreads waits, guards nothing)
    if verdict.pause:
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(quiet_until=now + verdict.pause)
    _settle(row, endpoint, verdict, now)
    return row


def _settle(row: WebhookDelivery, endpoint: WebhookEndpoint, verdict: webhook_answer.Verdict, now: datetime) -> None:
    row.claimed_until = None
    if verdict.meaning is Meaning.DELIVERED:
        row.state, row.delivered_at = DeliveryState.DELIVERED, now
        WebhookEndpoint.objects.filter(pk=endpoint.pk).update(last_success_at=now)
    elif verdict.meaning is Meaning.AGAIN and row.event.kind != webhook_events.TEST:
        row.due_at = now + verdict.wait
    elif verdict.meaning is Meaning.GONE and row.event.kind != webhook_events.TEST:
        row.due_at = now  # it waits, and leaves first when somebody starts the endpoint again
    else:
        row.state = DeliveryState.FAILED
    row.save(update_fields=["state", "due_at", "claimed_until", "delivered_at"])
    if endpoint.is_active and verdict.meaning is Meaning.GONE:
        webhooks.close(endpoint, EndpointStop.GONE, now)
    elif endpoint.is_active and verdict.meaning is Meaning.GIVEN_UP and not _took_another_since(row, endpoint):
        webhooks.close(endpoint, EndpointStop.EXHAUSTED, now)


def _took_another_since(row: WebhookDelivery, endpoint: WebhookEndpoint) -> bool:
    """An endpoint that refuses one message and takes the others is not away: only that one is given up."""
    return endpoint.last_success_at is not None and endpoint.last_success_at >= row.event.happened_at


def _sendable(now: datetime) -> QuerySet[WebhookDelivery]:
    """What is due, held back by no earlier event of its subject. What is withheld neither leaves nor holds back."""
    waiting = WebhookDelivery.objects.filter(state=DeliveryState.DUE, event__withheld_at__isnull=True)
    earlier = waiting.filter(
        endpoint=OuterRef("endpoint"), event__subject=OuterRef("event__subject"), event_id__lt=OuterRef("event_id")
    )
    return waiting.filter(~Exists(earlier), due_at__lte=now).exclude(event__kind=webhook_events.TEST)


def _take(row: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> Letter:
    until = now + CLAIM
    WebhookDelivery.objects.filter(pk=row.pk).update(claimed_until=until, tries=F("tries") + 1)
    event = event_of(row.event)
    body = webhook_events.body_of(event, str(connection.schema_name))  # type: ignore[attr-defined]
    try:
        headers, fault = _signed(webhook_events.message_id(event), body, webhooks.secrets_of(endpoint, now), now), ""
    except vault.Unsealable:
        headers, fault = {}, "unsealable"
    return Letter(row.pk, until, endpoint.url, body, headers, fault)


def event_of(row: WebhookEvent) -> webhook_events.Event:
    """The row as the message says it."""
    return webhook_events.Event(row.uid, row.pk, row.kind, row.happened_at, row.is_drill, row.facts)


def _signed(number: str, body: str, secrets: tuple[str, ...], now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks; while a secret is being replaced both sign."""
    moment = now.astimezone(UTC)  # the library takes the hour of the clock for UTC, whatever its zone
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": number,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(number, moment, body) for one in secrets),
    }


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
