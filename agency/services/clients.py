"""Opening and closing the house to a client."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from agency.models import Client, Domain, User
from agency.services import audit, schemas


@transaction.atomic
def open_client(
    *, schema_name: str, name: str, host: str = "", language: str = "fr", by: User | None, now: datetime
) -> Client:
    """Makes the client, its host and its schema, all or nothing.

    `host` defaults to the schema's name (with - for _) under CLIENT_HOST_SUFFIX. Raises ValidationError when the
    schema's name is malformed or taken, or the host is taken.
    """
    client = Client(schema_name=schema_name, name=name, language=language)
    client.full_clean()
    host = (host or f"{schema_name.replace('_', '-')}.{settings.CLIENT_HOST_SUFFIX}").lower()
    if host == settings.AGENCY_HOST or Domain.objects.filter(domain=host).exists():
        raise ValidationError({"host": f"{host} is taken."})
    schemas.make_schema(schema_name)
    client.save()
    Domain.objects.create(tenant=client, domain=host, is_primary=True)
    audit.note(action="client.opened", by=by, now=now, client=client, subject="client", subject_id=client.pk)
    return client
