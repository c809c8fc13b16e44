"""What repeats a mention is counted under it."""

from agency.models import Client
from clients.choices import Fold
from clients.models import Mention
from clients.selectors.folds import Counts, folded_under, folds_of
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW


def test_a_root_counts_each_kind_of_repetition(aldane: Client) -> None:
    ingest(source=feed(), raws=[said(n, f"un texte à soi {n}") for n in range(6)], now=NOW)
    root, *others, alone = Mention.objects.order_by("pk")
    for mention, fold in zip(others, (Fold.REPOST, Fold.QUOTE, Fold.COPY, Fold.NEAR), strict=True):
        Mention.objects.filter(pk=mention.pk).update(root=root, fold=fold)
    assert folds_of([root.pk, alone.pk]) == {root.pk: Counts(1, 1, 2)}
    assert folds_of([root.pk])[root.pk].total == 4
    assert [mention.pk for mention in folded_under(root.pk)] == [mention.pk for mention in others]
