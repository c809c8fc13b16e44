"""What a person does with the mentions to sort."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import Triage
from clients.selectors.folds import with_repeats

_MOVE = "UPDATE clients_mention SET triage = %s WHERE id = ANY(%s) AND triage = %s RETURNING id"


@dataclass(frozen=True)
class Moved:
    """The numbers of those asked for that were moved, and how many that only repeat them went along."""

    ids: list[int]
    along: int = 0


def set_aside(*, mention_ids: Iterable[int], by: User, now: datetime) -> Moved:
    """Takes mentions, and what only repeats them, out of the list to sort; `put_back` takes the numbers returned."""
    return _move(mention_ids, Triage.NEW, Triage.SET_ASIDE, by, now)


def put_back(*, mention_ids: Iterable[int], by: User, now: datetime) -> Moved:
    """Undoes `set_aside`; what somebody attached to an incident meanwhile stays there."""
    return _move(mention_ids, Triage.SET_ASIDE, Triage.NEW, by, now)


@transaction.atomic
def _move(mention_ids: Iterable[int], old: str, new: str, by: User, now: datetime) -> Moved:
    asked = list(mention_ids)
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [new, with_repeats(asked), old])
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
    ours = sorted(set(asked).intersection(moved))
    return Moved(ours, len(moved) - len(ours))
