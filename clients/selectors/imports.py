"""Which imports wait for a worker, and how long the one under way will still take."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from clients.choices import ImportState
from clients.models import MentionImport
from clients.selectors.sources import free_at


def waiting(now: datetime) -> QuerySet[MentionImport]:
    """Started by a person and not finished, whose worker is not there yet or died; the oldest first."""
    going = Q(state=ImportState.READY) | Q(state=ImportState.RUNNING)
    return MentionImport.objects.filter(going, free_at(now)).order_by("created_at", "id")


def time_left(importing: MentionImport, now: datetime) -> timedelta | None:
    """How long the rest takes at the pace so far; None while there is no ground to say."""
    done, total = importing.rows_done, importing.rows_total
    if importing.state != ImportState.RUNNING or importing.started_at is None or not total or not 0 < done <= total:
        return None
    return (now - importing.started_at) * (total - done) / done
