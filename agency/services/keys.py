"""API keys: made, recognised, revoked. The key is shown once; only its SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from agency.choices import Scope
from agency.models import ApiKey, Client, User
from agency.services import audit

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
    key = f"rmp_{secrets.token_urlsafe(32)}"
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


def recognise(*, key: str, client: Client, now: datetime) -> ApiKey | None:
    """The living key of that client, or None: unknown, expired, revoked and another client's answer alike."""
    row = ApiKey.objects.filter(
        digest=digest(key), client=client, expires_at__gt=now, revoked_at__isnull=True, client__is_active=True
    ).first()
    if row and (row.last_used_at is None or now - row.last_used_at > _LAST_USE_PRECISION):
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


@transaction.atomic
def revoke(*, key: ApiKey, by: User, now: datetime) -> ApiKey:
    """The key opens nothing from now on; revoking twice keeps the first time."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now):
        audit.note(action="key.revoked", by=by, now=now, client=key.client, subject="key", subject_id=key.pk)
    key.refresh_from_db()
    return key
