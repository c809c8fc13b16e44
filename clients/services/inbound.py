"""Addresses to which tools post what they find: one a source, its secret shown once and kept as a hash."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency import vault
from agency.models import Client, User
from agency.services import audit
from clients.choices import SourceKind
from clients.listening import posted, signatures
from clients.models import InboundAddress, Source
from clients.services.ingest import ingest

SUITES = (SourceKind.BRANDWATCH, SourceKind.TALKWALKER, SourceKind.MENTION, SourceKind.YOUSCAN)
_USE_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class Received:
    """How many mentions were new, how many known; how many rows were left out, having no text or no shape."""

    new: int
    known: int
    left_out: int


class NotGenuine(Exception):
    """The address asks for signatures, and this body has none that holds."""


def can_be_posted_to(source: Source) -> bool:
    """Suites, and sources made for a tool that pushes; what an API key pushes has its own door."""
    return source.kind in SUITES or (source.kind == SourceKind.API and source.api_key_id is None)


def source_for(*, name: str) -> Source:
    """A source for a tool that can only post. Raises ValidationError when the name is taken."""
    if Source.objects.filter(name=name[:100]).exists():
        raise ValidationError({"name": _("A source has this name already.")}, code="name_taken")
    return Source.objects.create(name=name[:100], kind=SourceKind.API)


@transaction.atomic
def open_address(
    *, source: Source, client: Client, by: User, now: datetime, signing_secret: str = ""
) -> tuple[InboundAddress, str]:
    """Makes the source's address, or a new one in the place of the old, which opens nothing any more.

    Returns the row and the secret of the address, which cannot be read again. With a `signing_secret` only bodies
    signed with it are taken in; without one, that of the old address stays. Raises ValidationError for a source that
    nobody posts to.
    """
    if not can_be_posted_to(source):
        raise ValidationError(_("Nothing can be posted to a source of this kind."), code="wrong_kind")
    secret = secrets.token_urlsafe(32)
    changes = {"digest": digest(secret), "made_at": now, "by": by, "last_used_at": None}
    if signing_secret:
        changes["sealed"] = vault.seal({"signing": signing_secret})
    address, _made = InboundAddress.objects.update_or_create(source=source, defaults=changes)
    audit.note(action="inbound.opened", by=by, now=now, client=client, subject="clients.source", subject_id=source.pk)
    return address, secret


@transaction.atomic
def close_address(*, address: InboundAddress, client: Client, by: User, now: datetime) -> None:
    """The address opens nothing from now on; what came by it stays."""
    source_id = address.source_id
    if InboundAddress.objects.filter(pk=address.pk).delete()[0]:
        audit.note(
            action="inbound.closed", by=by, now=now, client=client, subject="clients.source", subject_id=source_id
        )


def recognise(secret: str) -> InboundAddress | None:
    """The address with that secret, of a source that is active; unknown and closed ones answer alike.

    Looked up by its hash: how long it takes tells nothing of the secret.
    """
    return InboundAddress.objects.select_related("source").filter(digest=digest(secret), source__is_active=True).first()


def receive(*, address: InboundAddress, headers: Mapping[str, str], body: bytes, now: datetime) -> Received:
    """Takes in what was posted; the same body again adds nothing.

    Raises NotGenuine, and what listening.posted.taken raises for bodies that cannot be taken in.
    """
    signing = vault.unseal(address.sealed).get("signing")
    if signing and not signatures.is_genuine(signing, headers, body, now):
        raise NotGenuine
    found = posted.taken(address.source.kind, body)
    with transaction.atomic():
        kept = ingest(source=address.source, raws=found.mentions, now=now)
        _note_use(address, now)
    return Received(kept.new, kept.known, sum(found.left_out.values()))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _note_use(address: InboundAddress, now: datetime) -> None:
    if address.last_used_at is None or now - address.last_used_at > _USE_PRECISION:
        InboundAddress.objects.filter(pk=address.pk).update(last_used_at=now)
        if address.source.kind == SourceKind.API:  # one that we read ourselves has successes of its own
            Source.objects.filter(pk=address.source_id).update(last_success_at=now)
