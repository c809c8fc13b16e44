"""Stages 1 and 2: a source is read, and what it brought is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from clients.listening.collectors import registry
from clients.listening.collectors.protocol import (
    CollectError,
    Fetched,
    OutgoingNetwork,
    PassingFailure,
    PermanentFailure,
)
from clients.listening.words import Words
from clients.models import Source
from clients.selectors.sources import free_at
from clients.services.ingest import Ingested, ingest

CLAIM = timedelta(minutes=2)  # a reading takes seconds; after this its worker is taken for dead
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_ADDRESS = 2_000
_NOTHING = Ingested(0, 0)
_OURS_BROKE = Words(
    "Rempart n’a pas su lire cette source\u00a0: l’agence est prévenue",
    "Rempart could not read this source: the agency is told",
)


@dataclass(frozen=True)
class Heard:
    """What one reading came to: `outcome` is read, unchanged, failed, stopped, or taken (another is reading it)."""

    outcome: str
    taken_in: Ingested = _NOTHING


class ClaimLost(Exception):
    """The reading took longer than its claim, and somebody else took the source over: what we brought is dropped."""


def listen(*, source: Source, http: OutgoingNetwork, now: datetime) -> Heard:
    """Reads the source once: claim, collect, keep what is new together with the cursor, note when to come back.

    A worker that dies on the way leaves nothing but its claim, which expires. Failures are noted on it in words.
    """
    claim = now + CLAIM
    if not _claim(source, now, claim):
        return Heard("taken")
    try:
        fetched = registry.fetch(source.kind, {**source.settings, "url": source.url}, source.cursor, http=http, now=now)
    except PassingFailure as failure:
        return _put_off(source, claim, failure, now)
    except PermanentFailure as failure:
        return _stop(source, claim, failure, now)
    try:
        with transaction.atomic():
            taken_in = ingest(source=source, raws=fetched.mentions, now=now)
            _note_success(source, claim, fetched, now)
    except ClaimLost:
        return Heard("taken")
    return Heard("unchanged" if fetched.unchanged else "read", taken_in)


def push_later(*, source: Source, now: datetime) -> None:
    """Puts off a source whose reading broke in our own hands, so that it does not stand in the way of the others."""
    failure = PassingFailure("broken", _OURS_BROKE)
    Source.objects.filter(pk=source.pk).update(**_failed(source, failure, now), due_at=now + _pause(source, None))


def _claim(source: Source, now: datetime, claim: datetime) -> bool:
    free = Source.objects.filter(
        free_at(now), Q(due_at__isnull=True) | Q(due_at__lte=now), pk=source.pk, is_active=True
    )
    if not free.update(claimed_until=claim, last_tried_at=now):
        return False
    source.refresh_from_db()
    return True


def _release(source: Source, claim: datetime, **changes: Any) -> bool:
    """Writes the outcome if the claim is still ours."""
    return bool(Source.objects.filter(pk=source.pk, claimed_until=claim).update(claimed_until=None, **changes))


def _note_success(source: Source, claim: datetime, fetched: Fetched, now: datetime) -> None:
    moved = fetched.moved_to if 0 < len(fetched.moved_to) <= LONGEST_ADDRESS else source.url
    kept = _release(
        source,
        claim,
        cursor=fetched.cursor,
        url=moved,
        due_at=now + timedelta(seconds=source.every_seconds),
        last_success_at=now,
        failures=0,
        last_error=" ; ".join(note.fr for note in fetched.notes),
        last_error_en="; ".join(note.en for note in fetched.notes),
    )
    if not kept:
        raise ClaimLost


def _put_off(source: Source, claim: datetime, failure: PassingFailure, now: datetime) -> Heard:
    _release(source, claim, **_failed(source, failure, now), due_at=now + _pause(source, failure.retry_after))
    return Heard("failed")


def _stop(source: Source, claim: datetime, failure: PermanentFailure, now: datetime) -> Heard:
    _release(source, claim, **_failed(source, failure, now), is_active=False, due_at=None)
    return Heard("stopped")


def _failed(source: Source, failure: CollectError, now: datetime) -> dict[str, Any]:
    words = {"last_error": failure.words_fr, "last_error_en": failure.words_en}
    return {**words, "failures": source.failures + 1, "last_tried_at": now}


def _pause(source: Source, asked: float | None) -> timedelta:
    """Twice as long after each failure, up to six hours; never less than the source asks for."""
    ours = min(timedelta(seconds=source.every_seconds) * 2 ** min(source.failures, 12), LONGEST_PAUSE)
    return max(ours, timedelta(seconds=asked or 0))
