"""A client's schema: recorded once as SQL, replayed for each new client, and asked whether it is behind."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import schema_context
from psycopg import sql

from agency.models import Client, SchemaTemplate

RECORDING = "template_recording"


def tenant_migrations() -> set[tuple[str, str]]:
    """(app, name) of every migration that a client's schema must have run, as found on disk.

    The replaced parts of a squashed migration do not count.
    """
    loader = MigrationLoader(None)
    return {key for key in loader.graph.nodes if key[0] in settings.TENANT_APPS}


def _run_migrations() -> set[tuple[str, str]]:
    """Every migration as `migrate_schemas` runs them in a client's schema: shared apps are recorded, not applied."""
    return set(MigrationLoader(None).graph.nodes)


def template_key() -> str:
    """SHA-256 of the names of all migrations: a new migration makes a new template."""
    return hashlib.sha256(json.dumps(sorted(_run_migrations())).encode()).hexdigest()


def behind() -> list[str]:
    """Schemas of clients that lack a migration, in one query whatever the number of clients."""
    wanted = tenant_migrations()
    schemas = list(Client.objects.order_by("id").values_list("schema_name", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname FROM pg_tables WHERE tablename = 'django_migrations' AND schemaname = ANY(%s)", [schemas]
        )
        made = {name for (name,) in cursor.fetchall()}
        done: dict[str, set[tuple[str, str]]] = {name: set() for name in made}
        if made:
            cursor.execute(_applied_query(sorted(made)), [settings.TENANT_APPS] * len(made))
            for schema, app, name in cursor.fetchall():
                done[schema].add((app, name))
    return [name for name in schemas if name not in made or not wanted <= done[name]]


def _applied_query(schemas: Iterable[str]) -> sql.Composed:
    part = "SELECT {name}, app, name FROM {table} WHERE app = ANY(%s)"
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(part).format(name=sql.Literal(schema), table=sql.Identifier(schema, "django_migrations"))
        for schema in schemas
    )


class _Recorder:
    """A connection wrapper that writes down every statement that changes something."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(
        self, execute: Callable[..., Any], query: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        text = str(query) if params is None else context["cursor"].mogrify(query, params)
        # SELECT and SHOW only ask; SET moves the recording's own connection about. But Django begins the dropping of a
        # foreign key with SET CONSTRAINTS, in one statement.
        if text.startswith("SET CONSTRAINTS") or (
            text.split(None, 1)[0].upper() not in {"SELECT", "SHOW", "SET", "SAVEPOINT", "RELEASE"}
        ):
            self.statements.append(text)
        return execute(query, params, many, context)


@transaction.atomic
def record_template() -> SchemaTemplate:
    """Runs all migrations once in a throw-away schema and keeps what they said. About three seconds, once a release."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('rempart.template'))")
    known = SchemaTemplate.objects.filter(key=template_key()).first()
    if known:
        return known
    recorder = _Recorder()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {RECORDING} CASCADE")
        cursor.execute(f"CREATE SCHEMA {RECORDING}")
    with schema_context(RECORDING), connection.execute_wrapper(recorder):
        # Public's own table of migrations must not be seen, or nothing would be run.
        connection.set_schema(RECORDING, include_public=False)  # type: ignore[attr-defined]
        MigrationRecorder(connection).ensure_schema()
        connection.set_schema(RECORDING)  # type: ignore[attr-defined]
        call_command(MigrateCommand(), verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {RECORDING} CASCADE")
    SchemaTemplate.objects.all().delete()
    return SchemaTemplate.objects.create(key=template_key(), statements=recorder.statements)


def make_schema(schema_name: str) -> None:
    """Creates the schema and replays the template into it; call it inside the transaction that makes the client's row.

    Raises django.db.ProgrammingError when the schema exists already.
    """
    template = record_template()
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema_name)))
    with schema_context(schema_name), connection.cursor() as cursor:
        cursor.execute(";\n".join(part.rstrip().rstrip(";") for part in template.statements))
