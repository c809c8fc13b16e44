"""The outbox: what happens is noted for the client's tools in the same transaction, or not at all.

Each service that changes something says so itself, beside its milestones and its log: a log line is words for people,
and what the machine does (two lines at once, a line struck) is no event. Nothing leaves from here: beat wakes the
sending, and the rows say what is due.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from clients.models import WebhookDelivery, WebhookEndpoint, WebhookEvent

# Held until the end of the transaction: an endpoint that is removed meanwhile waits, and takes what was noted with it.
_LISTENERS = """
SELECT * FROM clients_webhookendpoint
WHERE is_active AND events @> ARRAY[%(kind)s]::varchar[] AND (wants_drills OR NOT %(is_drill)s)
ORDER BY id FOR KEY SHARE
"""


def is_wanted(kind: str, *, is_drill: bool = False) -> bool:
    """Whether anybody asks for it: where nobody does, its facts need not be looked up."""
    return bool(_listeners(kind, is_drill))


@transaction.atomic
def note(
    *, kind: str, subject: str, facts: Mapping[str, Any], now: datetime, is_drill: bool = False
) -> WebhookEvent | None:
    """Notes an event for every active endpoint that asks for its kind; None where none does.

    Events of a subject ("incident/12") are numbered one writer at a time, in the order in which they become visible:
    call it last in the transaction that it tells of. `facts` are JSON values.
    """
    endpoints = _listeners(kind, is_drill)
    if not endpoints:
        return None
    _take_the_turn_of(subject)
    event = WebhookEvent.objects.create(
        kind=kind, subject=subject, facts=dict(facts), happened_at=now, is_drill=is_drill
    )
    WebhookDelivery.objects.bulk_create(WebhookDelivery(endpoint=one, event=event, due_at=now) for one in endpoints)
    return event


def withhold(*, subject: str, now: datetime) -> int:
    """Nothing of the subject leaves any more, nor again: it was restricted. Returns how many events that holds back."""
    return WebhookEvent.objects.filter(subject=subject, withheld_at__isnull=True).update(withheld_at=now)


def _listeners(kind: str, is_drill: bool) -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.raw(_LISTENERS, {"kind": kind, "is_drill": is_drill}))


def _take_the_turn_of(subject: str) -> None:
    """Until the end of the transaction: a later number of the subject is never seen before an earlier one."""
    with connection.cursor() as cursor:
        name = f"{connection.schema_name}.webhooks.{subject}"  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
