"""Addresses that show a client's rota as a calendar: made, recognised, taken back."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from agency.models import ApiKey, Client, RotaFeed, User
from agency.services import audit

_LAST_USE_PRECISION = timedelta(minutes=1)


def digest(secret: str) -> str:
    return hashlib.sha256(f"rota:{secret}".encode()).hexdigest()


@transaction.atomic
def make(*, client: Client, name: str, key: ApiKey, now: datetime) -> tuple[RotaFeed, str]:
    """An address for that client's rota, made with a key. Returns the row and the secret part, shown this once."""
    secret = secrets.token_urlsafe(24)
    feed = RotaFeed.objects.create(client=client, name=name, digest=digest(secret), key=key, made_at=now)
    note = {"name": name, "key": key.name}
    audit.note(action="feed.made", by=None, now=now, client=client, subject="feed", subject_id=feed.pk, detail=note)
    return feed, secret


def recognise(*, secret: str, client: Client, now: datetime) -> RotaFeed | None:
    """The living address of that client; unknown, taken back and another client's answer alike."""
    feed = RotaFeed.objects.filter(
        digest=digest(secret), client=client, revoked_at__isnull=True, client__is_active=True
    ).first()
    if feed and (feed.last_used_at is None or now - feed.last_used_at > _LAST_USE_PRECISION):
        RotaFeed.objects.filter(pk=feed.pk).update(last_used_at=now)
    return feed


@transaction.atomic
def revoke(*, feed: RotaFeed, by: User | ApiKey, now: datetime) -> RotaFeed:
    """The address shows nothing from now on; twice keeps the first time. By a person or with a key."""
    if RotaFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=now):
        person, key = (by, None) if isinstance(by, User) else (None, by)
        note = {"name": feed.name, **({"key": key.name} if key else {})}
        audit.note(
            action="feed.revoked", by=person, now=now, client=feed.client, subject="feed", subject_id=feed.pk,
            detail=note,
        )  # fmt: skip
    feed.refresh_from_db()
    return feed
