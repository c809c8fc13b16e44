"""What repeats a mention is counted under it."""

from datetime import datetime, timedelta

from agency.models import Client
from clients.choices import Fold
from clients.listening.raw import RawMention
from clients.models import Fingerprint, Mention, Source
from clients.selectors.folds import Counts, folded_under, folds_of
from clients.services import folding
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


COPIED = "Ils m’ont laissé douze heures sur le quai sans une explication, à fuir absolument"
WEEK = timedelta(days=7)


def hear(*raws: RawMention, source: Source | None = None) -> None:
    ingest(source=source or Source.objects.first() or feed(), raws=raws, now=NOW + 3 * WEEK)


def after(minutes: int = 1) -> datetime:
    return NOW + timedelta(minutes=minutes)


def tree() -> dict[str, tuple[str, str]]:
    """What is folded: external id → (its root's, how)."""
    folded = Mention.objects.filter(root__isnull=False).values_list("external_id", "root__external_id", "fold")
    return {one: (root, how) for one, root, how in folded}


def test_a_repost_is_folded_under_what_it_reposts_even_when_that_comes_later(aldane: Client) -> None:
    hear(said(2, "RT", kind="repost", refers_to="p1", published_at=after()))
    assert tree() == {}
    hear(said(1, "ceci"), said(3, "RT", kind="repost", refers_to="p1", published_at=after(2)))
    assert tree() == {"p2": ("p1", "repost"), "p3": ("p1", "repost")}


def test_a_quote_names_its_root_by_its_address_too(aldane: Client) -> None:
    hear(said(1, "ceci", url="https://a.test/1"))
    hear(said(2, "Regardez-moi ça", kind="quote", refers_to="https://a.test/1", published_at=after()))
    assert tree() == {"p2": ("p1", "quote")}


def test_a_chain_is_folded_under_its_beginning(aldane: Client) -> None:
    hear(said(3, "RT", kind="repost", refers_to="p2", published_at=after(2)))
    hear(said(2, "voyez", kind="quote", refers_to="p1", published_at=after(1)))
    assert tree() == {"p3": ("p2", "repost")}
    hear(said(1, "ceci"))
    assert tree() == {"p3": ("p1", "repost"), "p2": ("p1", "quote")}


def test_the_same_text_from_anyone_on_any_source_is_folded_under_the_first(aldane: Client) -> None:
    hear(said(2, f"@marie {COPIED} https://t.co/abc", author_handle="b", published_at=after()))
    hear(said(1, COPIED.upper(), author_handle="a"), source=feed("Forum"))
    hear(said(3, f"RT @a: {COPIED}", author_handle="c", published_at=after(5)))
    assert tree() == {"p2": ("p1", "copy"), "p3": ("p1", "copy")}
    assert Mention.objects.values("author").distinct().count() == 3


def test_a_text_changed_a_little_is_folded_as_nearly_the_same(aldane: Client) -> None:
    hear(said(1, COPIED))
    hear(said(2, COPIED.replace("douze", "onze"), published_at=after()))
    hear(said(3, "Traversée parfaite ce matin, équipage charmant et mer calme, merci à tous", published_at=after()))
    assert tree() == {"p2": ("p1", "near")}


def test_a_ritual_sentence_is_folded_only_for_the_same_author(aldane: Client) -> None:
    rows = enumerate("abab")
    hear(*(said(n, "Bon anniversaire !", author_handle=who, published_at=after(n)) for n, who in rows))
    hear(said(9, "Bon anniversaire !"))
    assert tree() == {"p2": ("p0", "copy"), "p3": ("p1", "copy")}


def test_a_text_that_returns_after_a_week_is_shown_again(aldane: Client) -> None:
    hear(*(said(n, COPIED, published_at=NOW + timedelta(days=n)) for n in (0, 7, 8, 14)))
    assert tree() == {"p7": ("p0", "copy"), "p14": ("p8", "copy")}


def test_a_first_one_that_comes_late_takes_the_others_over(aldane: Client) -> None:
    hear(*(said(n, COPIED, published_at=NOW + timedelta(days=n)) for n in (3, 9, 11)))
    assert tree() == {"p9": ("p3", "copy")}
    hear(said(1, COPIED, published_at=NOW + timedelta(days=1)))
    assert tree() == {"p3": ("p1", "copy"), "p11": ("p9", "copy")}


def test_a_text_edited_away_leaves_its_fold(aldane: Client) -> None:
    hear(*(said(n, COPIED, published_at=after(n)) for n in (1, 2, 3)))
    hear(said(1, "Finalement tout va bien, mes excuses à toute l’équipe", published_at=after(1)))
    assert tree() == {"p3": ("p2", "copy")}
    hear(said(3, "Finalement tout va bien, mes excuses à toute l’équipe", published_at=after(3)))
    assert tree() == {"p3": ("p1", "copy")}


def test_another_network_s_number_is_not_what_is_referred_to(aldane: Client) -> None:
    hear(said(1, "ceci", author_handle="a", network="x"))
    repost = said(2, "RT", kind="repost", refers_to="p1", author_handle="b", network="youtube", published_at=after())
    hear(repost, source=feed("Vidéos"))
    assert tree() == {}
    hear(
        said(3, "RT", kind="repost", refers_to="p1", author_handle="b", network="x", published_at=after()),
        source=feed("X"),
    )
    assert tree() == {"p3": ("p1", "repost")}


def test_two_that_quote_each_other_have_one_root(aldane: Client) -> None:
    mutual = {"kind": "quote", "published_at": None}
    hear(said(1, "a", refers_to="p2", **mutual), said(2, "b", refers_to="p1", **mutual))
    assert tree() == {"p2": ("p1", "quote")}


def test_keys_are_kept_for_a_week_of_first_ones_only(aldane: Client) -> None:
    hear(said(1, COPIED), said(2, COPIED, published_at=after()))
    assert Fingerprint.objects.count() == 4
    assert folding.forget_old(now=NOW + 4 * WEEK) == 0
    assert folding.forget_old(now=NOW + 5 * WEEK) == 4
