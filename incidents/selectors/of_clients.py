"""One question asked of the clients a person may see, as one query whatever their number."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from agency.models import Client


def ask(query: str, clients: Sequence[Client], values: dict[str, Any], make: Callable[..., Any]) -> list[Any]:
    """The query in each client's schema, as one UNION ALL; its first column says whose row it is."""
    if not clients:
        return []
    known = {client.pk: client for client in clients}
    literals = {name: sql.Literal(value) for name, value in values.items()}
    parts = [
        sql.SQL(query).format(client=sql.Literal(client.pk), schema=sql.Identifier(client.schema_name), **literals)
        for client in clients
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return [make(known[row[0]], *row[1:]) for row in cursor.fetchall()]
