"""Mentions as people and integrators read them."""

from django.db.models import QuerySet

from clients.models import Mention


def for_integrators() -> QuerySet[Mention]:
    """All mentions with their author and source; pages follow the primary key."""
    return Mention.objects.select_related("author", "source")
