"""Answers kept for a day: a request sent again with the same Idempotency-Key gets the same answer and makes nothing.

The key is claimed by a row of its own, committed before the work begins; the answer is kept in the transaction of what
was made, so that both are there or neither. A worker that dies leaves a claim that ends by itself.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import QuerySet

from clients.models import KeptAnswer

LIFE = timedelta(hours=24)
CLAIM = timedelta(minutes=3)  # longer than any request may take


class StillRunning(Exception):
    """The same request is being answered at this moment, or its claim was lost to another worker meanwhile."""


class UsedForAnother(Exception):
    """The key was used, less than a day ago, with another method, address or body."""


def claim(*, api_key_id: int, key: str, request_sha256: str, now: datetime) -> KeptAnswer:
    """The row of that key: with a status it is the answer to give again, without one it is the caller's to work on.

    A claim that ran out left nothing behind: the key is free, for the same or for another request. Raises StillRunning,
    UsedForAnother.
    """
    fresh = {"request_sha256": request_sha256, "asked_at": now, "claimed_until": now + CLAIM}
    try:
        row, is_new = KeptAnswer.objects.get_or_create(api_key_id=api_key_id, key=key, defaults=fresh)
    except IntegrityError as error:  # somebody had it when we wrote, and let go of it before we looked
        raise StillRunning from error
    if is_new:
        return row
    is_dead = row.status is None and row.claimed_until <= now
    if is_dead or row.asked_at <= now - LIFE:
        return _taken_over(row, fresh)
    if row.request_sha256 != request_sha256:
        raise UsedForAnother
    if row.status is None:
        raise StillRunning
    return row


def keep(*, claimed: KeptAnswer, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keeps the answer; called in the transaction of what was made. Raises StillRunning when the claim was lost."""
    kept = _mine(claimed).update(status=status, headers=dict(headers), body=body)
    if not kept:
        raise StillRunning


def release(*, claimed: KeptAnswer) -> None:
    """Nothing was made: the key may be used again, for the same or for another request."""
    _mine(claimed).delete()


def forget_old(*, now: datetime) -> int:
    """Deletes the answers older than a day; returns how many."""
    return KeptAnswer.objects.filter(asked_at__lte=now - LIFE).delete()[0]


def _mine(claimed: KeptAnswer) -> QuerySet[KeptAnswer]:
    return KeptAnswer.objects.filter(pk=claimed.pk, claimed_until=claimed.claimed_until, status=None)


def _taken_over(row: KeptAnswer, fresh: Mapping[str, object]) -> KeptAnswer:
    """An old answer, or a claim that ran out, begun anew by one worker alone."""
    same = KeptAnswer.objects.filter(pk=row.pk, claimed_until=row.claimed_until, asked_at=row.asked_at)
    if not same.update(**fresh, status=None, headers={}, body=""):
        raise StillRunning
    row.refresh_from_db()
    return row
