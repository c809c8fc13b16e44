"""One question asked of all clients at once: what is due is looked up every second, and a query a client adds up."""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import ProgrammingError, connection
from psycopg import sql

from agency.models import Client
from agency.tasks import check_schema

log = logging.getLogger("rempart.across")


def across_clients(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a SELECT over every active client; `{schema}` stands for its schema, `{name}` for the name's text.

    A client whose tables are not as they should be (its migration failed) is left out and logged, not the others.
    """
    schemas = list(Client.objects.filter(is_active=True).order_by("id").values_list("schema_name", flat=True))
    try:
        return _ask(statement, schemas, values)
    except ProgrammingError:
        return [row for schema in schemas for row in _ask_alone(statement, schema, values)]


def _ask_alone(statement: str, schema: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    try:
        return _ask(statement, [schema], values)
    except ProgrammingError:
        log.exception("The tables of %s do not answer: it is left out.", schema)
        return []


def _ask(statement: str, schemas: list[str], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    if not schemas:
        return []
    parts = [
        sql.SQL(statement).format(schema=sql.Identifier(check_schema(schema)), name=sql.Literal(schema))
        for schema in schemas
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts), dict(values))
        return [tuple(row) for row in cursor.fetchall()]
