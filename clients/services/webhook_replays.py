"""Sending again what was sent or given up, a test of an endpoint, and forgetting what is old."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agency.models import Client, User
from agency.services import audit
from clients.choices import DeliveryState
from clients.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from clients.webhook_events import TEST

KEPT = timedelta(days=30)


@transaction.atomic
def replay(*, delivery: WebhookDelivery, client: Client, by: User, now: datetime) -> WebhookDelivery:
    """Sends one again, under the same message id; later events of its subject wait for it.

    Raises ValidationError as `why_not_again` says.
    """
    row = WebhookDelivery.objects.select_for_update(of=("self",)).select_related("event").get(pk=delivery.pk)
    refusal = why_not_again(row)
    if refusal is not None:
        raise refusal
    _again(WebhookDelivery.objects.filter(pk=row.pk), now)
    audit.note(
        action="webhook.replayed", by=by, now=now, client=client, subject="clients.webhookendpoint",
        subject_id=row.endpoint_id, detail={"seq": row.event_id},
    )  # fmt: skip
    row.refresh_from_db()
    return row


def why_not_again(delivery: WebhookDelivery) -> ValidationError | None:
    """Why it is not sent again: withheld (the incident was restricted since), waiting (it leaves anyway), test (another
    one says more); None when nothing stands against it.
    """
    if delivery.event.withheld_at is not None:
        return ValidationError(_("The incident was restricted since: nothing of it leaves."), code="withheld")
    if delivery.event.kind == TEST:
        return ValidationError(_("A test is not sent again: send another one."), code="test")
    if delivery.state == DeliveryState.DUE:
        return ValidationError(_("It is waiting to leave already."), code="waiting")
    return None


@transaction.atomic
def replay_failed(*, endpoint: WebhookEndpoint, since: datetime, client: Client, by: User, now: datetime) -> int:
    """Sends again all that was given up of what happened since; returns how many."""
    given_up = WebhookDelivery.objects.filter(
        endpoint=endpoint, state=DeliveryState.FAILED, event__happened_at__gte=since, event__withheld_at__isnull=True
    ).exclude(event__kind=TEST)
    count = _again(WebhookDelivery.objects.filter(pk__in=given_up.values("pk"), state=DeliveryState.FAILED), now)
    audit.note(
        action="webhook.replayed", by=by, now=now, client=client, subject="clients.webhookendpoint",
        subject_id=endpoint.pk, detail={"since": since.isoformat(), "count": count},
    )  # fmt: skip
    return count


@transaction.atomic
def begin_test(*, endpoint: WebhookEndpoint, client: Client, by: User, now: datetime) -> WebhookDelivery:
    """A message that says nothing but that it arrives; whoever asked for it has it sent at once, and once."""
    event = WebhookEvent.objects.create(
        kind=TEST, subject=f"endpoint/{endpoint.pk}", happened_at=now, facts={"endpoint": endpoint.pk}
    )
    audit.note(
        action="webhook.tested", by=by, now=now, client=client, subject="clients.webhookendpoint",
        subject_id=endpoint.pk,
    )  # fmt: skip
    return WebhookDelivery.objects.create(endpoint=endpoint, event=event, due_at=now)


def forget_old(*, now: datetime) -> int:
    """Events of more than 30 days go with their deliveries and attempts; returns how many rows."""
    return WebhookEvent.objects.filter(happened_at__lt=now - KEPT).delete()[0]


def _again(rows: QuerySet[WebhookDelivery], now: datetime) -> int:
    return rows.update(state=DeliveryState.DUE, due_at=now, claimed_until=None, tries=0, delivered_at=None)
