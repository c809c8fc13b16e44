"""Which watches have work to do."""

from django.db.models import QuerySet

from clients.listening.matching import Wanted
from clients.models import Watch


def to_match_again() -> QuerySet[Watch]:
    """Active watches whose words changed and are not yet matched with the whole past."""
    return Watch.objects.filter(rematched_to__isnull=False, is_active=True).order_by("id")


def wanted() -> tuple[Wanted, ...]:
    """What the active watches listen for: what networks are asked for, and texts compared with."""
    return tuple(wanted_of(watch) for watch in Watch.objects.filter(is_active=True).order_by("id"))


def names() -> list[tuple[int, str]]:
    """Number and name of each watch, with its brand."""
    return [(watch.pk, str(watch)) for watch in Watch.objects.select_related("brand").order_by("brand__name", "name")]


def wanted_of(watch: Watch) -> Wanted:
    """What one watch listens for."""
    return Wanted(
        watch_id=watch.pk or 0,
        include=watch.include,
        exclude=watch.exclude,
        ignored_authors=watch.ignored_authors,
        required=watch.required,
        handles=watch.handles,
        hashtags=watch.hashtags,
        languages=watch.languages,
    )
