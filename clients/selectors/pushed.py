"""What integrators pushed, as they ask after it."""

from collections.abc import Collection

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from clients.models import Mention, MentionVersion, Source


def known_ids(source: Source, external_ids: Collection[str]) -> dict[str, bool]:
    """Those of the external ids that the source has, each with whether it is marked as deleted already."""
    found = Mention.objects.filter(source=source, external_id__in=list(external_ids))
    return {number: gone is not None for number, gone in found.values_list("external_id", "deleted_at")}


def with_versions(found: QuerySet[Mention]) -> QuerySet[Mention]:
    """The mentions with `version_count`: how many times each said something else before."""
    counted = MentionVersion.objects.filter(mention=OuterRef("pk")).order_by().values("mention").annotate(n=Count("pk"))
    return found.annotate(version_count=Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0))
