"""When a client was not heard: a source failed, was stopped or held back, until a reading of it succeeded again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

LOOK_BACK = timedelta(days=1)  # a source that was deaf already as the span begins
SHORTEST = timedelta(minutes=15)  # a failure healed by the next reading is nobody's deafness
# Only where a source turns from heard to unheard, and back: its readings may be tens of thousands.
_TURNS = """
WITH readings AS (
    SELECT source_id, started_at, id, outcome IN ('read', 'unchanged') AS heard,
        lag(outcome IN ('read', 'unchanged')) OVER (PARTITION BY source_id ORDER BY started_at, id) AS heard_before
    FROM clients_collectorrun WHERE started_at >= %s AND started_at < %s
)
SELECT source_id, started_at, heard FROM readings
WHERE heard IS DISTINCT FROM heard_before ORDER BY source_id, started_at, id
"""
Span = tuple[datetime, datetime]


def spans(since: datetime, until: datetime) -> tuple[Span, ...]:
    """The spans between `since` and `until` in which at least one source was not heard, joined, oldest first."""
    return tuple(joined((max(begin, since), end) for begin, end in _of_each(since, until)))


def fallen_silent(since: datetime, until: datetime) -> tuple[Span, ...]:
    """The same of sources that were not deaf at `since` already: what was never heard did not fall."""
    return tuple(joined(span for span in _of_each(since, until) if span[0] > since))


def _of_each(since: datetime, until: datetime) -> list[Span]:
    """Each source's own spans that reach into the time asked for, whole."""
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, [since - LOOK_BACK, until])
        found = _deaf(cursor.fetchall(), until)
        return [(begin, end) for begin, end in found if end - begin >= SHORTEST and since < end <= until]


def _deaf(turns: Iterable[tuple[int, datetime, bool]], until: datetime) -> Iterable[Span]:
    """From each source's first failure to its next success, or to the end."""
    going: dict[int, datetime] = {}
    for source, at, is_heard in turns:
        if not is_heard:
            going.setdefault(source, at)
        elif source in going:
            yield going.pop(source), at
    yield from ((began, until) for began in going.values())


def joined(found: Iterable[Span]) -> list[Span]:
    """The same, those that meet made one."""
    kept: list[Span] = []
    for begin, end in sorted(found):
        if kept and begin <= kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        else:
            kept.append((begin, end))
    return kept
