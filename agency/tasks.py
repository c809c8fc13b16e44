"""Celery tasks that know which client they work for, and refuse to guess."""

import re
from typing import Any

from celery import Task, shared_task
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client

_SCHEMA = re.compile(r"^[a-z][a-z0-9_]{2,40}$")


class NoClient(ValueError):
    """A client's task was called without a client's schema, or with the public one."""


def check_schema(schema_name: object) -> str:
    """The name itself when it can be a client's schema; NoClient for public, missing or malformed names."""
    if not isinstance(schema_name, str) or schema_name == "public" or not _SCHEMA.match(schema_name):
        raise NoClient(f"A client's task needs a client's schema, not {schema_name!r}.")
    return schema_name


class ClientTask(Task):
    """Runs in the schema named by the keyword `schema_name`, which every call must give, and in its client's hours.

    The connection returns to public afterwards, whatever happens: a worker never carries one client's
    schema into the next task.
    """

    abstract = True
    typing = False  # Celery's check of arguments knows only run(), which never sees schema_name

    def apply_async(self, args: Any = None, kwargs: Any = None, **options: Any) -> Any:  # type: ignore[override]
        check_schema((kwargs or {}).get("schema_name"))
        return super().apply_async(args=args, kwargs=kwargs, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        schema_name = check_schema(kwargs.pop("schema_name", None))
        client = Client.objects.filter(schema_name=schema_name, is_active=True).first()
        if client is None:
            raise NoClient(f"No active client has the schema {schema_name!r}.")
        with schema_context(schema_name), timezone.override(client.timezone):
            return self.run(*args, **kwargs)


def client_task(**options: Any) -> Any:
    """`@client_task()`: a Celery task of one client; call it with `task.delay(schema_name=…, …)`."""
    return shared_task(base=ClientTask, **options)


def for_each_client(task: Any, **values: Any) -> int:
    """Sends the client task, with these values, once for each active client; returns how many."""
    schemas = list(Client.objects.filter(is_active=True).order_by("id").values_list("schema_name", flat=True))
    for schema_name in schemas:
        task.delay(schema_name=schema_name, **values)
    return len(schemas)
