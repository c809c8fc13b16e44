"""Which sources are due, and how they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from clients.choices import SourceKind
from clients.listening.collectors import registry
from clients.models import Source

FAILURES_THAT_WORRY = 3
MISSED_TURNS_THAT_WORRY = 5
SHORTEST_SILENCE = timedelta(minutes=5)


def free_at(now: datetime) -> Q:
    """Nobody is reading it: never claimed, or by a worker that died since."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)


def due(now: datetime) -> QuerySet[Source]:
    """Active sources that we read ourselves, whose turn has come and that nobody is reading; the latest first."""
    turn = Q(due_at__isnull=True) | Q(due_at__lte=now)
    readable = Source.objects.filter(is_active=True, kind__in=registry.COLLECTORS)
    return readable.filter(turn, free_at(now)).order_by("due_at", "id")


@dataclass(frozen=True)
class Health:
    """How a source is: `state` is ok, waiting (never read yet), failing, silent, stopped or passive (others push)."""

    state: str
    since: datetime | None
    words_fr: str = ""
    words_en: str = ""

    def words(self, language: str) -> str:
        return self.words_en if language.startswith("en") and self.words_en else self.words_fr


def health(source: Source, now: datetime) -> Health:
    """A source that says nothing is never called calm: silent means that its readings themselves do not happen."""
    said = (source.last_error, source.last_error_en)
    if not source.is_active:
        return Health("stopped", source.last_success_at, *said)
    if source.kind != SourceKind.FEED:
        return Health("passive", source.last_success_at)
    if source.failures:
        return Health("failing", source.last_success_at, *said)
    if source.last_success_at is None:
        return Health("waiting", None)
    patience = max(MISSED_TURNS_THAT_WORRY * timedelta(seconds=source.every_seconds), SHORTEST_SILENCE)
    if now - source.last_success_at > patience:
        return Health("silent", source.last_success_at)
    return Health("ok", source.last_success_at, *said)
