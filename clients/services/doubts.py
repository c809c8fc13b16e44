"""What waits to be read by meaning: put with the first reading, claimed for minutes, dropped once read or too old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from clients.choices import FOLDED_AWAY, Attack
from clients.listening.reading.again import read_again
from clients.models import SecondReading
from clients.models.readings import TRIES

CLAIM = timedelta(minutes=5)  # after this a worker is taken for dead
KEPT = timedelta(hours=24)  # what waited longer stays as it was read first
RECENT = timedelta(days=7)  # a year's archive, imported, does not wait before today's

_PUT = """
INSERT INTO clients_secondreading (mention_id, is_first, asked_at, tries)
SELECT u.id, u.is_first, %s, 0 FROM unnest(%s::bigint[], %s::boolean[]) AS u(id, is_first) ORDER BY u.id
ON CONFLICT (mention_id) DO UPDATE SET is_first = excluded.is_first, asked_at = excluded.asked_at,
    claimed_until = NULL, tries = 0
"""
_FORGET = """
DELETE FROM clients_secondreading WHERE mention_id IN (
    SELECT mention_id FROM clients_secondreading WHERE mention_id = ANY(%s) ORDER BY mention_id FOR UPDATE
)
"""
# What was taken before and never came back is taken alone: one text that ends its worker takes no other with it.
_CLAIM = """
UPDATE clients_secondreading s SET claimed_until = %(until)s, tries = s.tries + 1 WHERE mention_id IN (
    SELECT mention_id FROM clients_secondreading
    WHERE tries < %(tries)s AND (claimed_until IS NULL OR claimed_until < %(now)s) AND (tries > 0) = %(again)s
    ORDER BY is_first DESC, mention_id DESC LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING mention_id
"""


@dataclass(frozen=True)
class Asked:
    """One mention just read: its number, its date, how it repeats another, and what was read of it by axis."""

    number: int
    published_at: datetime
    fold: str
    values: Mapping[str, str]


def put(*, read: Sequence[Asked], now: datetime) -> int:
    """Queues what the first reading left open or called an attack; returns how many. None where nobody reads again.

    What only repeats another mention, or is over a week old, is not read twice. One that waits already, and was edited,
    waits anew, or no longer if its new words leave no doubt.
    """
    if not settings.MEANING:
        return 0
    recent = [one for one in read if one.published_at >= now - RECENT and one.fold not in FOLDED_AWAY]
    doubtful = [one for one in recent if read_again(one.values)]
    numbers = [one.number for one in doubtful]
    over = {one.number for one in read}.difference(numbers)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [sorted(over)])
        if doubtful:
            cursor.execute(_PUT, [now, numbers, [one.values.get("attack") != Attack.NO for one in doubtful]])
    return len(doubtful)


@transaction.atomic
def claim(*, now: datetime, limit: int) -> tuple[list[int], datetime]:
    """Takes the next ones, what may be an attack first, then the newest; returns their numbers and until when."""
    until = now + CLAIM
    with connection.cursor() as cursor:
        for again, at_most in ((False, limit), (True, 1)):
            values: dict[str, datetime | int] = {
                "now": now,
                "until": until,
                "tries": TRIES,
                "again": again,
                "limit": at_most,
            }
            cursor.execute(_CLAIM, values)
            if found := sorted(number for (number,) in cursor.fetchall()):
                return found, until
    return [], until


def drop(*, numbers: Sequence[int], until: datetime) -> set[int]:
    """Ends a claim; returns those that were still ours: neither taken over nor asked anew meanwhile."""
    ours = SecondReading.objects.filter(mention_id__in=numbers, claimed_until=until)
    found = set(ours.select_for_update().order_by("mention_id").values_list("mention_id", flat=True))
    SecondReading.objects.filter(mention_id__in=found).delete()
    return found


def has_some(now: datetime) -> bool:
    """Whether somebody should be woken."""
    free = SecondReading.objects.filter(tries__lt=TRIES).exclude(claimed_until__gte=now)
    return free.exists()


def forget_old(*, now: datetime) -> int:
    """Drops what nobody came to read in a day; returns how many."""
    return SecondReading.objects.filter(asked_at__lt=now - KEPT).delete()[0]
