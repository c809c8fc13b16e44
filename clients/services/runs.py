"""What each reading of a source came to, and what it cost."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Sum

from agency.models import Client
from clients.choices import RunOutcome
from clients.models import CollectorRun, Source

KEPT = timedelta(days=90)
LONGEST_ROW = timedelta(days=1)  # a quiet source still has a row a day
_SUMS = ("fetched", "known", "calls", "bytes")
_CALM = (RunOutcome.READ, RunOutcome.UNCHANGED)


def note(run: CollectorRun) -> None:
    """Keeps one reading. One that found nothing new, and cost nothing, is counted in the row before it."""
    before = CollectorRun.objects.filter(source_id=run.source_id).order_by("-started_at", "-id").first()
    if before is None or not _goes_on(before, run):
        run.save(force_insert=True)
        return
    sums = {name: F(name) + getattr(run, name) for name in _SUMS}
    CollectorRun.objects.filter(pk=before.pk).update(times=F("times") + 1, finished_at=run.finished_at, **sums)


def spent_this_month(*, source: Source, now: datetime) -> Decimal:
    """US dollars that the source's readings cost since the first of the month in the client's time zone."""
    costs = CollectorRun.objects.filter(source=source, started_at__gte=month_start(now), cost__gt=0)
    return costs.aggregate(sum=Sum("cost"))["sum"] or Decimal(0)


def month_start(now: datetime) -> datetime:
    """The first moment of the client's present month, in UTC."""
    local = now.astimezone(zone_of_client())
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def next_month(now: datetime) -> datetime:
    """The first moment of the client's next month, in UTC."""
    local = now.astimezone(zone_of_client()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    return local.replace(year=year, month=month).astimezone(UTC)


def zone_of_client() -> ZoneInfo:
    """The time zone of the client at hand."""
    schema_name = connection.schema_name  # type: ignore[attr-defined]
    return ZoneInfo(Client.objects.values_list("timezone", flat=True).get(schema_name=schema_name))


def forget_old(*, now: datetime) -> int:
    """Removes the readings of more than 90 days ago; returns how many."""
    return CollectorRun.objects.filter(started_at__lt=now - KEPT).delete()[0]


def _goes_on(before: CollectorRun, run: CollectorRun) -> bool:
    """Whether the reading tells nothing that the row before it does not: nothing new, or held back once more."""
    if run.cost or run.started_at - before.started_at > LONGEST_ROW:
        return False
    if run.outcome == RunOutcome.UNCHANGED:
        return before.outcome in _CALM
    return run.outcome == RunOutcome.HELD and before.outcome == RunOutcome.HELD and before.code == run.code
