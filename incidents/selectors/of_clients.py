"""One question asked of the clients a person may see, as one query whatever their number."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql

from agency.models import Client, User
from incidents.selectors.gate import SEEN_IN_SQL


def ask(query: str, clients: Sequence[Client], values: dict[str, Any], make: Callable[..., Any]) -> list[Any]:
    """The query in each client's schema, as one UNION ALL; its first column says whose row it is.

    A query that reads incidents names them `i` and says `AND {seen}`: those that the `person` of the values may know
    of, nothing restricted when that is None.
    """
    if not clients:
        return []
    known = {client.pk: client for client in clients}
    literals = {name: sql.Literal(_number(value)) for name, value in values.items()}
    parts = [_asked_of(client, query, literals) for client in clients]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return [make(known[row[0]], *row[1:]) for row in cursor.fetchall()]


def _asked_of(client: Client, query: str, literals: dict[str, sql.Literal]) -> sql.Composed:
    names = {"client": sql.Literal(client.pk), "schema": sql.Identifier(client.schema_name), **literals}
    seen = sql.SQL(SEEN_IN_SQL).format(**names) if "{seen}" in query else sql.SQL("")
    return sql.SQL(query).format(seen=seen, **names)


def _number(value: Any) -> Any:
    return value.pk if isinstance(value, User) else value
