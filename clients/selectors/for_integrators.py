"""What the API shows of a client in peace: its brands, its watches, its ears, the words that may be said today."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from clients.choices import SourceKind
from clients.listening.health import Health
from clients.models import Brand, Position, Source, Watch
from clients.selectors import hearing, positions


def brands() -> QuerySet[Brand]:
    """All brands; pages follow the primary key."""
    return Brand.objects.all()


def watches() -> QuerySet[Watch]:
    """All watches with their brand."""
    return Watch.objects.select_related("brand")


def sources() -> QuerySet[Source]:
    """The ears, without what they are told in secret; a file that was imported is none."""
    shown = ("id", "name", "kind", "is_active", "every_seconds", "last_success_at", "last_mention_at", "lag_seconds")
    return Source.objects.exclude(kind=SourceKind.IMPORT).only(*shown)


def health(now: datetime) -> dict[int, Health]:
    """How each ear is, by its number; one query."""
    return {one.ear.id: one.health for one in hearing.hearing(now).ears}


def sayable(now: datetime) -> QuerySet[Position]:
    """Positions that may be said today, with their brand."""
    return positions.usable(timezone.localdate(now)).select_related("brand")
