"""Whatever the order in which the same posts come in, however split and repeated, the same is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agency.models import Client
from clients.listening.raw import RawMention
from clients.models import Fingerprint, Mention, MentionVersion, Source
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW

LATER = NOW + timedelta(days=60)
SLOGAN = "Ils m’ont laissé douze heures sur le quai sans une explication, à fuir absolument mes amis"
TEXTS = (
    SLOGAN,
    SLOGAN.replace("douze", "onze"),
    SLOGAN.replace("quai", "port").upper(),
    "La traversée de ce matin était parfaite, équipage charmant et mer calme, merci à tous",
    "Bon anniversaire !",
    "Toujours pas de remboursement au bout de six semaines, c’est long",
)


@dataclass(frozen=True)
class Delivery:
    """One state of one post, as one source gives it."""

    source: int
    raw: RawMention


@st.composite
def posts(draw: Any) -> list[Delivery]:
    """Some posts that repeat one another in every way, each in one to three states whose edits are dated."""
    made = []
    for number in range(draw(st.integers(2, 7))):
        source = draw(st.integers(0, 1))
        kind = draw(st.sampled_from(["post", "post", "post", "repost", "quote"]))
        at = NOW + timedelta(days=draw(st.integers(0, 18)), minutes=draw(st.integers(0, 1)))
        refers_to = f"p{draw(st.integers(0, 6))}" if kind != "post" else ""
        author = draw(st.sampled_from(["anne", "bob"]))
        texts = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True))
        for turn, text in enumerate(texts):
            edited_at = at + timedelta(hours=turn) if turn else None
            raw = said(
                number, text, published_at=at, edited_at=edited_at, kind=kind, refers_to=refers_to,
                author_handle=author, network="x",
            )  # fmt: skip
            made.append(Delivery(source, raw))
    return made


@st.composite
def orders(draw: Any) -> tuple[list[Delivery], list[list[Delivery]]]:
    """The posts, and the same in any order, some of them twice, in batches of any size."""
    given_posts = draw(posts())
    again = draw(st.lists(st.sampled_from(given_posts), max_size=6))
    mixed = draw(st.permutations([*given_posts, *again]))
    cuts = sorted(draw(st.sets(st.integers(1, len(mixed)), max_size=5)))
    return given_posts, [mixed[start:end] for start, end in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]


def kept(batches: Sequence[Sequence[Delivery]]) -> tuple[Any, ...]:
    """What the batches leave: mentions with words and roots, and versions. Nothing of it stays in the database."""
    with transaction.atomic():
        sources = [feed("Un"), feed("Deux")]
        for batch in batches:
            for source in (0, 1):
                raws = [one.raw for one in batch if one.source == source]
                ingest(source=sources[source], raws=raws, now=LATER)
        mentions = Mention.objects.values_list(
            "source__name", "external_id", "text", "edited_at", "root__source__name", "root__external_id", "fold"
        )
        versions = MentionVersion.objects.values_list("mention__external_id", "text", "edited_at")
        left = sorted(mentions, key=str), sorted(versions, key=str)
        for model in (MentionVersion, Mention, Fingerprint, Source):
            model.objects.all().delete()
    return left


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=orders())
def test_any_order_any_split_any_repetition_leaves_the_same(
    aldane: Client, case: tuple[list[Delivery], list[list[Delivery]]]
) -> None:
    given_posts, batches = case
    assert kept(batches) == kept([given_posts])
