"""How well a client is heard: each ear with its judgement, what it brought in a day, what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from psycopg import sql

from clients.choices import RunOutcome
from clients.listening import health
from clients.listening.health import Ear, Health
from clients.listening.words import Words
from clients.models import CollectorRun, Mention, Source, SourceAlarm

HOURS_SHOWN = 24
# The last column is the same for all: the oldest mention that waits to be read (one that was edited is read anew).
# Also asked of all the clients of the day's desk at once. A file that was imported is no ear.
EARS = """
SELECT {client}, s.id, s.name, s.kind, s.is_active, s.every_seconds, s.failures, s.last_error, s.last_error_en,
    s.created_at, s.due_at, s.last_success_at, s.last_mention_at, s.usual_silence_seconds, s.lag_seconds,
    r.outcome, r.error, r.error_en, (
        SELECT collected_at FROM {schema}.clients_mention
        WHERE read_at IS NULL AND edited_at IS NULL ORDER BY id LIMIT 1
    )
FROM {schema}.clients_source s LEFT JOIN LATERAL (
    SELECT outcome, error, error_en FROM {schema}.clients_collectorrun
    WHERE source_id = s.id ORDER BY started_at DESC, id DESC LIMIT 1
) r ON true
WHERE s.kind <> 'import'
"""
_DAY = """
SELECT source_id, least(23, floor(extract(epoch FROM %(now)s - published_at) / 3600))::int AS hours_ago, count(*)
FROM clients_mention WHERE published_at > %(now)s - interval '24 hours' AND published_at <= %(now)s
GROUP BY source_id, hours_ago
"""


@dataclass(frozen=True, slots=True)
class Heard:
    """One ear and how it is."""

    ear: Ear
    health: Health


@dataclass(frozen=True, slots=True)
class Hearing:
    """All the ears of a client, the worst first."""

    ears: tuple[Heard, ...]

    @property
    def heard(self) -> int:
        """How many ears hear."""
        return health.conclusion([one.health for one in self.ears])[0]

    @property
    def connected(self) -> int:
        """How many ears should hear: those on pause, or not read yet, are not counted."""
        return health.conclusion([one.health for one in self.ears])[1]

    @property
    def deaf(self) -> tuple[Heard, ...]:
        return tuple(one for one in self.ears if one.health.is_deaf)

    @property
    def is_whole(self) -> bool:
        """Whether silence proves anything here: something is listened to, and every ear hears."""
        return self.connected > 0 and not self.deaf


def ear_of(*row: Any) -> Ear:
    """The ear of a row of EARS, without its first column."""
    (number, name, kind, is_active, every, failures, french, english, *learnt, outcome, held_fr, held_en, unread) = row
    created_at, due_at, last_success_at, last_mention_at, usual_silence, lag = learnt
    return Ear(
        id=number,
        name=name,
        kind=kind,
        is_active=is_active,
        every_seconds=every,
        failures=failures,
        error=Words(french, english or french),
        created_at=created_at,
        due_at=due_at,
        last_success_at=last_success_at,
        last_mention_at=last_mention_at,
        usual_silence_seconds=usual_silence,
        lag_seconds=lag,
        held=Words(held_fr, held_en or held_fr) if outcome == RunOutcome.HELD else Words("", ""),
        unread_since=unread,
    )


def hearing(now: datetime) -> Hearing:
    """The client's ears, judged; one query."""
    schema = sql.Identifier(connection.schema_name)  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(EARS).format(client=sql.Literal(0), schema=schema))
        return judged([ear_of(*row[1:]) for row in cursor.fetchall()], now)


def judged(ears: Sequence[Ear], now: datetime) -> Hearing:
    """Those ears with their judgement, the worst first."""
    heard = [Heard(ear, health.judge(ear, now)) for ear in ears]
    return Hearing(tuple(sorted(heard, key=lambda one: (one.health.rank, one.ear.name.casefold(), one.ear.id))))


def last_day(now: datetime) -> dict[int, list[int]]:
    """For each source what was published in each of the last 24 hours, the oldest first; those with nothing are out."""
    days: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_DAY, {"now": now})
        for source_id, hours_ago, count in cursor.fetchall():
            days.setdefault(source_id, [0] * HOURS_SHOWN)[HOURS_SHOWN - 1 - hours_ago] = count
    return days


def costs_since(moment: datetime) -> dict[int, Decimal]:
    """US dollars that each source's readings cost since then; free ones are out."""
    rows = CollectorRun.objects.filter(started_at__gte=moment, cost__gt=0).order_by()
    return dict(rows.values_list("source_id").annotate(Sum("cost")))


def runs_of(source: Source) -> QuerySet[CollectorRun]:
    """Its readings, the newest first."""
    return CollectorRun.objects.filter(source=source).order_by("-started_at", "-id")


def alarms_of(source: Source) -> QuerySet[SourceAlarm]:
    """Its alarms, the newest first."""
    return SourceAlarm.objects.filter(source=source).order_by("-raised_at", "-id")


def has_mentions(source: Source) -> bool:
    """Whether something was ever heard there: then the source can be paused, not removed."""
    return Mention.objects.filter(source=source).exists()


def next_try(ear: Ear, now: datetime) -> datetime | None:
    """When it is read next; None when it is not."""
    if not ear.is_active or ear.kind in health.PUSHED:
        return None
    return max(ear.due_at, now) if ear.due_at else now
