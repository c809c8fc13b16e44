"""How a signed-in member of staff enters a client's host: a short-lived, single-use, audited pass."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from agency.access import client_for
from agency.models import Client, HandOver, User
from agency.roles import Can, can
from agency.services import audit

_LONGEST_PATH = 300


class PassRefused(ValueError):
    """The pass is unknown, used, out of date, for another client, or its owner lost the right meanwhile."""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(*, by: User, schema_name: str, path: str, address: str | None, now: datetime) -> tuple[Client, str]:
    """A pass for `by` to the client of that schema, good once and for HAND_OVER_SECONDS.

    `path` is where to go on the client's host (a local path, else "/"). Returns the client and the secret token,
    which is not kept. Raises Http404 when the person may not see the client.
    """
    client = client_for(by, schema_name, Can.READ_DESK)
    is_local = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    safe = path if is_local and len(path) <= _LONGEST_PATH and path.isprintable() else "/"
    token = secrets.token_urlsafe(32)
    HandOver.objects.create(
        user=by,
        client=client,
        digest=_digest(token),
        path=safe,
        created_at=now,
        expires_at=now + timedelta(seconds=settings.HAND_OVER_SECONDS),
    )
    audit.note(action="handover.issued", by=by, now=now, client=client, address=address)
    return client, token


def redeem(*, token: str, client: Client, address: str | None, now: datetime) -> HandOver:
    """Uses the pass up and returns it; raises PassRefused when it is not good here and now.

    A pass that is shown at its door is spent, even when its owner lost the right meanwhile; one shown elsewhere or
    too late is left as it is. Each refusal of a known pass is in the trail.
    """
    handover = HandOver.objects.select_related("user", "client").filter(digest=_digest(token)).first()
    if handover is None:
        raise PassRefused
    good = HandOver.objects.filter(pk=handover.pk, client=client, used_at__isnull=True, expires_at__gt=now)
    if not good.update(used_at=now) or not can(handover.user, client, Can.READ_DESK):
        audit.note(action="handover.refused", by=handover.user, now=now, client=handover.client, address=address)
        raise PassRefused
    audit.note(action="handover.used", by=handover.user, now=now, client=client, address=address)
    return handover


def keep_session(*, handover: HandOver, session_key: str) -> None:
    """Notes the session that the pass opened, so that signing out of the agency ends it."""
    HandOver.objects.filter(pk=handover.pk).update(session_key=session_key)
