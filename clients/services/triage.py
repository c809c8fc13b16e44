"""What a person does with the mentions to sort."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import Triage

_MOVE = "UPDATE clients_mention SET triage = %s WHERE id = ANY(%s) AND triage = %s RETURNING id"


def set_aside(*, mention_ids: Iterable[int], by: User, now: datetime) -> list[int]:
    """Takes mentions out of the list to sort; returns the numbers of those that were in it, for `put_back`."""
    return _move(mention_ids, Triage.NEW, Triage.SET_ASIDE, by, now)


def put_back(*, mention_ids: Iterable[int], by: User, now: datetime) -> list[int]:
    """Undoes `set_aside`; what somebody attached to an incident meanwhile stays there."""
    return _move(mention_ids, Triage.SET_ASIDE, Triage.NEW, by, now)


@transaction.atomic
def _move(mention_ids: Iterable[int], old: str, new: str, by: User, now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [new, list(mention_ids), old])
        moved = sorted(number for (number,) in cursor.fetchall())
    if moved:
        audit.note(
            action=f"mentions.{new}",
            by=by,
            now=now,
            client=here(),
            subject="clients.mention",
            detail={"mentions": moved},
        )
    return moved
