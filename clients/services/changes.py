"""What a source says anew of mentions that we have: other words, other figures, alive after all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper

from clients.listening.copies import text_hash, words_of
from clients.listening.raw import RawMention, whole
from clients.listening.versions import Said
from clients.models import Mention, MentionVersion, Source
from clients.services.accounts import account_of
from clients.services.copying import texts_array

_STATES = (
    "id", "external_id", "title", "text", "original", "collected_at", "edited_at", "is_edit_dated", "deleted_at",
    "reach",
)  # fmt: skip
_KNOWN = f"""
SELECT m.* FROM unnest(%s::text[]) AS i CROSS JOIN LATERAL (
    SELECT {", ".join(_STATES)} FROM clients_mention WHERE source_id = %s AND external_id = i OFFSET 0) m
"""  # noqa: S608
# Read again, as if it had just come; what a person said of it stays (see services.reading).
_REWRITE = """
UPDATE clients_mention SET title = %s, text = %s, original = %s, text_hash = %s, edited_at = %s, is_edit_dated = %s,
    read_at = NULL WHERE id = %s
"""
_REACH = """
UPDATE clients_mention m SET reach = i.reach FROM unnest(%s::bigint[], %s::bigint[]) AS i(id, reach) WHERE m.id = i.id
"""


def take_changes(
    cursor: CursorWrapper,
    *,
    source: Source,
    states: Mapping[str, Sequence[RawMention]],
    gone: Collection[str],
    now: datetime,
) -> tuple[set[str], list[int]]:
    """Takes in the states of what we have already: the external ids that we have, the numbers of what was edited.

    Words that were replaced become a version. What is marked as deleted and is not `gone` is alive again.
    """
    rows = _known(cursor, source, states)
    _refresh_reach(rows, states)
    _revive(rows, gone)
    said = _said(rows, states)
    for mention, one in said.values():
        for raw in states[mention.external_id]:
            one.take(raw, now)
    edited = [(mention, one) for mention, one in said.values() if one.is_edited]
    for mention, one in edited:
        _rewrite(mention, one, states[mention.external_id][-1])
    for mention, one in said.values():
        if one.is_redated and not one.is_edited:
            Mention.objects.filter(pk=mention.pk).update(edited_at=one.edited_at, is_edit_dated=True)
    keep_versions((mention.pk, one) for mention, one in said.values() if one.older)
    return {row.external_id for row in rows}, [mention.pk for mention, _one in edited]


def keep_versions(said: Iterable[tuple[int, Said]]) -> None:
    """Keeps the earlier words of mentions, given by their numbers."""
    MentionVersion.objects.bulk_create(
        MentionVersion(
            mention_id=number,
            title=version.title,
            text=version.text,
            original=version.original,
            sha256=version.sha256,
            edited_at=version.edited_at,
            seen_from=version.seen_from,
            seen_until=version.seen_until,
        )
        for number, one in said
        for version in one.older
    )


def _known(cursor: CursorWrapper, source: Source, external_ids: Collection[str]) -> list[Mention]:
    if not external_ids:
        return []
    cursor.execute(_KNOWN, [texts_array(external_ids), source.pk])
    return [Mention(**dict(zip(_STATES, row, strict=True))) for row in cursor.fetchall()]


def _said(rows: Sequence[Mention], states: Mapping[str, Sequence[RawMention]]) -> dict[int, tuple[Mention, Said]]:
    """The words of those mentions of which something else is said now, or of another date."""
    found = {row.pk: (row, _present(row)) for row in rows if any(_differs(row, raw) for raw in states[row.external_id])}
    if found:
        earlier = MentionVersion.objects.filter(mention_id__in=list(found)).order_by("seen_until", "pk")
        for number, sha256, seen_until in earlier.values_list("mention_id", "sha256", "seen_until"):
            said = found[number][1]
            said.seen.add(sha256)
            said.seen_from = seen_until
    return found


def _differs(row: Mention, raw: RawMention) -> bool:
    is_redated = raw.edited_at is not None and raw.edited_at != row.edited_at
    return raw.text != row.text or raw.title != row.title or is_redated


def _present(row: Mention) -> Said:
    original = None if row.original is None else bytes(row.original)
    return Said(row.title, row.text, original, row.edited_at, row.is_edit_dated, row.collected_at)


def _rewrite(mention: Mention, said: Said, raw: RawMention) -> None:
    author = " ".join(account_of(raw)) if raw.author_handle else ""
    fingerprint = text_hash(words_of(whole(said.title, said.text)), author)
    values = [said.title, said.text, said.original, fingerprint, said.edited_at, said.is_edit_dated, mention.pk]
    with connection.cursor() as cursor:
        cursor.execute(_REWRITE, values)


def _refresh_reach(rows: Sequence[Mention], states: Mapping[str, Sequence[RawMention]]) -> None:
    changed = []
    for row in rows:
        reach = next((raw.reach for raw in reversed(states[row.external_id]) if raw.reach is not None), None)
        if reach is not None and reach != row.reach:
            changed.append((row.pk, reach))
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(_REACH, [[pk for pk, _reach in changed], [reach for _pk, reach in changed]])


def _revive(rows: Sequence[Mention], gone: Collection[str]) -> None:
    alive = [row.pk for row in rows if row.deleted_at is not None and row.external_id not in gone]
    if alive:
        Mention.objects.filter(pk__in=alive).update(deleted_at=None)
