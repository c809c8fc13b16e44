"""API keys: made, rotated, recognised, revoked. The key is shown once; only its SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from agency.choices import Scope
from agency.models import ApiKey, Client, RotaFeed, User
from agency.services import audit

LONGEST_OVERLAP = timedelta(days=30)
_LAST_USE_PRECISION = timedelta(minutes=1)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make(
    *,
    client: Client,
    name: str,
    scopes: Sequence[str],
    by: User,
    now: datetime,
    lifetime: timedelta = timedelta(days=365),
) -> tuple[ApiKey, str]:
    """A key to one client. Returns the row and the key itself, which cannot be read again.

    Raises ValidationError for no scope, or an unknown one.
    """
    if not scopes or set(scopes) - set(Scope.values):
        raise ValidationError({"scopes": f"Choose among {', '.join(Scope.values)}."})
    key = _words()
    row = ApiKey.objects.create(
        client=client,
        name=name,
        prefix=key[:8],
        digest=digest(key),
        scopes=sorted(scopes),
        created_by=by,
        expires_at=now + lifetime,
    )
    audit.note(action="key.made", by=by, now=now, client=client, subject="key", subject_id=row.pk)
    return row, key


@transaction.atomic
def rotate(*, key: ApiKey, by: User, now: datetime, overlap: timedelta = timedelta(days=7)) -> tuple[ApiKey, str]:
    """New words for a living key: the same scopes and end, and what it pushed stays its own. The words before open for
    `overlap` more, so that nothing is cut off while the new ones are put in place; those before them no longer. Words
    that nobody has used yet (a page closed before they were copied) are no words before: the ones in use go on. Without
    overlap the key has leaked: the addresses made with it are taken back too.

    Returns the row and the new words, which cannot be read again. Raises ValidationError for a key that opens nothing
    any more, or an overlap outside 0 to 30 days.
    """
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise ValidationError({"overlap": f"0 to {LONGEST_OVERLAP.days} days."})
    row = ApiKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at is not None or row.expires_at <= now:
        raise ValidationError({"key": "This key opens nothing any more: make another one."})
    words = _words()
    if not overlap or not _are_others_in_use(row, now):
        row.previous_digest, row.previous_used_at = row.digest, None
    row.previous_until = min(row.expires_at, now + overlap)
    row.digest, row.prefix, row.rotated_at = digest(words), words[:8], now
    row.save(update_fields=["digest", "prefix", "rotated_at", "previous_digest", "previous_until", "previous_used_at"])
    if not overlap:
        _take_feeds_back(row, now)
    audit.note(action="key.rotated", by=by, now=now, client=row.client, subject="key", subject_id=row.pk)
    return row, words


def recognise(*, key: str, client: Client, now: datetime) -> ApiKey | None:
    """The living key of that client, or None: unknown, expired, revoked and another client's answer alike."""
    told = digest(key)
    before = Q(previous_digest=told, previous_until__gt=now)
    row = ApiKey.objects.filter(
        Q(digest=told) | before, client=client, expires_at__gt=now, revoked_at__isnull=True, client__is_active=True
    ).first()
    if row:
        _note_use(row, "last_used_at" if row.digest == told else "previous_used_at", now)
    return row


def _note_use(row: ApiKey, field: str, now: datetime) -> None:
    """When it was last used, to the minute; of the words before a rotation apart: somebody has still to change."""
    last = getattr(row, field)
    is_first = field == "last_used_at" and row.rotated_at is not None and last is not None and last < row.rotated_at
    if last is None or is_first or now - last > _LAST_USE_PRECISION:
        ApiKey.objects.filter(pk=row.pk).update(**{field: now})


def _are_others_in_use(row: ApiKey, now: datetime) -> bool:
    """Whether the words before still open, and nobody has used the present ones."""
    is_unused = row.last_used_at is None or (row.rotated_at is not None and row.last_used_at < row.rotated_at)
    return is_unused and row.previous_until is not None and row.previous_until > now


def _take_feeds_back(key: ApiKey, now: datetime) -> None:
    RotaFeed.objects.filter(key=key, revoked_at__isnull=True).update(revoked_at=now)


def _words() -> str:
    return f"rmp_{secrets.token_urlsafe(32)}"


@transaction.atomic
def revoke(*, key: ApiKey, by: User, now: datetime) -> ApiKey:
    """The key opens nothing from now on, nor do the addresses made with it; revoking twice keeps the first time."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now):
        _take_feeds_back(key, now)
        audit.note(action="key.revoked", by=by, now=now, client=key.client, subject="key", subject_id=key.pk)
    key.refresh_from_db()
    return key
