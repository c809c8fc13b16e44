"""Stage 3: what came in is read: language, sentiment, intent with their reasons, and the watches that it concerns."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.models import User
from clients.choices import Axis, Intent, LabelSource, Sentiment
from clients.listening.matching import Matcher, Wanted
from clients.listening.reading.labels import UNCERTAIN, Doc, Label
from clients.listening.reading.reader import Reader
from clients.models import Classification, Mention, Watch
from clients.services.copying import CELL, copy_in

log = logging.getLogger("rempart.reading")

BATCH = 2_000
REMATCH_BATCH = 5_000
REMATCHED_DAYS = timedelta(days=400)  # the longest habit that a surge is compared with
CORRECTABLE: dict[str, list[str]] = {Axis.INTENT: Intent.values, Axis.SENTIMENT: Sentiment.values}

_UNREAD = """
SELECT m.id, m.title, m.text, m.language, m.author_id, a.handle, least(m.published_at, m.collected_at)
FROM clients_mention m LEFT JOIN clients_author a ON a.id = m.author_id
WHERE m.read_at IS NULL ORDER BY m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED
"""
_READ = """
SELECT m.id, m.title, m.text, m.language, m.author_id, a.handle, least(m.published_at, m.collected_at)
FROM clients_mention m LEFT JOIN clients_author a ON a.id = m.author_id
WHERE m.read_at IS NOT NULL AND m.id > %s AND m.published_at >= %s ORDER BY m.id LIMIT %s
"""
# Saving a watch waits for the readings under way, and a reading that begins after it knows the new words.
_WATCHES = """
SELECT id, include, exclude, ignored_authors, required, handles, hashtags, languages FROM clients_watch
WHERE is_active AND (%(only)s::bigint IS NULL OR id = %(only)s) ORDER BY id FOR SHARE
"""
_MARK_READ = """
UPDATE clients_mention m SET read_at = %s, language = u.language, intent = u.intent, sentiment = u.sentiment
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS u(id, language, intent, sentiment) WHERE m.id = u.id
"""
_HITS_IN_ORDER = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.hits', 0))"
_ADD_HITS = """
INSERT INTO clients_watchhit AS known (watch_id, mention_id, author_id, published_at, is_counted)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::boolean[])
ON CONFLICT (watch_id, mention_id) DO UPDATE SET is_counted = excluded.is_counted
WHERE known.is_counted <> excluded.is_counted
"""
_DROP_HITS = """
DELETE FROM clients_watchhit WHERE watch_id = %s AND mention_id = ANY(%s)
"""
# Of mentions that were edited: what the new words no longer say.
_DROP_STALE_HITS = """
DELETE FROM clients_watchhit h WHERE mention_id = ANY(%s)
    AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS u(watch_id, mention_id)
        WHERE u.watch_id = h.watch_id AND u.mention_id = h.mention_id)
