"""What people do with mentions, kept act by act: who changed what since a page was made, and the exact way back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import LabelSource, SortingKind, Triage
from clients.models import Classification, SortedMention, SortingAct, Waiting
from clients.selectors import sorting
from clients.services import corrections, order

UNDO_FOR = timedelta(minutes=10)

_MOVE = """
WITH held AS (
    SELECT m.id, m.triage FROM clients_mention m WHERE m.id = ANY(%(ids)s) AND m.triage = ANY(%(old)s)
    ORDER BY m.id FOR NO KEY UPDATE
), gone AS (
    DELETE FROM clients_waiting w USING held WHERE w.mention_id = held.id RETURNING w.mention_id, w.until
)
UPDATE clients_mention m SET triage = %(new)s FROM held LEFT JOIN gone ON gone.mention_id = held.id
WHERE m.id = held.id RETURNING m.id, held.triage, gone.until
"""
# What no later act touched, and what is still as the act left it.
_UNMOVE = """
WITH held AS (
    SELECT m.id, s.was, s.waited_until FROM clients_mention m JOIN clients_sortedmention s ON s.mention_id = m.id
    WHERE s.act_id = %(act)s AND m.triage = s.became AND NOT m.id = ANY(%(left)s)
    ORDER BY m.id FOR NO KEY UPDATE OF m
), gone AS (
    DELETE FROM clients_waiting w USING held WHERE w.mention_id = held.id
)
UPDATE clients_mention m SET triage =
    CASE WHEN held.was = 'waiting' AND held.waited_until <= %(now)s THEN 'new' ELSE held.was END
FROM held WHERE m.id = held.id RETURNING m.id, held.was, held.waited_until
"""


class TooLate(ValueError):
    """The act cannot be undone: older than ten minutes, undone already, or another's."""


@dataclass(frozen=True)
class Line:
    """What an act did to one mention: its state before and after, and until when it waited before."""

    mention_id: int
    was: str
    became: str
    waited_until: datetime | None = None


@dataclass(frozen=True)
class Undone:
    """The mentions that are again as they were, and those left as somebody has made them since."""

    ids: list[int]
    left: list[sorting.Change]


def move(mention_ids: Sequence[int], old: Iterable[str], new: str) -> list[Line]:
    """Takes those of the mentions that are in one of the `old` states to the `new` one; what waited waits no more."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"ids": list(mention_ids), "old": list(old), "new": new})
        return [Line(pk, was, new, until) for pk, was, until in sorted(cursor.fetchall())]


def note(
    *, kind: SortingKind, lines: Sequence[Line], by: User, now: datetime, kept: dict[str, Any] | None = None
) -> SortingAct:
    """Keeps an act with what it did to each mention."""
    act = SortingAct.objects.create(kind=kind, by=by, done_at=now, kept=kept or {})
    SortedMention.objects.bulk_create(
        SortedMention(
            act=act, mention_id=line.mention_id, was=line.was, became=line.became, waited_until=line.waited_until
        )
        for line in lines
    )
    return act


def own(*, number: int, by: User, now: datetime) -> SortingAct:
    """The person's act of that number, held, that can still be undone. Raises TooLate."""
    act = SortingAct.objects.select_for_update().filter(pk=number, by=by).first()
    if act is None:
        raise TooLate(_("This can no longer be undone."))
    if act.undone_at is not None:
        raise TooLate(_("This was undone already."))
    if now - act.done_at > UNDO_FOR:
        raise TooLate(_("This can no longer be undone: more than ten minutes have passed."))
    return act


@transaction.atomic
def undo(*, number: int, by: User, now: datetime) -> Undone:
    """Has each mention of one's act be what it was before, and takes back the labels said with it.

    What somebody else, or a later act of one's own, has changed since stays, and is told. Raises TooLate.
    """
    order.one_at_a_time()
    act = own(number=number, by=by, now=now)
    left = sorting.changed_since(sorting.numbers_of(act), act.pk)
    moved = _unmove(act, [change.mention_id for change in left], now)
    said = _take_back(act, left, by, now)
    SortingAct.objects.filter(pk=act.pk).update(undone_at=now)
    audit.note(
        action="mentions.undone",
        by=by,
        now=now,
        client=here(),
        subject="clients.mention",
        detail={"act": act.pk, "kind": act.kind, "mentions": moved},
    )
    return Undone(sorted({*moved, *said}), left)


def _unmove(act: SortingAct, left: list[int], now: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_UNMOVE, {"act": act.pk, "left": left, "now": now})
        moved = sorted(cursor.fetchall())
    Waiting.objects.bulk_create(
        Waiting(mention_id=pk, until=until, by_id=act.by_id, since=now)
        for pk, was, until in moved
        if was == Triage.WAITING and until is not None and until > now
    )
    return [pk for pk, _was, _until in moved]


def _take_back(act: SortingAct, left: Sequence[sorting.Change], by: User, now: datetime) -> list[int]:
    """The mentions whose labels of the act are taken back."""
    labels = Classification.objects.filter(pk__in=act.kept.get("labels", []), label_source=LabelSource.PERSON)
    mine = dict(labels.exclude(mention__in=[one.mention_id for one in left]).values_list("pk", "mention_id"))
    corrections.take_back(labels=list(mine), by=by, now=now)
    return sorted(set(mine.values()))
