"""The addresses to which tools post, and the sources that may have one."""

from django.db.models import Q, QuerySet

from clients.choices import SourceKind
from clients.models import InboundAddress, Source


def addresses() -> QuerySet[InboundAddress]:
    """All of them, by the name of their source."""
    return InboundAddress.objects.select_related("source", "by").order_by("source__name", "id")


def sources() -> QuerySet[Source]:
    """Those that something can be posted to: suites, and tools that are known by their address alone."""
    suites = Q(kind__in=[SourceKind.BRANDWATCH, SourceKind.TALKWALKER, SourceKind.MENTION, SourceKind.YOUSCAN])
    return Source.objects.filter(suites | Q(kind=SourceKind.API, api_key_id=None)).order_by("name", "id")
