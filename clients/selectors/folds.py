"""What repeats a mention: reposts, quotes and copies, folded under the first of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from clients.choices import FOLDED_AWAY, URGENT, Fold
from clients.models import Mention


@dataclass(frozen=True)
class Counts:
    """How many mentions repeat a root; `copies` are those with the same text, or nearly."""

    reposts: int = 0
    quotes: int = 0
    copies: int = 0

    @property
    def total(self) -> int:
        return self.reposts + self.quotes + self.copies


def folds_of(mention_ids: Sequence[int]) -> dict[int, Counts]:
    """The counts of those of the mentions that are roots, in one query; the others are not in the answer."""
    found = (
        Mention.objects.filter(root_id__in=mention_ids)
        .order_by()
        .values("root_id")
        .annotate(
            reposts=Count("pk", filter=Q(fold=Fold.REPOST)),
            quotes=Count("pk", filter=Q(fold=Fold.QUOTE)),
            copies=Count("pk", filter=Q(fold__in=[Fold.COPY, Fold.NEAR])),
        )
    )
    return {row["root_id"]: Counts(row["reposts"], row["quotes"], row["copies"]) for row in found}


def folded_under(mention_id: int) -> QuerySet[Mention]:
    """What repeats the mention, the first published first."""
    return Mention.objects.filter(root_id=mention_id).select_related("author", "source").order_by("published_at", "pk")


def with_repeats(mention_ids: Sequence[int]) -> list[int]:
    """The mentions and what only repeats them, which goes where they go; what is urgent or a quote stays behind."""
    along = Mention.objects.filter(root_id__in=mention_ids, fold__in=FOLDED_AWAY).exclude(intent__in=URGENT)
    return [*dict.fromkeys([*mention_ids, *along.order_by().values_list("pk", flat=True)])]
