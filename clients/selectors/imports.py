"""Which imports wait for a worker."""

from datetime import datetime

from django.db.models import Q, QuerySet

from clients.choices import ImportState
from clients.models import MentionImport
from clients.selectors.sources import free_at


def waiting(now: datetime) -> QuerySet[MentionImport]:
    """Started by a person and not finished, whose worker is not there yet or died; the oldest first."""
    going = Q(state=ImportState.READY) | Q(state=ImportState.RUNNING)
    return MentionImport.objects.filter(going, free_at(now)).order_by("created_at", "id")
