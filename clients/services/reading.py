"""Stage 3: what came in is read: language, sentiment, intent with their reasons, and the watches that it concerns."""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.models import User
from clients.choices import URGENT, Attack, Axis, Fold, Intent, LabelSource, Relevance, Sentiment
from clients.listening.matching import Matcher, Wanted
from clients.listening.reading.labels import UNCERTAIN, Doc, Label
from clients.listening.reading.reader import Reader
from clients.models import Classification, Mention, Watch, WatchHit
from clients.services import assessments, doubts
from clients.services.copying import CELL, copy_in

log = logging.getLogger("rempart.reading")

BATCH = 2_000
REMATCH_BATCH = 5_000
REMATCHED_DAYS = timedelta(days=400)  # the longest habit that a surge is compared with
CORRECTABLE: dict[str, list[str]] = {
    Axis.INTENT: Intent.values,
    Axis.SENTIMENT: Sentiment.values,
    Axis.ATTACK: Attack.values,
    Axis.RELEVANCE: Relevance.values,
}

_UNREAD = """
SELECT m.id, m.title, m.text, m.language, m.author_id, a.handle, least(m.published_at, m.collected_at),
    m.source_id, m.external_id, m.reply_to, m.refers_to, m.fold, m.intent, m.attack
FROM clients_mention m LEFT JOIN clients_author a ON a.id = m.author_id
WHERE m.read_at IS NULL ORDER BY m.id LIMIT %s FOR UPDATE OF m SKIP LOCKED
"""
_READ = """
SELECT m.id, m.title, m.text, m.language, m.author_id, a.handle, least(m.published_at, m.collected_at),
    m.source_id, m.external_id, m.reply_to, m.refers_to, m.fold, m.intent, m.attack
FROM clients_mention m LEFT JOIN clients_author a ON a.id = m.author_id
WHERE m.read_at IS NOT NULL AND m.id > %s AND m.published_at >= %s ORDER BY m.id LIMIT %s
"""
_THESE = """
SELECT m.id, m.title, m.text, m.language, m.author_id, a.handle, least(m.published_at, m.collected_at),
    m.source_id, m.external_id, m.reply_to, m.refers_to, m.fold, m.intent, m.attack
FROM clients_mention m LEFT JOIN clients_author a ON a.id = m.author_id WHERE m.id = ANY(%s)
"""
# Saving a watch waits for the readings under way, and a reading that begins after it knows the new words.
_WATCHES = """
SELECT id, include, exclude, ignored_authors, required, handles, hashtags, languages FROM clients_watch
WHERE is_active AND (%(only)s::bigint IS NULL OR id = %(only)s) ORDER BY id FOR SHARE
"""
_MARK_READ = """
UPDATE clients_mention m SET read_at = %s, language = u.language, intent = u.intent, sentiment = u.sentiment,
    attack = u.attack
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[]) AS u(id, language, intent, sentiment, attack)
WHERE m.id = u.id
"""
_HITS_IN_ORDER = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.hits', 0))"
_ADD_HITS = """
INSERT INTO clients_watchhit AS known
    (watch_id, mention_id, author_id, published_at, is_counted, is_attack, is_urgent, thread)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::boolean[], %s::boolean[],
    %s::boolean[], %s::text[])
ON CONFLICT (watch_id, mention_id) DO UPDATE SET is_counted = excluded.is_counted, is_attack = excluded.is_attack,
    is_urgent = excluded.is_urgent, thread = excluded.thread
WHERE (known.is_counted, known.is_attack, known.is_urgent, known.thread)
    IS DISTINCT FROM (excluded.is_counted, excluded.is_attack, excluded.is_urgent, excluded.thread)
"""
# From what each answers, up to what answers nothing that we hold; a hundred steps at most, so that a cycle ends.
_THREADS = """
WITH RECURSIVE climbed(id, source_id, parent, steps) AS (
    SELECT id, source_id, parent, 1 FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS u(id, source_id, parent)
  UNION ALL
    SELECT c.id, c.source_id, m.reply_to, c.steps + 1 FROM climbed c
    JOIN clients_mention m ON m.source_id = c.source_id AND m.external_id = c.parent
    WHERE m.reply_to <> '' AND c.steps < 100
)
SELECT DISTINCT ON (id) id, parent FROM climbed ORDER BY id, steps DESC
"""
_CORRECT_HITS = """
UPDATE clients_watchhit h SET is_attack = m.attack = %s, is_urgent = m.intent = ANY(%s)
FROM clients_mention m WHERE m.id = h.mention_id AND h.mention_id = ANY(%s)
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
    source_id: int
    external_id: str
    reply_to: str
    refers_to: str
    fold: str
    intent: str
    attack: str

    @property
    def parent(self) -> str:
        """Number, at the source, of what it answers or quotes; empty for a post of its own and for a mere repost."""
        return self.reply_to or (self.refers_to if self.fold == Fold.QUOTE else "")

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
    read = _mark_read(rows, readings, now)
    doubts.put(read=_asked(read, readings), now=now)
    assessments.presume(texts=_texts_by_author(rows), now=now)
    hits = _hits(_matcher(), read)
    _drop_stale_hits(rows, hits)
    _add_hits(hits)
    return len(rows)


def _asked(rows: Sequence[_Row], readings: Sequence[Sequence[Label]]) -> list[doubts.Asked]:
    """What each is now, a person's word on intent or attack included, for whoever reads it again."""
    return [
        doubts.Asked(
            row.id, row.published_at, row.fold, {"intent": row.intent, "sentiment": tone, "attack": row.attack}
        )
        for row, tone in zip(rows, (_value(labels, "sentiment") for labels in readings), strict=True)
    ]


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
    """A person's word on one axis: it wins over the machine's, which stays in the history.

    The axes are intent, sentiment, attack and relevance; what is not about us is caught by no watch, until somebody
    says that it is. Raises ValidationError for another axis or an unknown value.
    """
    check(axis, value)
    hold(mention)
    said = Classification.objects.create(
        mention=mention, axis=axis, value=value, label_source=LabelSource.PERSON, by_id=by.pk, created_at=now
    )
    if axis == Axis.RELEVANCE:
        catch_or_let_go([mention.pk], value)
        return said
    setattr(mention, axis, value)
    mention.save(update_fields=[axis])
    if axis != Axis.SENTIMENT:
        correct_hits([mention.pk])
    return said


