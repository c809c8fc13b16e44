"""Which watches have work to do."""

from django.db.models import QuerySet

from clients.models import Watch


def to_match_again() -> QuerySet[Watch]:
    """Active watches whose words changed and are not yet matched with the whole past."""
    return Watch.objects.filter(rematched_to__isnull=False, is_active=True).order_by("id")
