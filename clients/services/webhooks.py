"""Addresses of the client's own tools that are told what happens: made, changed, stopped, their secrets replaced."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from agency import vault
from agency.mail import Post
from agency.models import Client, User
from agency.services import audit
from clients.choices import DeliveryState, EndpointStop
from clients.models import WebhookDelivery, WebhookEndpoint
from clients.services.lead_mail import page_at, tell_leads
from clients.webhook_events import CODES

BOTH_SIGN = timedelta(hours=24)
NOT_YET_IN_PLACE = timedelta(minutes=10)
SECRET_BYTES = 32
MOST_ENDPOINTS = 20  # of a client
TELL_AGAIN = timedelta(minutes=10)  # when the mail server did not take it


@transaction.atomic
def make(
    *,
    client: Client,
    url: str,
    events: Sequence[str],
    description: str = "",
    wants_drills: bool = False,
    by: User,
    now: datetime,
) -> tuple[WebhookEndpoint, str]:
    """An address that is told those events from now on. Returns the row and its secret, which is shown this once.

    Raises ValidationError (url, events; twice, too_many).
    """
    _one_at_a_time()
    if WebhookEndpoint.objects.count() >= MOST_ENDPOINTS:
        raise ValidationError(_("A client has %(most)d webhooks at most.") % {"most": MOST_ENDPOINTS}, code="too_many")
    secret = _new_secret()
    made = WebhookEndpoint.objects.create(
        url=_only_here(_checked_url(url)),
        events=_checked_events(events),
        description=" ".join(description.split())[:200],
        wants_drills=wants_drills,
        sealed=vault.seal_text(secret),
        by=by,
        made_at=now,
    )
    _note("made", made, client, by, now)
    return made, secret


@transaction.atomic
def change(
    *,
    endpoint: WebhookEndpoint,
    client: Client,
    url: str,
    events: Sequence[str],
    description: str = "",
    wants_drills: bool = False,
    by: User,
    now: datetime,
) -> WebhookEndpoint:
    """Another address, other events: of what happens from now on. Raises ValidationError (url, events; twice)."""
    _one_at_a_time()
    locked = _locked(endpoint)
    locked.url, locked.events = _only_here(_checked_url(url), besides=endpoint), _checked_events(events)
    locked.description, locked.wants_drills = " ".join(description.split())[:200], wants_drills
    locked.save(update_fields=["url", "events", "description", "wants_drills"])
    _note("changed", locked, client, by, now)
    return locked


@transaction.atomic
def rotate(*, endpoint: WebhookEndpoint, client: Client, by: User, now: datetime) -> tuple[WebhookEndpoint, str]:
    """A new secret, shown this once. For a day both sign, so that the tool can change over without missing anything.

    One that is replaced within minutes was never put in place (a button pressed twice, a page closed before it was
    copied): the one before it goes on signing, which the tool still knows.
    """
    locked, secret = _locked(endpoint), _new_secret()
    if locked.before_until is None or now >= locked.before_until - BOTH_SIGN + NOT_YET_IN_PLACE:
        locked.sealed_before, locked.before_until = locked.sealed, now + BOTH_SIGN
    locked.sealed = vault.seal_text(secret)
    locked.save(update_fields=["sealed", "sealed_before", "before_until"])
    _note("rotated", locked, client, by, now)
    return locked, secret


@transaction.atomic
def stop(*, endpoint: WebhookEndpoint, client: Client, by: User, now: datetime) -> WebhookEndpoint:
    """It is told nothing any more; what waits for it waits on. Stopping twice keeps the first time.

    One that the machine stopped is left stopped: a person knows, and the desk no longer says it.
    """
    locked = _locked(endpoint)
    if locked.is_active or locked.stopped_because != EndpointStop.PERSON:
        close(locked, EndpointStop.PERSON, now if locked.is_active else locked.stopped_at or now)
        _note("stopped", locked, client, by, now)
    return locked


@transaction.atomic
def start(*, endpoint: WebhookEndpoint, client: Client, by: User, now: datetime) -> WebhookEndpoint:
    """It is told again, what waited for it first. What happened in between was not noted for it."""
    locked = _locked(endpoint)
    if not locked.is_active:
        locked.is_active, locked.stopped_because, locked.stopped_at = True, "", None
        locked.tell_at = locked.quiet_until = None
        locked.save(update_fields=["is_active", "stopped_because", "stopped_at", "tell_at", "quiet_until"])
        waiting = WebhookDelivery.objects.filter(endpoint=locked, state=DeliveryState.DUE)
        waiting.update(due_at=now, tries=0)
        _note("started", locked, client, by, now)
    return locked


@transaction.atomic
def remove(*, endpoint: WebhookEndpoint, client: Client, by: User, now: datetime) -> None:
    """The address, its secret and the story of its deliveries go. The audit trail keeps that it was."""
    locked = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)  # waits for what is being noted for it
    _note("removed", locked, client, by, now)
    locked.delete()


def close(endpoint: WebhookEndpoint, because: str, now: datetime) -> None:
    """Stops a locked row; what the machine stops, the team is to be written to about."""
    endpoint.is_active, endpoint.stopped_because, endpoint.stopped_at = False, because, now
    endpoint.tell_at = None if because == EndpointStop.PERSON else now
    endpoint.save(update_fields=["is_active", "stopped_because", "stopped_at", "tell_at"])


def secrets_of(endpoint: WebhookEndpoint, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now, the newest first. Raises vault.Unsealable."""
    is_changing = endpoint.sealed_before and endpoint.before_until and endpoint.before_until > now
    sealed = (endpoint.sealed, endpoint.sealed_before) if is_changing else (endpoint.sealed,)
    return tuple(vault.unseal_text(one) for one in sealed)


