"""Opening and closing the house to a client."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _

from agency import zones
from agency.choices import Country
from agency.models import Client, Domain, User
from agency.services import audit, schemas

_RESERVED = frozenset({"public", "information_schema", "extensions", schemas.RECORDING})


def default_host(schema_name: str) -> str:
    """The schema's name, with - for _, under CLIENT_HOST_SUFFIX."""
    return f"{schema_name.replace('_', '-')}.{settings.CLIENT_HOST_SUFFIX}"


def check_names(*, schema_name: str, host: str) -> str:
    """The host as it will be kept; raises ValidationError when a name is reserved or taken, or never answered here."""
    host = (host or default_host(schema_name)).lower()
    if schema_name in _RESERVED or schema_name.startswith("pg_"):
        raise ValidationError({"schema_name": _("This name is reserved.")})
    if not split_domain_port(host)[0] or ":" in host or not validate_host(host, settings.ALLOWED_HOSTS):
        raise ValidationError({"host": _("This house does not answer on %(host)s.") % {"host": host}})
    if host == settings.AGENCY_HOST or Domain.objects.filter(domain=host).exists():
        raise ValidationError({"host": _("%(host)s is taken.") % {"host": host}})
    return host


@transaction.atomic
def open_client(
    *,
    schema_name: str,
    name: str,
    host: str = "",
    language: str = "fr",
    country: str = Country.FRANCE,
    timezone: str = settings.TIME_ZONE,
    by: User | None,
    now: datetime,
) -> Client:
    """Makes the client, its host and its schema, all or nothing.

    `host` defaults to the schema's name (with - for _) under CLIENT_HOST_SUFFIX; `country` is of choices.Country, ""
    where its public holidays are not known; `timezone` an IANA name. Raises ValidationError when the schema's name is
    malformed, reserved or taken, the host is taken or not one of ours, or there is no such time zone.
    """
    client = Client(schema_name=schema_name, name=name, language=language, country=country, timezone=timezone)
    client.full_clean()
    if timezone not in zones.names():
        raise ValidationError({"timezone": _("This time zone does not exist: %(name)s.") % {"name": timezone}})
    host = check_names(schema_name=schema_name, host=host)
    schemas.make_schema(schema_name)
    client.save()
    Domain.objects.create(tenant=client, domain=host, is_primary=True)
    audit.note(action="client.opened", by=by, now=now, client=client, subject="client", subject_id=client.pk)
    return client


@transaction.atomic
def deactivate(*, client: Client, by: User, now: datetime) -> Client:
    """The client's host answers 404, its tasks and keys stop; nothing is deleted."""
    if Client.objects.filter(pk=client.pk, is_active=True).update(is_active=False):
        audit.note(action="client.deactivated", by=by, now=now, client=client, subject="client", subject_id=client.pk)
    client.refresh_from_db()
    return client


@transaction.atomic
def reactivate(*, client: Client, by: User, now: datetime) -> Client:
    """The client's host, tasks and keys work again, with everything as it was."""
    if Client.objects.filter(pk=client.pk, is_active=False).update(is_active=True):
        audit.note(action="client.reactivated", by=by, now=now, client=client, subject="client", subject_id=client.pk)
    client.refresh_from_db()
    return client
