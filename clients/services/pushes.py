"""Mentions that an integrator pushes: taken in once, even when the same push is sent again."""

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from agency.models import ApiKey
from clients.choices import SourceKind
from clients.listening.batch import decode_batch
from clients.models import PushReceipt, Source
from clients.selectors import pushed
from clients.services.ingest import ingest

RECEIPT_LIFE = timedelta(hours=24)
_ONE_AT_A_TIME = (
    "SELECT pg_try_advisory_xact_lock(hashtextextended(current_schema() || '.push.' || %s || '.' || %s, 0))"
)


@dataclass(frozen=True)
class Pushed:
    """How many were new, how many known, and how many of these were edited; first and last number given.

    `is_repeat`: an earlier answer, given again.
    """

    new: int
    known: int
    edited: int
    first_seq: int | None
    last_seq: int | None
    is_repeat: bool = False


@dataclass(frozen=True)
class ToldDeleted:
    """How many mentions were marked as gone, how many were marked already, how many ids are unknown here."""

    deleted: int
    already: int
    unknown: int


class SamePushRunning(Exception):
    """A push with the same idempotency key has not been answered yet."""


class KeyUsedForAnother(Exception):
    """The idempotency key was used, less than a day ago, with another body."""


def source_of(key: ApiKey) -> Source:
    """The source that holds what this key pushes, made at its first push and named after it."""
    source = Source.objects.filter(api_key_id=key.pk).first()
    if source is None:
        name = f"API · {key.name}"[:90]
        if Source.objects.filter(name=name).exists():
            name = f"{name} ({key.pk})"
        source, _made = Source.objects.get_or_create(api_key_id=key.pk, defaults={"name": name, "kind": SourceKind.API})
    return source


@transaction.atomic
def push(*, key: ApiKey, body: bytes, idempotency_key: str, now: datetime) -> Pushed:
    """Takes in a batch of JSON mentions, all or nothing.

    Raises listening.batch.BatchError (rows that cannot be taken in), SamePushRunning and KeyUsedForAnother. With an
    `idempotency_key` the answer is kept for 24 hours, with the mentions: a push cut off half-way leaves neither.
    """
    if not idempotency_key:
        return _take_in(key, body, now)
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [str(key.pk), idempotency_key])
        if not cursor.fetchone()[0]:
            raise SamePushRunning
    digest = hashlib.sha256(body).hexdigest()
    receipts = PushReceipt.objects.filter(api_key_id=key.pk, key=idempotency_key)
    receipts.filter(received_at__lt=now - RECEIPT_LIFE).delete()
    receipt = receipts.first()
    if receipt is not None:
        if receipt.body_sha256 != digest:
            raise KeyUsedForAnother
        return Pushed(**{"edited": 0, **receipt.answer, "is_repeat": True})  # a receipt of yesterday's version
    taken = _take_in(key, body, now)
    PushReceipt.objects.create(
        api_key_id=key.pk, key=idempotency_key, body_sha256=digest, answer=asdict(taken), received_at=now
    )
    return taken


def tell_deleted(*, key: ApiKey, external_ids: Sequence[str], now: datetime) -> ToldDeleted:
    """Marks what this key pushed and the source has deleted; our copy stays. Told again, it changes nothing."""
    wanted = set(external_ids)
    source = source_of(key)
    known = pushed.known_ids(source, wanted)
    deleted = ingest(source=source, raws=(), deleted=[one for one, is_gone in known.items() if not is_gone], now=now)
    return ToldDeleted(deleted.deleted, len(known) - deleted.deleted, len(wanted) - len(known))


def forget_old(*, now: datetime) -> int:
    """Deletes the receipts older than 24 hours; returns how many."""
    return PushReceipt.objects.filter(received_at__lt=now - RECEIPT_LIFE).delete()[0]


def _take_in(key: ApiKey, body: bytes, now: datetime) -> Pushed:
    with _uncollected():
        taken = ingest(source=source_of(key), raws=decode_batch(body), now=now)
    return Pushed(taken.new, taken.known, taken.edited, taken.first_id, taken.last_id)


@contextmanager
def _uncollected() -> Iterator[None]:
    """A batch makes thousands of objects and no cycle: looking for some among them costs a tenth of the push.

    The collector is always on again afterwards, whatever other threads do: at worst it comes back a little early.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