def reseal_all(*, is_rehearsal: bool = False) -> tuple[int, int]:
    """The secrets of the client's endpoints under the first key: (how many, how many that no present key opens)."""
    done = lost = 0
    for endpoint in WebhookEndpoint.objects.order_by("id"):
        try:
            anew = [vault.seal_text(vault.unseal_text(one)) if one else "" for one in (
                endpoint.sealed, endpoint.sealed_before
            )]  # fmt: skip
        except vault.Unsealable:
            lost += 1
            continue
        done += 1
        if not is_rehearsal:
            mine = WebhookEndpoint.objects.filter(pk=endpoint.pk, sealed=endpoint.sealed)
            mine.update(sealed=anew[0], sealed_before=anew[1])
    return done, lost


def tell(*, client: Client, post: Post, now: datetime) -> int:
    """Writes to who leads the client's team about the endpoints that the machine stopped; returns how many.

    The row's hour is moved before anything is sent: two workers never write the same mail.
    """
    told = 0
    for endpoint in WebhookEndpoint.objects.filter(is_active=False, tell_at__lte=now).order_by("id"):
        mine = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=False, tell_at=endpoint.tell_at)
        if not mine.update(tell_at=now + TELL_AGAIN):
            continue
        if _write(client, endpoint, post):
            WebhookEndpoint.objects.filter(pk=endpoint.pk).update(tell_at=None)
            told += 1
    return told


def _write(client: Client, endpoint: WebhookEndpoint, post: Post) -> bool:
    """Whether nothing is left to try: the mail server took it for somebody, or refuses it for good."""

    def say(_language: str) -> tuple[str, str]:
        host = urlsplit(endpoint.url).hostname or ""
        subject = _("%(client)s: a webhook was stopped (%(host)s)") % {"client": client.name, "host": host}
        lines = [
            _("The client’s tool at %(host)s is told nothing any more. %(why)s.")
            % {"host": host, "why": endpoint.get_stopped_because_display()},
            "",
            _("What waits for it is kept 30 days. A director starts it again here:"),
            page_at(client, reverse("client_admin:webhook", args=[endpoint.pk])),
        ]
        return subject, "\n".join(lines)

    key = f"webhook.{endpoint.pk}.{endpoint.stopped_at:%Y%m%d%H%M%S}"
    return tell_leads(client=client, post=post, key=key, say=say).is_over


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _checked_url(url: str) -> str:
    """An https address without a password in it; http only where private addresses are let in (demo, tests)."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    schemes = ("https", "http") if settings.OUTGOING_ALLOW_PRIVATE else ("https",)
    if not host or parts.scheme not in schemes or len(url) > 500 or any(ord(one) < 33 for one in url):
        raise ValidationError({"url": _("Give a whole address that begins with https://.")}, code="url")
    if parts.username is not None or parts.password is not None:
        raise ValidationError({"url": _("Leave name and password out: the signature proves who sends.")}, code="url")
    return url


def _only_here(url: str, *, besides: WebhookEndpoint | None = None) -> str:
    """The address, which no other webhook has: a form sent twice would have the tool told everything twice."""
    same = WebhookEndpoint.objects.filter(url=url)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise ValidationError({"url": _("There is a webhook to this address already.")}, code="twice")
    return url


def _one_at_a_time() -> None:
    """Until the end of the transaction: what is counted and looked for stands."""
    with connection.cursor() as cursor:
        name = f"{connection.schema_name}.webhooks"  # type: ignore[attr-defined]
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


def _checked_events(events: Sequence[str]) -> list[str]:
    if not events or set(events) - set(CODES):
        raise ValidationError({"events": _("Choose at least one event.")}, code="events")
    return [code for code in CODES if code in events]


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)


def _note(act: str, endpoint: WebhookEndpoint, client: Client, by: User, now: datetime) -> None:
    """In the trail with the host only: the rest of an address may hold a token."""
    audit.note(
        action=f"webhook.{act}", by=by, now=now, client=client, subject="clients.webhookendpoint",
        subject_id=endpoint.pk, detail={"host": urlsplit(endpoint.url).hostname},
    )  # fmt: skip
