"""Which sources are due; how they are is clients.selectors.hearing."""

from datetime import datetime

from django.db.models import Q, QuerySet

from clients.listening.collectors import registry
from clients.models import Source


def free_at(now: datetime) -> Q:
    """Nobody is reading it: never claimed, or by a worker that died since."""
    return Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)


def due(now: datetime) -> QuerySet[Source]:
    """Active sources that we read ourselves, whose turn has come and that nobody is reading; the latest first."""
    turn = Q(due_at__isnull=True) | Q(due_at__lte=now)
    readable = Source.objects.filter(is_active=True, kind__in=registry.COLLECTORS)
    return readable.filter(turn, free_at(now)).order_by("due_at", "id")
