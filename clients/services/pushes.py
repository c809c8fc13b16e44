"""Mentions that an integrator pushes: what is known already is not taken in again."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from agency.models import ApiKey
from clients.choices import SourceKind
from clients.listening.batch import decode_batch
from clients.models import Source
from clients.selectors import pushed
from clients.services.ingest import ingest


@dataclass(frozen=True)
class Pushed:
    """How many were new, how many known, and how many of these were edited; first and last number given."""

    new: int
    known: int
    edited: int
    first_seq: int | None
    last_seq: int | None


@dataclass(frozen=True)
class ToldDeleted:
    """How many mentions were marked as gone, how many were marked already, how many ids are unknown here."""

    deleted: int
    already: int
    unknown: int


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
def push(*, key: ApiKey, body: bytes, now: datetime) -> Pushed:
    """Takes in a batch of JSON mentions, all or nothing.

    Raises listening.batch.BatchError (rows that cannot be taken in).
    """
    with _uncollected():
        taken = ingest(source=source_of(key), raws=decode_batch(body), now=now)
    return Pushed(taken.new, taken.known, taken.edited, taken.first_id, taken.last_id)


def tell_deleted(*, key: ApiKey, external_ids: Sequence[str], now: datetime) -> ToldDeleted:
    """Marks what this key pushed and the source has deleted; our copy stays. Told again, it changes nothing."""
    wanted = set(external_ids)
    source = source_of(key)
    known = pushed.known_ids(source, wanted)
    deleted = ingest(source=source, raws=(), deleted=[one for one, is_gone in known.items() if not is_gone], now=now)
    return ToldDeleted(deleted.deleted, len(known) - deleted.deleted, len(wanted) - len(known))


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
