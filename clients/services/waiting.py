"""What was put off comes back by itself: its time is a column, the clockwork only wakes."""

from datetime import datetime

from django.db import connection, transaction

from clients.services import order

_BRING_BACK = """
WITH due AS (
    DELETE FROM clients_waiting WHERE mention_id IN (
        SELECT mention_id FROM clients_waiting WHERE until <= %(now)s ORDER BY until LIMIT %(limit)s
    ) RETURNING mention_id
)
UPDATE clients_mention m SET triage = 'new' FROM due WHERE m.id = due.mention_id AND m.triage = 'waiting'
"""


@transaction.atomic
def bring_back(*, now: datetime, limit: int = 1_000) -> int:
    """Has what has waited long enough be in the list again; returns how many."""
    order.one_at_a_time()
    with connection.cursor() as cursor:
        cursor.execute(_BRING_BACK, {"now": now, "limit": limit})
        return int(cursor.rowcount)