def check(axis: str, value: str) -> None:
    """Raises ValidationError for a label that nobody can put."""
    if value not in CORRECTABLE.get(axis, []):
        raise ValidationError(_("This label does not exist."), code="unknown_label")


def hold(mention: Mention) -> None:
    """Keeps a mention as it now stands until the transaction ends; what reads it is waited for, and waits."""
    held = Mention.objects.select_for_update(no_key=True)
    mention.refresh_from_db(fields=["title", "text", "intent", "sentiment", "attack"], from_queryset=held)


def catch_or_let_go(mention_ids: Sequence[int], relevance: str) -> None:
    """Has the watches let mentions go that are not about us, or catch again those that are."""
    matcher = (
        _matcher()
    )  # a watch that is matched again is waited for: it may have caught them before the word was given
    if relevance == Relevance.ELSEWHERE:
        WatchHit.objects.filter(mention__in=mention_ids).delete()
    else:
        _add_hits(_hits(matcher, _rows(_THESE, [list(mention_ids)])))


def correct_hits(mention_ids: Sequence[int]) -> None:
    """Has what was caught counted by what the mentions now are."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECT_HITS, [Attack.YES, list(URGENT), list(mention_ids)])


def _rows(query: str, values: Sequence[int | list[int] | datetime]) -> list[_Row]:
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


def _mark_read(rows: Sequence[_Row], readings: Sequence[Sequence[Label]], now: datetime) -> list[_Row]:
    """Writes down what was read, a person's word first; returns the rows as they now stand."""
    said = said_by_people([row.id for row in rows])
    read = [
        _as_read(row, {label.axis: label.value for label in labels}, said.get(row.id, {}))
        for row, labels in zip(rows, readings, strict=True)
    ]
    tones = [
        said.get(row.id, {}).get(Axis.SENTIMENT) or _value(labels, "sentiment")
        for row, labels in zip(rows, readings, strict=True)
    ]
    columns = (
        [row.id for row in read],
        [row.language for row in read],
        [row.intent for row in read],
        tones,
        [row.attack for row in read],
    )
    with connection.cursor() as cursor:
        cursor.execute(_MARK_READ, [now, *columns])
    return read


