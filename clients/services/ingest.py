"""Stage 2: what came in becomes mentions, each once, in a handful of statements whatever the number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import connection, transaction

from clients.listening.raw import FUTURE_TOLERANCE, RawMention, storable
from clients.models import Source
from clients.services.copying import CELL, NULL, UnwritableText, copy_in

COLUMNS = (
    "external_id",
    "network",
    "handle",
    "author_name",
    "author_url",
    "followers",
    "kind",
    "title",
    "text",
    "url",
    "reply_to",
    "reach",
    "language",
    "published_at",
    "is_date_sure",
)

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    external_id text, network text, handle text, author_name text, author_url text, followers bigint, kind text,
    title text, text text, url text, reply_to text, reach bigint, language text, published_at timestamptz,
    is_date_sure boolean
) ON COMMIT DROP
"""
# The latest row about an account wins; an account that did not change is left alone.
_AUTHORS = """
INSERT INTO clients_author AS known (network, handle, name, url, followers, first_seen_at)
SELECT DISTINCT ON (network, handle) network, handle, author_name, author_url, followers, %(now)s
FROM incoming WHERE handle <> '' ORDER BY network, handle, ctid DESC
ON CONFLICT (network, handle) DO UPDATE SET
    name = coalesce(nullif(excluded.name, ''), known.name),
    url = coalesce(nullif(excluded.url, ''), known.url),
    followers = coalesce(excluded.followers, known.followers)
WHERE (excluded.name <> '' AND excluded.name <> known.name)
    OR (excluded.url <> '' AND excluded.url <> known.url)
    OR excluded.followers IS DISTINCT FROM coalesce(known.followers, excluded.followers, -1)
    AND excluded.followers IS NOT NULL
"""
# The author is looked up row by row: a join would read the whole table of authors for a batch of ten.
_MENTIONS = """
WITH added AS (
    INSERT INTO clients_mention (source_id, external_id, author_id, kind, title, text, url, reply_to, reach, language,
        published_at, is_date_sure, collected_at, intent, sentiment, triage)
    SELECT %(source)s, external_id,
        CASE WHEN handle <> '' THEN
            (SELECT id FROM clients_author a WHERE a.network = i.network AND a.handle = i.handle) END,
        kind, title, text, url, reply_to, reach, language, published_at, is_date_sure, %(now)s, '', '', 'new'
    FROM incoming i
    ON CONFLICT (source_id, external_id) DO NOTHING
    RETURNING id
)
SELECT count(*), min(id), max(id) FROM added
"""
_ORDER_OF_ARRIVAL = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.ingest', 0))"


@dataclass(frozen=True)
class Ingested:
    """How many mentions were new and how many known already; the first and last number given, None when none was."""

    new: int
    known: int
    first_id: int | None = None
    last_id: int | None = None


@transaction.atomic
def ingest(*, source: Source, raws: Sequence[RawMention], now: datetime) -> Ingested:
    """Adds what is not known yet of the source; what is known, or comes twice, is counted and left as it is.

    A mention without a date, or dated more than 24 hours after `now`, is dated `now` and marked. Batches of one
    client are taken one after the other, until the caller's transaction ends: numbers become visible in their order,
    and whoever reads by number misses none.
    """
    unique: dict[str, RawMention] = {}
    for raw in raws:
        unique.setdefault(raw.external_id, raw)
    if not unique:
        return Ingested(0, 0)
    with connection.cursor() as cursor:
        cursor.execute(_ORDER_OF_ARRIVAL)
        cursor.execute(_INCOMING)
        _send(list(unique.values()), now)
        cursor.execute(_AUTHORS, {"now": now})
        cursor.execute(_MENTIONS, {"now": now, "source": source.pk})
        new, first_id, last_id = cursor.fetchone()
        cursor.execute("DROP TABLE incoming")
    return Ingested(new, len(raws) - new, first_id, last_id)


def _send(raws: Sequence[RawMention], now: datetime) -> None:
    nulls = sum((raw.followers is None) + (raw.reach is None) for raw in raws)
    try:
        copy_in("incoming", COLUMNS, _rows(raws, now), nulls)
    except UnwritableText:
        copy_in("incoming", COLUMNS, _rows([_cleaned(raw) for raw in raws], now), nulls)


def _rows(raws: Sequence[RawMention], now: datetime) -> list[str]:
    at_collection, latest, join = f"{now.isoformat()}{CELL}f", now + FUTURE_TOLERANCE, CELL.join
    return [
        join(
            (
                raw.external_id,
                raw.network,
                raw.author_handle,
                raw.author_name,
                raw.author_url,
                NULL if raw.followers is None else str(raw.followers),
                raw.kind,
                raw.title,
                raw.text,
                raw.url,
                raw.reply_to,
                NULL if raw.reach is None else str(raw.reach),
                raw.language[:3].rstrip("-"),
                at_collection
                if raw.published_at is None or raw.published_at > latest
                else f"{raw.published_at.isoformat()}{CELL}t",
            )
        )
        for raw in raws
    ]


def _cleaned(raw: RawMention) -> RawMention:
    """The mention without the characters that cannot be stored, for a collector that let one through."""
    texts = {name: storable(value) for name, value in msgspec.structs.asdict(raw).items() if isinstance(value, str)}
    return msgspec.structs.replace(raw, **texts)