"""
_SAID_BY_PEOPLE = """
SELECT DISTINCT ON (mention_id, axis) mention_id, axis, value FROM clients_classification
WHERE mention_id = ANY(%s) AND label_source = 'person' ORDER BY mention_id, axis, created_at DESC, id DESC
"""
_LABELS = ("mention_id", "axis", "value", "confidence", "reasons", "label_source", "version", "created_at")


@dataclass(frozen=True)
class _Row:
    id: int
    title: str
    text: str
    language: str
    author_id: int | None
    handle: str | None
    published_at: datetime

    @property
    def whole(self) -> str:
        """Title and text, the title once: feeds often begin the text with it."""
        return self.text if not self.title or self.text.startswith(self.title) else f"{self.title}\n{self.text}"


@dataclass(frozen=True)
class _Hit:
    watch_id: int
    mention: _Row
    is_counted: bool


@transaction.atomic
def read_new(*, reader: Reader, now: datetime, limit: int = BATCH) -> int:
    """Reads the first `limit` mentions that nobody has read, in the order of their arrival; returns how many.

    Each gets its labels with their reasons, and a hit for each active watch that it concerns. What was edited is read
    anew: hits that no longer hold go, and a label that a person gave stays. Two workers share the work; a worker that
    dies leaves its mentions unread.
    """
    rows = _rows(_UNREAD, [limit])
    if not rows:
        return 0
    readings = _labels(reader, [Doc(row.whole, row.language) for row in rows])
    _keep_labels(rows, readings, now)
    _mark_read(rows, readings, now)
    hits = _hits(_matcher(), [_spoken(row, labels) for row, labels in zip(rows, readings, strict=True)])
    _drop_stale_hits(rows, hits)
    _add_hits(hits)
    return len(rows)


def has_unread() -> bool:
    return Mention.objects.filter(read_at__isnull=True).exists()


@transaction.atomic
def rematch(*, watch: Watch, now: datetime, limit: int = REMATCH_BATCH) -> bool:
    """Matches the next `limit` mentions of the last 400 days with the watch's present words; True while some are left.

    Hits that still hold keep their number. Call it until it answers False.
    """
    Watch.objects.select_for_update(no_key=True).filter(pk=watch.pk).first()
    done = Watch.objects.values_list("rematched_to", flat=True).get(pk=watch.pk)
    if done is None:
        return False
    rows = _rows(_READ, [done, now - REMATCHED_DAYS, limit])
    hits = _hits(_matcher(only=watch.pk), rows)
    if rows:
        _drop_hits(watch, rows, hits)
        _add_hits(hits)
    left = len(rows) == limit
    Watch.objects.filter(pk=watch.pk).update(rematched_to=rows[-1].id if left else None)
    return left


@transaction.atomic
def correct(*, mention: Mention, axis: str, value: str, by: User, now: datetime) -> Classification:
    """A person's word on one axis (intent or sentiment): it wins over the machine's, which stays in the history.

    Raises ValidationError for another axis or an unknown value.
    """
    if value not in CORRECTABLE.get(axis, []):
        raise ValidationError(_("This label does not exist."), code="unknown_label")
    Mention.objects.filter(pk=mention.pk).update(**{axis: value})
    setattr(mention, axis, value)
    return Classification.objects.create(
        mention=mention, axis=axis, value=value, label_source=LabelSource.PERSON, by_id=by.pk, created_at=now
    )


def _rows(query: str, values: Sequence[int | datetime]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [_Row(*row) for row in cursor.fetchall()]


def _labels(reader: Reader, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
    try:
        return reader.read(docs)
    except Exception:  # one text that breaks a reader must not keep all the others unread
        log.exception("A batch of %s texts could not be read: reading them one by one.", len(docs))
        return [_label_alone(reader, doc) for doc in docs]


def _label_alone(reader: Reader, doc: Doc) -> tuple[Label, ...]:
    try:
        return reader.read([doc])[0]
    except Exception:
        log.exception("A text of %s characters could not be read: uncertain.", len(doc.text))
        return ()


def _keep_labels(rows: Sequence[_Row], readings: Sequence[Sequence[Label]], now: datetime) -> None:
    written = now.isoformat()
    cells = [
        CELL.join(
            (str(row.id), label.axis, label.value, f"{label.p:.4f}", _why(label), label.source, label.version, written)
        )
        for row, labels in zip(rows, readings, strict=True)
        for label in labels
    ]
    copy_in("clients_classification", _LABELS, cells)


def _why(label: Label) -> str:
    return json.dumps([{"fr": why.words("fr"), "en": why.words("en")} for why in label.why], ensure_ascii=False)


def _mark_read(rows: Sequence[_Row], readings: Sequence[Sequence[Label]], now: datetime) -> None:
    said = _said_by_people(rows)
    values = [
        {label.axis: label.value for label in labels} | said.get(row.id, {})
        for row, labels in zip(rows, readings, strict=True)
    ]
    columns = (
        [row.id for row in rows],
        [value.get("language", "")[:3] for value in values],
        [value.get("intent", UNCERTAIN) for value in values],
        [value.get("sentiment", UNCERTAIN) for value in values],
    )
    with connection.cursor() as cursor:
        cursor.execute(_MARK_READ, [now, *columns])


def _said_by_people(rows: Sequence[_Row]) -> dict[int, dict[str, str]]:
    """The last label that a person gave on each axis, of those mentions that have one."""
    said: dict[int, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID_BY_PEOPLE, [[row.id for row in rows]])
        for mention_id, axis, value in cursor.fetchall():
            said.setdefault(mention_id, {})[axis] = value
    return said


def _matcher(only: int | None = None) -> Matcher:
    with connection.cursor() as cursor:
        cursor.execute(_WATCHES, {"only": only})
        return Matcher(Wanted(*row) for row in cursor.fetchall())


def _spoken(row: _Row, labels: Sequence[Label]) -> _Row:
    """The row in the language that it was just read in: the source's was only a hint."""
    return replace(row, language=next((label.value[:3] for label in labels if label.axis == Axis.LANGUAGE), ""))


def _hits(matcher: Matcher, rows: Sequence[_Row]) -> list[_Hit]:
    return [
        _Hit(match.watch_id, row, match.is_counted)
        for row in rows
        for match in matcher.matches(row.whole, row.handle or "", row.language)
    ]


def _add_hits(hits: Sequence[_Hit]) -> None:
    if not hits:
        return
    columns = (
        [hit.watch_id for hit in hits],
        [hit.mention.id for hit in hits],
        [hit.mention.author_id for hit in hits],
        [hit.mention.published_at for hit in hits],
        [hit.is_counted for hit in hits],
    )
    with connection.cursor() as cursor:
        cursor.execute(_HITS_IN_ORDER)  # detection pages through the hits by number: no late one may slip behind it
        cursor.execute(_ADD_HITS, columns)


def _drop_stale_hits(rows: Sequence[_Row], hits: Sequence[_Hit]) -> None:
    columns = [hit.watch_id for hit in hits], [hit.mention.id for hit in hits]
    with connection.cursor() as cursor:
        cursor.execute(_DROP_STALE_HITS, [[row.id for row in rows], *columns])


def _drop_hits(watch: Watch, rows: Sequence[_Row], hits: Sequence[_Hit]) -> None:
    concerned = {hit.mention.id for hit in hits}
    with connection.cursor() as cursor:
        cursor.execute(_DROP_HITS, [watch.pk, [row.id for row in rows if row.id not in concerned]])
