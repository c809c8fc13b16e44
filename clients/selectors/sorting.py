"""What people did with the mentions of the list to sort: lately, or since a page was made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef

from agency.models import User
from clients.choices import SortingKind
from clients.models import SortedMention, SortingAct

SHOWN_ACTS = 8
_EDGE = "SELECT (SELECT max(id) FROM clients_sortingact), (SELECT max(id) FROM clients_mention)"


@dataclass(frozen=True)
class Change:
    """What somebody made of a mention: who, when, by which kind of act, and what it became."""

    mention_id: int
    act: SortingAct
    became: str


@dataclass(frozen=True)
class Edge:
    """What a page knows of: the last act and the last mention that arrived, by their numbers (0 before the first)."""

    act: int
    mention: int


def edge() -> Edge:
    """To be asked before the list itself, so that no act falls between the two."""
    with connection.cursor() as cursor:
        cursor.execute(_EDGE)
        return Edge(*(number or 0 for number in cursor.fetchone()))


def numbers_of(act: SortingAct) -> list[int]:
    return list(act.mentions.values_list("mention_id", flat=True))


def changed_since(mention_ids: Sequence[int], seen: int, but_by: User | None = None) -> list[Change]:
    """The last act on each of the mentions after the act `seen`, undone ones apart; those of `but_by` do not count."""
    lines = SortedMention.objects.filter(mention_id__in=mention_ids, act_id__gt=seen, act__undone_at=None)
    if but_by is not None:
        lines = lines.exclude(act__by=but_by)
    last = lines.select_related("act__by").order_by("mention_id", "-act_id").distinct("mention_id")
    return [Change(line.mention_id, line.act, line.became) for line in last]


def lately(by: User, now: datetime, within: timedelta, but_in: Collection[int] = ()) -> list[SortingAct]:
    """The person's acts that can still be undone, the last first; none on the incidents `but_in`, by their keys."""
    touched = Exists(SortedMention.objects.filter(act_id=OuterRef("pk")))
    acts = SortingAct.objects.exclude(kind=SortingKind.DETACH).filter(
        touched, by=by, undone_at=None, done_at__gte=now - within
    )
    if but_in:
        acts = acts.exclude(kind=SortingKind.ATTACH, kept__incident__in=list(but_in))
    found = list(acts.order_by("-pk")[:SHOWN_ACTS])
    for act in found:
        act.by = by  # known: a page names them on each
    return found
