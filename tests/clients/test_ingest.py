"""What came in becomes mentions, each once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from agency.models import Client
from clients.models import Author, Mention, MentionVersion, Source
from clients.services.copying import CELL, UnwritableText, blob
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW


def test_new_mentions_are_added_with_their_author(aldane: Client) -> None:
    taken = ingest(source=feed(), raws=[said(1, author_handle="marie_c", author_name="Marie", followers=12)], now=NOW)
    mention = Mention.objects.get()
    assert (taken.new, taken.known, taken.first_id, taken.last_id) == (1, 0, mention.pk, mention.pk)
    assert (mention.author.handle, mention.author.followers, mention.collected_at) == ("marie_c", 12, NOW)
    assert (mention.triage, mention.read_at, mention.is_date_sure) == ("new", None, True)


def test_the_same_batch_twice_adds_nothing(aldane: Client) -> None:
    source, raws = feed(), [said(n, author_handle="a") for n in range(3)]
    assert ingest(source=source, raws=raws, now=NOW).new == 3
    again = ingest(source=source, raws=raws, now=NOW + timedelta(hours=1))
    assert (again.new, again.known, again.first_id, again.last_id) == (0, 3, None, None)


def test_a_mention_twice_in_a_batch_with_other_words_was_edited(aldane: Client) -> None:
    source, raws = feed(), [said(1, "premier"), said(1, "second")]
    taken = ingest(source=source, raws=raws, now=NOW)
    assert (taken.new, taken.known, taken.edited, Mention.objects.get().text) == (1, 1, 1, "second")
    assert ingest(source=source, raws=raws, now=NOW).edited == 0
    assert [version.text for version in MentionVersion.objects.all()] == ["premier"]


def test_two_sources_may_give_the_same_number(aldane: Client) -> None:
    for name in ("Presse", "Forum"):
        assert ingest(source=feed(name), raws=[said(1)], now=NOW).new == 1


def test_an_empty_batch_is_nothing(aldane: Client) -> None:
    assert ingest(source=feed(), raws=[], now=NOW).new == 0


def test_numbers_follow_the_order_of_the_batch(aldane: Client) -> None:
    ingest(source=feed(), raws=[said(n) for n in (7, 3, 5)], now=NOW)
    assert list(Mention.objects.order_by("id").values_list("external_id", flat=True)) == ["p7", "p3", "p5"]


@pytest.mark.parametrize(
    "text", ["tab\tici", "ligne\nsuivante\r\n", "C:\\N \\. \\x41", "\\", "é😀 ’", "\\N", "fin\\", "a" * 20_000]
)
def test_text_is_kept_letter_for_letter(aldane: Client, text: str) -> None:
    ingest(source=feed(), raws=[said(1, text, title=text[:100])], now=NOW)
    assert Mention.objects.get().text == text


@pytest.mark.parametrize("bad", ["\x1f", "\x1e", "\x1d", "\0", "\ud800"])
def test_a_character_that_cannot_be_kept_forges_no_cell(aldane: Client, bad: str) -> None:
    ingest(source=feed(), raws=[said(1, f"av{bad}ant"), said(2, "autre")], now=NOW)
    assert list(Mention.objects.order_by("id").values_list("text", flat=True)) == ["avant", "autre"]


def test_text_is_normalised_and_what_came_is_kept_byte_for_byte(aldane: Client) -> None:
    came = "cafe\u0301\x00 \u202eetxet\x9f \ud83d"
    ingest(source=feed(), raws=[said(1, came, author_handle="a", author_name="Zoe\u0301\x07"), said(2, "é")], now=NOW)
    odd, plain = Mention.objects.order_by("id")
    assert (odd.text, bytes(odd.original)) == ("café etxet ", came.encode("utf-8", "surrogatepass"))
    assert (odd.author.name, plain.original) == ("Zoé", None)


def test_the_html_that_a_text_was_made_from_is_kept(aldane: Client) -> None:
    ingest(source=feed(), raws=[said(1, "Bonjour", original="<p>Bonjour</p>")], now=NOW)
    assert bytes(Mention.objects.get().original) == b"<p>Bonjour</p>"


def test_a_collector_that_lets_an_odd_id_through_loses_nothing(aldane: Client) -> None:
    raws = [said("\0" + "x" * 600, url="http://a\0b.test/"), said(2, author_handle="h" * 300, reply_to="r" * 600)]
    source = feed()
    assert ingest(source=source, raws=raws, now=NOW).new == 2
    assert ingest(source=source, raws=raws, now=NOW).known == 2


def test_the_lag_is_the_median_wait_of_the_new_ones(aldane: Client) -> None:
    source = feed()
    raws = [said(n, published_at=NOW - timedelta(minutes=n)) for n in (1, 5, 90)] + [said(7, published_at=None)]
    assert ingest(source=source, raws=raws, now=NOW).lag_seconds == 300
    assert ingest(source=source, raws=raws, now=NOW).lag_seconds is None


def test_a_source_knows_when_it_last_brought_something(aldane: Client) -> None:
    source, later = feed(), NOW + timedelta(hours=1)
    ingest(source=source, raws=[said(1)], now=NOW)
    ingest(source=source, raws=[said(1)], now=later)
    assert Source.objects.get().last_mention_at == NOW


def test_cells_are_counted() -> None:
    with pytest.raises(UnwritableText):
        blob([f"a{CELL}b", "c"], 2)


def test_a_mention_without_a_date_is_dated_at_its_collection(aldane: Client) -> None:
    raws = [said(1, published_at=None), said(2, published_at=NOW + timedelta(days=2)), said(3, published_at=NOW)]
    ingest(source=feed(), raws=raws, now=NOW)
    dates = list(Mention.objects.order_by("id").values_list("published_at", "is_date_sure"))
    assert dates == [(NOW, False), (NOW, False), (NOW, True)]


def test_an_account_keeps_its_latest_figures(aldane: Client) -> None:
    source = feed()
    ingest(source=source, raws=[said(1, author_handle="a", author_name="Anne", followers=10)], now=NOW)
    ingest(source=source, raws=[said(2, author_handle="a"), said(3, author_handle="a", followers=11)], now=NOW)
    author = Author.objects.get()
    assert (author.name, author.followers, author.mentions.count()) == ("Anne", 11, 3)


def test_the_same_handle_on_two_networks_is_two_accounts(aldane: Client) -> None:
    raws = [said(1, author_handle="a", network="x"), said(2, author_handle="a", network="mastodon"), said(3)]
    ingest(source=feed(), raws=raws, now=NOW)
    assert Author.objects.count() == 2
    assert Mention.objects.filter(author=None).count() == 1


def test_a_refused_batch_leaves_nothing_behind(aldane: Client) -> None:
    source = feed()
    with pytest.raises(RuntimeError), transaction.atomic():
        ingest(source=source, raws=[said(1)], now=NOW)
        raise RuntimeError
    assert ingest(source=source, raws=[said(1)], now=NOW).new == 1


def test_what_one_client_hears_the_other_does_not(aldane: Client, tramontel: Client) -> None:
    ingest(source=feed(), raws=[said(1)], now=NOW)
    with schema_context(tramontel.schema_name):
        assert Mention.objects.count() == 0
        assert ingest(source=feed(), raws=[said(1)], now=NOW).new == 1


def test_a_reader_by_number_never_misses_a_late_batch(committed: None) -> None:
    """Two connections: the batch that began first ends last, and yet no number appears behind the reader's back."""
    with schema_context("maison_aldane"):
        source = feed()
    first_holds, let_first_end, ended = threading.Event(), threading.Event(), []

    def begin_first() -> None:
        with schema_context("maison_aldane"), transaction.atomic():
            ingest(source=source, raws=[said(1)], now=NOW)
            first_holds.set()
            let_first_end.wait(5)
            ended.append("first")
        connection.close()

    def begin_second() -> None:
        first_holds.wait(5)
        with schema_context("maison_aldane"):
            ingest(source=source, raws=[said(2)], now=NOW)
            ended.append("second")
        connection.close()

    threads = [threading.Thread(target=begin_first), threading.Thread(target=begin_second)]
    for thread in threads:
        thread.start()
    first_holds.wait(5)
    threads[1].join(0.3)
    with schema_context("maison_aldane"):
        assert list(Mention.objects.all()) == []
    let_first_end.set()
    for thread in threads:
        thread.join(5)
    assert ended == ["first", "second"]
