"""What a source says anew of a mention: other words, other figures, gone, back again."""

from datetime import timedelta

from agency.models import Client
from clients.listening.reading.reader import Reader
from clients.models import Mention, MentionVersion, Source, WatchHit
from clients.services import reading
from clients.services.ingest import Ingested, ingest
from clients.services.reading import read_new
from tests.clients.rooms import feed, said, watch
from tests.conftest import NOW, MakePerson

LATER = NOW + timedelta(hours=1)


def tell(source: Source, text: str, **fields: object) -> Ingested:
    return ingest(source=source, raws=[said(1, text, **fields)], now=LATER)


def versions() -> list[str]:
    return list(MentionVersion.objects.order_by("id").values_list("text", flat=True))


def test_other_words_are_an_edit_and_the_old_ones_a_version(aldane: Client) -> None:
    source = feed()
    ingest(source=source, raws=[said(1, "avant", original="<p>avant</p>")], now=NOW)
    Mention.objects.update(read_at=NOW)
    taken = tell(source, "après")
    mention, version = Mention.objects.get(), MentionVersion.objects.get()
    assert (taken.new, taken.known, taken.edited) == (0, 1, 1)
    assert (mention.text, mention.edited_at, mention.read_at, mention.original) == ("après", LATER, None, None)
    assert (version.text, bytes(version.original), version.seen_from, version.seen_until) == (
        "avant", b"<p>avant</p>", NOW, LATER,
    )  # fmt: skip


def test_the_same_words_in_another_encoding_of_accents_are_no_edit(aldane: Client) -> None:
    source = feed()
    tell(source, "café")
    assert tell(source, "cafe\u0301\u200e".removesuffix("\u200e")).edited == 0


def test_a_stale_copy_changes_nothing(aldane: Client) -> None:
    source = feed()
    for text in ("un", "deux", "un", "deux", "un"):
        tell(source, text)
    assert (Mention.objects.get().text, versions()) == ("deux", ["un"])


def test_with_dates_the_latest_counts_whatever_comes_last(aldane: Client) -> None:
    source = feed()
    tell(source, "trois", edited_at=NOW + timedelta(minutes=3))
    tell(source, "deux", edited_at=NOW + timedelta(minutes=2))
    tell(source, "un")
    assert (Mention.objects.get().text, sorted(versions())) == ("trois", ["deux", "un"])
    assert Mention.objects.get().edited_at == NOW + timedelta(minutes=3)


def test_an_edit_dated_by_the_source_follows_one_that_we_dated(aldane: Client) -> None:
    source = feed()
    tell(source, "un")
    tell(source, "deux")
    assert tell(source, "trois", edited_at=NOW).edited == 1
    assert (Mention.objects.get().text, versions()) == ("trois", ["un", "deux"])


def test_figures_are_refreshed_without_a_version(aldane: Client) -> None:
    source = feed()
    tell(source, "un", reach=10, author_handle="a", followers=5)
    assert tell(source, "un", reach=900, author_handle="a", followers=6).edited == 0
    tell(source, "un", author_handle="a")
    mention = Mention.objects.get()
    assert (mention.reach, mention.author.followers, versions()) == (900, 6, [])


def test_what_is_gone_at_the_source_is_marked_once_and_kept(aldane: Client) -> None:
    source = feed()
    ingest(source=source, raws=[said(1), said(2)], now=NOW)
    assert ingest(source=source, raws=[], deleted=["p1", "p9"], now=NOW).deleted == 1
    assert ingest(source=source, raws=[], deleted=["p1"], now=LATER).deleted == 0
    assert list(Mention.objects.order_by("id").values_list("deleted_at", flat=True)) == [NOW, None]


def test_what_comes_back_alive_loses_the_mark(aldane: Client) -> None:
    source = feed()
    ingest(source=source, raws=[said(1)], deleted=["p1"], now=NOW)
    assert Mention.objects.get().deleted_at == NOW
    ingest(source=source, raws=[said(1)], deleted=["p1"], now=LATER)  # the same batch again
    assert Mention.objects.get().deleted_at == NOW
    ingest(source=source, raws=[said(1)], now=LATER)
    assert Mention.objects.get().deleted_at is None


def test_an_edit_is_read_again_and_matched_again(aldane: Client) -> None:
    source, linen, wool = feed(), watch(["lin"]), watch(["laine"])
    tell(source, "Ce lin est une arnaque, remboursez-moi")
    read_new(reader=Reader.shipped(), now=LATER)
    assert list(WatchHit.objects.values_list("watch_id", flat=True)) == [linen.pk]
    tell(source, "Finalement cette laine est très belle, merci")
    read_new(reader=Reader.shipped(), now=LATER)
    assert list(WatchHit.objects.values_list("watch_id", flat=True)) == [wool.pk]


def test_what_a_person_said_of_a_mention_outlives_its_edit(aldane: Client, person: MakePerson) -> None:
    source = feed()
    tell(source, "Ce lin est superbe, merci")
    read_new(reader=Reader.shipped(), now=LATER)
    reading.correct(mention=Mention.objects.get(), axis="intent", value="safety", by=person("cm"), now=LATER)
    tell(source, "Ce lin est superbe, merci encore")
    read_new(reader=Reader.shipped(), now=LATER)
    mention = Mention.objects.get()
    assert mention.read_at == LATER and mention.intent == "safety"
