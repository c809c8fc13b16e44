"""Mentions as people and integrators read them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from clients.choices import URGENT, Axis, Intent, LabelSource, Triage
from clients.models import Brand, Classification, CollectorRun, Mention, Source, WatchHit
from clients.models.mentions import IS_ATTACK, SHOWN
from clients.selectors import checking, search
from clients.selectors.hidden import Hidden, hidden_from
from clients.selectors.search import Sought

PAGE = 50
EXAMINED = 30_000  # mentions looked through for one page, where an index does not lead to what narrows the view
EXAMINED_WORDS = 10_000  # the same where the words of each have to be compared, which costs more
FIRST_EXAMINED = 1_000
NEWEST_FOR_LANGUAGES = 2_000
COUNTED_UP_TO = 1_000  # beyond, a count costs more than it tells

# The newest number of each table that a list shows something of; what moves none of them is seen a minute later.
_REVISION = """
SELECT (SELECT max(id) FROM clients_mention), (SELECT max(id) FROM clients_classification),
    (SELECT max(id) FROM clients_mentionversion), (SELECT max(id) FROM clients_watchhit),
    (SELECT max(id) FROM clients_collectorrun), (SELECT max(id) FROM clients_sortingact)
"""


@dataclass(frozen=True)
class View:
    """One way to look at the mentions; `intents` empty: whatever the intent. None as triage: all. `which`: what else.

    A view shows the roots, the quotes and what is urgent; what only repeats a root is counted under it. The view of all
    shows every mention. `asks`: which of the mentions along it a person is asked about, so that the machine learns.
    `is_ones_own`: without what one person may not know of, so that its counts are kept for nobody else.
    """

    key: str
    triage: str | None
    intents: tuple[str, ...] = ()
    which: Q | None = None
    asks: Callable[[QuerySet[Mention]], QuerySet[Mention]] | None = None
    is_ones_own: bool = False

    def filtered(self) -> QuerySet[Mention]:
        return self.asks(self.along()) if self.asks else self.along()

    def along(self) -> QuerySet[Mention]:
        """What the view is looked for in: an index leads through it, the latest first."""
        found = Mention.objects.all()
        if self.triage:
            found = found.filter(SHOWN, self.which or Q(), triage=self.triage)
        if len(self.intents) == 1:
            return found.filter(intent=self.intents[0])
        return found.filter(intent__in=self.intents) if self.intents else found


VIEWS = (
    View("a-trier", Triage.NEW),
    View("urgences", Triage.NEW, URGENT),
    View("reclamations", Triage.NEW, (Intent.COMPLAINT,)),
    View("attaques", Triage.NEW, which=IS_ATTACK),
    View("popcorn", Triage.NEW, (Intent.POPCORN,)),
    View("en-attente", Triage.WAITING),
    View("rattachees", Triage.ATTACHED),
    View("ecartees", Triage.SET_ASIDE),
    View("tout", None),
    View("incertaines", Triage.NEW, asks=checking.left_open),
    View("tirees", None, asks=checking.drawn),
)
VIEW = {view.key: view for view in VIEWS}


def views_for(hidden: Hidden) -> dict[str, View]:
    """The views by their key; where something is hidden, the one of what is attached does without it."""
    if hidden.attached is None:
        return VIEW
    own = {
        view.key: replace(view, which=(view.which or Q()) & ~hidden.attached, is_ones_own=True)
        for view in VIEWS
        if view.triage == Triage.ATTACHED
    }
    return {**VIEW, **own}


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
class Narrowed:
    """What a view is narrowed to: a source, a watch, a language ("" for any), words, or what repeats a root."""

    source: int | None = None
    watch: int | None = None
    language: str = ""
    sought: str = ""
    root: int | None = None

    @property
    def is_anything(self) -> bool:
        return self != Narrowed()


@dataclass(frozen=True)
class Page:
    """Some mentions, and where the next page begins (None on the last).

    `searched_to`: the page is short of mentions because the search stopped there, to be taken up at `following`.
    """

    rows: list[Mention]
    following: Place | None
    searched_to: datetime | None = None


def for_integrators() -> QuerySet[Mention]:
    """All mentions with their author and source; pages follow the primary key.

    `is_hidden`: held only by what no key may know of.
    """
    attached = hidden_from(None).attached
    told = Mention.objects.select_related("author", "source")
    if attached is None:
        return told.annotate(is_hidden=Value(False))
    return told.annotate(is_hidden=Case(When(attached, then=Value(True)), default=Value(False)))


def page(view: View, after: Place | None, narrowed: Narrowed = Narrowed(), size: int = PAGE) -> Page:
    """A page of the view, the latest first, as fast at the millionth mention as at the first."""
    if narrowed.root is not None:
        return _cut(_after(Mention.objects.filter(root_id=narrowed.root), after), size)
    found = narrow(view.filtered(), narrowed)
    sought = Sought.read(narrowed.sought)
    if sought.accounts:
        return _cut(_after(search.holding(search.by_accounts(found, sought), sought), after), size)
    if sought.words:
        return _with_words(view, found, sought, after, size)
    if narrowed.is_anything or view.asks:
        return _looked_through(view, found, after, size, EXAMINED)
    return _cut(_after(found, after), size)


def narrow(found: QuerySet[Mention], narrowed: Narrowed) -> QuerySet[Mention]:
    if narrowed.source is not None:
        found = found.filter(source_id=narrowed.source)
    if narrowed.watch is not None:
        found = found.filter(Exists(WatchHit.objects.filter(watch_id=narrowed.watch, mention_id=OuterRef("pk"))))
    return found.filter(language=narrowed.language) if narrowed.language else found


def _after(found: QuerySet[Mention], place: Place | None) -> QuerySet[Mention]:
    if place is None:
        return found
    before = Q(published_at__lt=place.published_at) | Q(pk__lt=place.pk)
    return found.filter(before, published_at__lte=place.published_at)


def _cut(found: QuerySet[Mention], size: int) -> Page:
    listed = found.select_related("author").defer("original").order_by("-published_at", "-pk")
    rows = list(listed[: size + 1])
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], Place(last.published_at, last.pk) if last else None)


def _with_words(view: View, found: QuerySet[Mention], sought: Sought, after: Place | None, size: int) -> Page:
    """Common words are met at once, rare ones are known by their numbers, the others are looked for along the list."""
    holding = search.holding(found, sought)
    page = _looked_through(view, holding, after, size, FIRST_EXAMINED)
    if page.searched_to is None:
        return page
    numbers = search.rare(sought)
    if numbers is not None:
        return _cut(_after(found.filter(pk__in=numbers), after), size)
    return _looked_through(view, holding, after, size, EXAMINED_WORDS)


def _looked_through(view: View, found: QuerySet[Mention], after: Place | None, size: int, most: int) -> Page:
    """A page of what is found among the next `most` mentions of the view; where there are more, it says how far."""
    ordered = _after(view.along(), after).order_by("-published_at", "-pk")
    end = ordered.values_list("published_at", "pk")[most : most + 1].first()
    if end is None:
        return _cut(_after(found, after), size)
    reached = Place(*end)
    page = _cut(_after(found, after).filter(_down_to(reached), published_at__gte=reached.published_at), size)
    return page if page.following else Page(page.rows, reached, reached.published_at)


def _down_to(place: Place) -> Q:
    return Q(published_at__gt=place.published_at) | Q(pk__gte=place.pk)


def counts(views: Iterable[View] = VIEWS) -> dict[str, int]:
    """How many mentions each view has, counted up to a thousand and one, in one query; all of them are not counted.

    Each part walks an index in its order: without one PostgreSQL would read the table from its oldest, sorted end.
    """
    parts: list[str] = []
    values: list[Any] = []
    owners: list[str] = []
    for view in (view for view in views if view.triage and not view.asks):
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


def source_names() -> list[tuple[int, str]]:
    """Number and name of each source."""
    return list(Source.objects.order_by("name", "id").values_list("pk", "name"))


def languages() -> list[str]:
    """The languages of the newest mentions, the most frequent first."""
    newest = Mention.objects.order_by("-pk").values_list("language", flat=True)[:NEWEST_FOR_LANGUAGES]
    return [code for code, _count in Counter(newest).most_common() if code]


def revision() -> str:
    """Changes when a mention arrives, is read, labelled, edited, caught, read anew or sorted: see `_REVISION`."""
    with connection.cursor() as cursor:
        cursor.execute(_REVISION)
        return "-".join(str(number or 0) for number in cursor.fetchone())


_SOMETIMES = (Axis.RELEVANCE, Axis.LEVERAGE, Axis.TARGET, Axis.AROUSAL, Axis.SCREENSHOT, Axis.IRONY)
# In the order in which a person wants to know.
_TOLD = (Axis.INTENT, Axis.ATTACK, Axis.SENTIMENT, *_SOMETIMES, Axis.LANGUAGE)


def in_reply_to(mention: Mention) -> Mention | None:
    """What the mention answers, when its source brought that too."""
    if not mention.reply_to:
        return None
    return _with_people().filter(source_id=mention.source_id, external_id=mention.reply_to).first()


def run_of(mention: Mention) -> CollectorRun | None:
    """The reading of the source that brought the mention, while it is kept."""
    runs = CollectorRun.objects.filter(source_id=mention.source_id, started_at__lte=mention.collected_at)
    return runs.filter(finished_at__gte=mention.collected_at).order_by("-started_at", "-pk").first()


def whole(pk: int) -> Mention | None:
    """One mention with its author, source and root, None when there is none of that number."""
    return Mention.objects.select_related("author", "source", "root__author").filter(pk=pk).first()


def _with_people() -> QuerySet[Mention]:
    return Mention.objects.select_related("author", "source").defer("original")


def labels_of(mention: Mention) -> dict[str, Classification]:
    """The label that counts on each axis: a person's last one, else the machine's last one.

    A reading tells some axes only where there is something to say: what an earlier one told of those is over.
    """
    latest: dict[str, Classification] = {}
    for label in mention.classifications.order_by("created_at", "pk"):
        known = latest.get(label.axis)
        if known is None or known.label_source != "person" or label.label_source == "person":
            latest[label.axis] = label
    read_last = latest.get(Axis.LANGUAGE)  # each reading tells it
    return {axis: latest[axis] for axis in _TOLD if axis in latest and not _is_over(latest[axis], read_last)}


def _is_over(label: Classification, read_last: Classification | None) -> bool:
    is_ours = label.label_source == LabelSource.PERSON or label.axis not in _SOMETIMES
    return not is_ours and read_last is not None and label.created_at < read_last.created_at


def brands_of(mention: Mention) -> QuerySet[Brand]:
    """The brands whose watches caught the mention."""
    return Brand.objects.filter(watches__hits__mention=mention).distinct()
