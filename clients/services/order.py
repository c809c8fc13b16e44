"""Acts on mentions follow each other, so that a number seen on a page says all that came before it."""

from django.db import connection

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.sorting', 0))"


def one_at_a_time() -> None:
    """To be called first in the transaction of an act; the other acts of this client wait until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