def _as_read(row: _Row, found: dict[str, str], said: dict[str, str]) -> _Row:
    """The row in the language that it was just read in (the source's was only a hint), with what it was found to be."""
    known = found | said
    return replace(
        row,
        language=found.get(Axis.LANGUAGE, "")[:3],
        intent=known.get(Axis.INTENT, UNCERTAIN),
        attack=known.get(Axis.ATTACK, UNCERTAIN),
    )


def _value(labels: Sequence[Label], axis: str) -> str:
    return next((label.value for label in labels if label.axis == axis), UNCERTAIN)


def said_by_people(numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """The last label that a person gave on each axis, of those mentions that have one."""
    said: dict[int, dict[str, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SAID_BY_PEOPLE, [list(numbers)])
        for mention_id, axis, value in cursor.fetchall():
            said.setdefault(mention_id, {})[axis] = value
    return said


def _texts_by_author(rows: Sequence[_Row]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    for row in rows:
        if row.author_id is not None:
            texts.setdefault(row.author_id, []).append(row.whole)
    return texts


def _matcher(only: int | None = None) -> Matcher:
    with connection.cursor() as cursor:
        cursor.execute(_WATCHES, {"only": only})
        return Matcher(Wanted(*row) for row in cursor.fetchall())


def _hits(matcher: Matcher, rows: Sequence[_Row]) -> list[_Hit]:
    said = said_by_people([row.id for row in rows])
    return [
        _Hit(match.watch_id, row, match.is_counted)
        for row in rows
        if said.get(row.id, {}).get(Axis.RELEVANCE) != Relevance.ELSEWHERE
        for match in matcher.matches(row.whole, row.handle or "", row.language)
    ]


def _add_hits(hits: Sequence[_Hit]) -> None:
    if not hits:
        return
    threads = _threads({hit.mention.id: hit.mention for hit in hits}.values())
    columns = (
        [hit.watch_id for hit in hits],
        [hit.mention.id for hit in hits],
        [hit.mention.author_id for hit in hits],
        [hit.mention.published_at for hit in hits],
        [hit.is_counted for hit in hits],
        [hit.mention.attack == Attack.YES for hit in hits],
        [hit.mention.intent in URGENT for hit in hits],
        [threads.get(hit.mention.id, "") for hit in hits],
    )
    with connection.cursor() as cursor:
        cursor.execute(_HITS_IN_ORDER)  # detection pages through the hits by number: no late one may slip behind it
        cursor.execute(_ADD_HITS, columns)


def _threads(rows: Iterable[_Row]) -> dict[int, str]:
    """The post that each one's answers go back to, as far as we hold them; nothing for a post of its own."""
    answers = [row for row in rows if row.parent]
    if not answers:
        return {}
    columns = [row.id for row in answers], [row.source_id for row in answers], [row.parent for row in answers]
    with connection.cursor() as cursor:
        cursor.execute(_THREADS, columns)
        return dict(cursor.fetchall())


def _drop_stale_hits(rows: Sequence[_Row], hits: Sequence[_Hit]) -> None:
    columns = [hit.watch_id for hit in hits], [hit.mention.id for hit in hits]
    with connection.cursor() as cursor:
        cursor.execute(_DROP_STALE_HITS, [[row.id for row in rows], *columns])


def _drop_hits(watch: Watch, rows: Sequence[_Row], hits: Sequence[_Hit]) -> None:
    concerned = {hit.mention.id for hit in hits}
    with connection.cursor() as cursor:
        cursor.execute(_DROP_HITS, [watch.pk, [row.id for row in rows if row.id not in concerned]])
