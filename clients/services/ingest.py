"""Stage 2: what came in becomes mentions, each once, in a handful of statements whatever the number.

Known mentions are looked up, new ones are given their numbers and their root, then written by one COPY.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from statistics import median_low

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from clients.choices import Triage
from clients.listening.copies import Post, keys_of, text_hash, words_of
from clients.listening.raw import FUTURE_TOLERANCE, RawMention, normalised, whole
from clients.listening.versions import Said, original_of
from clients.models import Mention, Source
from clients.services.accounts import Account, account_of, hidden_id, nameless, numbers_of
from clients.services.changes import keep_versions, take_changes
from clients.services.copying import CELL, NULL, copy_in
from clients.services.folding import Place, look_up, settle

_COLUMNS = (
    "id", "source_id", "external_id", "author_id", "kind", "title", "text", "url", "original", "reply_to", "refers_to",
    "root_id", "fold", "text_hash", "reach", "language", "published_at", "is_date_sure", "collected_at", "edited_at",
    "is_edit_dated", "intent", "sentiment", "triage",
)  # fmt: skip
# Not compiled: PostgreSQL takes its look-ups, of a row or none each, for large ones, and would compile each anew.
_ORDER_OF_ARRIVAL = """
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.ingest', 0)), set_config('jit', 'off', true)
"""
_NUMBERS = """
SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence('clients_mention', 'id')::regclass AS name OFFSET 0) s
CROSS JOIN generate_series(1, %s)
"""
_HEARD = "UPDATE clients_source SET last_mention_at = %s WHERE id = %s"


@dataclass(frozen=True)
class Ingested:
    """What a batch came to: `new` mentions, and `known` ones (came twice in the batch included).

    `edited` of the known ones say something else than before; `deleted` were marked as gone at the source. `first_id`
    and `last_id` are the first and last number given, None when none was. `lag_seconds` is the median wait between
    publication and collection of the new ones, None when none had a sure date.
    """

    new: int
    known: int
    first_id: int | None = None
    last_id: int | None = None
    edited: int = 0
    deleted: int = 0
    lag_seconds: int | None = None


@dataclass(slots=True)
class _New:
    """A mention to be added: as it came first, and what later states of the same batch made of it."""

    raw: RawMention
    said: Said
    published_at: datetime
    is_date_sure: bool


@transaction.atomic
def ingest(*, source: Source, raws: Sequence[RawMention], now: datetime, deleted: Sequence[str] = ()) -> Ingested:
    """Adds what is not known yet of the source and folds it under what it repeats; keeps edits as versions.

    `deleted` are external ids that the source says are gone: marked once, our copy stays; what comes again alive loses
    the mark. A mention without a date, or dated more than 24 hours after `now`, is dated `now` and marked. Batches of
    one client are taken one after the other, until the caller's transaction ends: numbers become visible in their
    order, and whoever reads by number misses none.
    """
    if not raws and not deleted:
        return Ingested(0, 0)
    with connection.cursor() as cursor:  # one for all: each new one would tell PostgreSQL again whose tables are meant
        cursor.execute(_ORDER_OF_ARRIVAL)
        states = _by_id(nameless(cursor, list(map(normalised, raws))))
        deleted = [*deleted, *map(hidden_id, deleted)]  # it may be the post of an account that was erased
        known, edited = take_changes(cursor, source=source, states=states, gone=deleted, now=now)
        fresh = [_new(given, now) for external_id, given in states.items() if external_id not in known]
        authors = numbers_of(cursor, chain.from_iterable(states.values()), now)
        numbers = _add(cursor, source, fresh, authors, edited, now)
        gone = _mark_deleted(source, deleted, now)
        if fresh:
            cursor.execute(_HEARD, [now, source.pk])
    return Ingested(
        len(fresh),
        len(raws) - len(fresh),
        numbers[0] if numbers else None,
        numbers[-1] if numbers else None,
        edited=len(edited) + sum(one.said.is_edited for one in fresh),
        deleted=gone,
        lag_seconds=_lag(fresh, now),
    )


def _by_id(raws: Iterable[RawMention]) -> dict[str, list[RawMention]]:
    """The states of each mention, in the order in which they came."""
    states: dict[str, list[RawMention]] = {}
    for raw in raws:
        states.setdefault(raw.external_id, []).append(raw)
    return states


def _new(states: Sequence[RawMention], now: datetime) -> _New:
    raw = states[0]
    said = Said(raw.title, raw.text, original_of(raw), raw.edited_at, raw.edited_at is not None, now)
    for later in states[1:]:
        said.take(later, now)
    if raw.published_at is None or raw.published_at > now + FUTURE_TOLERANCE:
        return _New(raw, said, now, False)
    return _New(raw, said, raw.published_at, True)


def _add(
    cursor: CursorWrapper,
    source: Source,
    fresh: Sequence[_New],
    authors: dict[Account, int],
    edited: Sequence[int],
    now: datetime,
) -> list[int]:
    """Writes the new mentions under their roots, and folds anew those that were edited; the numbers given."""
    posts = _posts(source, fresh, _numbers(cursor, len(fresh)))
    board = look_up(cursor, new=posts, edited=edited)
    written = now.isoformat()
    rows = [
        _row(one, post, board.places[post.id], authors.get(account_of(one.raw)), written)
        for one, post in zip(fresh, posts, strict=True)
    ]
    copy_in("clients_mention", _COLUMNS, rows, sum(row.count(NULL) for row in rows), cursor)
    settle(board=board, edited=edited, now=now)
    keep_versions((post.id, one.said) for one, post in zip(fresh, posts, strict=True) if one.said.older)
    return [post.id for post in posts]


def _posts(source: Source, fresh: Sequence[_New], numbers: Sequence[int]) -> list[Post]:
    words = [words_of(whole(one.said.title, one.said.text)) for one in fresh]
    return [
        Post(
            number,
            one.published_at,
            one.is_date_sure,
            source.pk,
            one.raw.external_id,
            one.raw.url,
            one.raw.network,
            one.raw.kind,
            one.raw.refers_to,
            text_hash(said, " ".join(account_of(one.raw)) if one.raw.author_handle else ""),
            said,
            keys,
        )
        for one, said, keys, number in zip(fresh, words, keys_of(words), numbers, strict=True)
    ]


def _numbers(cursor: CursorWrapper, count: int) -> list[int]:
    if not count:
        return []
    cursor.execute(_NUMBERS, [count])
    return [number for (number,) in cursor.fetchall()]


def _row(one: _New, post: Post, place: Place, author: int | None, now: str) -> str:
    """Its cells, in the order of _COLUMNS."""
    raw, said = one.raw, one.said
    original = NULL if said.original is None else f"\\x{said.original.hex()}"
    language = raw.language[:3].rstrip("-")
    edited_at = NULL if said.edited_at is None else said.edited_at.isoformat()
    return (
        f"{post.id}{CELL}{post.source_id}{CELL}{raw.external_id}{CELL}{_cell(author)}{CELL}{raw.kind}{CELL}{said.title}"
        f"{CELL}{said.text}{CELL}{raw.url}{CELL}{original}{CELL}{raw.reply_to}{CELL}{raw.refers_to}"
        f"{CELL}{_cell(place.root)}{CELL}{place.fold}{CELL}{_cell(post.text_hash)}{CELL}{_cell(raw.reach)}"
        f"{CELL}{language}{CELL}{one.published_at.isoformat()}{CELL}{'t' if one.is_date_sure else 'f'}{CELL}{now}"
        f"{CELL}{edited_at}{CELL}{'t' if said.is_edit_dated else 'f'}{CELL}{CELL}{CELL}{Triage.NEW.value}"
    )


def _cell(number: int | None) -> str:
    return NULL if number is None else str(number)


def _mark_deleted(source: Source, external_ids: Sequence[str], now: datetime) -> int:
    if not external_ids:
        return 0
    ours = Mention.objects.filter(source=source, external_id__in=list(external_ids), deleted_at__isnull=True)
    return ours.update(deleted_at=now)


def _lag(fresh: Sequence[_New], now: datetime) -> int | None:
    waits = [now - one.published_at for one in fresh if one.is_date_sure]
    return max(0, int(median_low(waits).total_seconds())) if waits else None
