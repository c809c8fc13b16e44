"""The lists that a person finds beside the views."""

from django.db.models import Q

from agency.models import User
from clients.models import SavedFilter


def of(person: User) -> list[SavedFilter]:
    """One's own and everybody's, in their order."""
    return list(SavedFilter.objects.filter(Q(owner=person) | Q(owner=None), deleted_at=None).order_by("rank", "pk"))
