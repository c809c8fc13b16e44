"""Mentions as people and integrators read them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from clients.choices import Axis, Intent, Triage
from clients.models import Brand, Classification, Mention

PAGE = 50
COUNTED_UP_TO = 1_000  # beyond, a count costs more than it tells


@dataclass(frozen=True)
class View:
    """One way to look at the mentions; `intents` empty: whatever the intent. None as triage: all."""

    key: str
    triage: str | None
    intents: tuple[str, ...] = ()

    def filtered(self) -> QuerySet[Mention]:
        found = Mention.objects.all()
        if self.triage:
            found = found.filter(triage=self.triage)
        if len(self.intents) == 1:
            return found.filter(intent=self.intents[0])
        return found.filter(intent__in=self.intents) if self.intents else found


VIEWS = (
    View("a-trier", Triage.NEW),
    View("urgences", Triage.NEW, (Intent.SAFETY, Intent.LEGAL_THREAT, Intent.CALL_TO_ACTION)),
    View("reclamations", Triage.NEW, (Intent.COMPLAINT,)),
    View("attaques", Triage.NEW, (Intent.ATTACK_BRAND, Intent.ATTACK_CM)),
    View("popcorn", Triage.NEW, (Intent.POPCORN,)),
    View("rattachees", Triage.ATTACHED),
    View("ecartees", Triage.SET_ASIDE),
    View("tout", None),
)
VIEW = {view.key: view for view in VIEWS}


@dataclass(frozen=True)
class Place:
    """Where a page begins: after the mention of that date and number, the latest first."""

    published_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.published_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """None for what is not a place of ours."""
        date, _dash, number = text.partition("-")
        try:
            place = cls(datetime.strptime(date, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), int(number))
        except ValueError:
            return None
        return place if 0 <= place.pk < 2**63 else None


@dataclass(frozen=True)
class Page:
    """Some mentions, and where the next page begins (None on the last)."""

    rows: list[Mention]
    following: Place | None


def for_integrators() -> QuerySet[Mention]:
    """All mentions with their author and source; pages follow the primary key."""
    return Mention.objects.select_related("author", "source")


def page(view: View, after: Place | None, size: int = PAGE) -> Page:
    """A page of the view, the latest first, as fast at the millionth mention as at the first."""
    found = view.filtered()
    if after:
        before = Q(published_at__lt=after.published_at) | Q(pk__lt=after.pk)
        found = found.filter(before, published_at__lte=after.published_at)
    rows = list(found.select_related("author").order_by("-published_at", "-pk")[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], Place(last.published_at, last.pk) if last else None)


def counts(views: Sequence[View] = VIEWS) -> dict[str, int]:
    """How many mentions each view has, counted up to a thousand and one, in one query; all of them are not counted.

    Each part walks an index in its order: without one PostgreSQL would read the table from its oldest, sorted end.
    """
    parts: list[str] = []
    values: list[Any] = []
    owners: list[str] = []
    for view in (view for view in views if view.triage):
        for one in [View(view.key, view.triage, (intent,)) for intent in view.intents] or [view]:
            newest = one.filtered().order_by("-published_at", "-pk").values("pk")[: COUNTED_UP_TO + 1]
            query, given = newest.query.sql_with_params()
            parts.append(f"(SELECT count(*) FROM ({query}) found)")  # noqa: S608 (Django wrote the query)
            values += given
            owners.append(view.key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        found = Counter[str]()
        for key, count in zip(owners, cursor.fetchone(), strict=True):
            found[key] += count
    return {key: min(found[key], COUNTED_UP_TO + 1) for key in owners}


def labels_of(mention: Mention) -> dict[str, Classification]:
    """The label that counts on each axis: a person's last one, else the machine's last one."""
    latest: dict[str, Classification] = {}
    for label in mention.classifications.order_by("created_at", "pk"):
        known = latest.get(label.axis)
        if known is None or known.label_source != "person" or label.label_source == "person":
            latest[label.axis] = label
    order = [Axis.INTENT, Axis.SENTIMENT, Axis.LEVERAGE, Axis.LANGUAGE]
    return {axis: latest[axis] for axis in order if axis in latest}


def brands_of(mention: Mention) -> QuerySet[Brand]:
    """The brands whose watches caught the mention."""
    return Brand.objects.filter(watches__hits__mention=mention).distinct()
