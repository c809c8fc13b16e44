"""What reading writes down for the narrow streams: attacks, urgent matters, threads; and a person's word on them."""

import pytest

from agency.models import Client
from clients.listening.reading.reader import Reader
from clients.models import Mention, WatchHit
from clients.services import reading
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.conftest import NOW, MakePerson


def hear(*raws: tuple[str, str, str]) -> None:
    """Takes in posts, each one its number, its text and what it answers; then reads them."""
    source = feed()
    ingest(source=source, raws=[said(n, text, reply_to=answered) for n, text, answered in raws], now=NOW)
    reading.read_new(reader=Reader.shipped(), now=NOW)


def hit(number: str) -> WatchHit:
    return WatchHit.objects.get(mention__external_id=f"p{number}")


def test_an_attack_and_an_urgent_matter_are_written_on_their_hits(aldane: Client) -> None:
    watch(["aldane"])
    hear(
        ("1", "Aldane, bande de voleurs, quelle honte", ""),
        ("2", "Aldane, je porte plainte demain", ""),
        ("3", "Bonjour Aldane, à quelle heure ouvrez-vous svp ?", ""),
    )
    assert [(hit(n).is_attack, hit(n).is_urgent) for n in "13"] == [(True, False), (False, False)]
    assert hit("2").is_urgent
    assert Mention.objects.get(external_id="p1").attack == "yes"


def test_every_answer_goes_back_to_the_post_that_began(aldane: Client) -> None:
    watch(["lin"])
    hear(
        ("1", "le lin", ""), ("2", "du lin", "p1"), ("3", "ce lin", "p2"), ("4", "ah le lin", "p3"), ("5", "lin", "x9")
    )
    assert [hit(n).thread for n in "12345"] == ["", "p1", "p1", "p1", "x9"]


def test_answers_that_turn_in_a_circle_are_read_all_the_same(aldane: Client) -> None:
    watch(["lin"])
    hear(("1", "le lin", "p2"), ("2", "du lin", "p1"), ("3", "lin à soi", "p3"))
    assert all(hit(n).thread for n in "123")


@pytest.mark.parametrize(("value", "is_attack"), [("no", False), ("yes", True)])
def test_a_persons_word_on_an_attack_counts_at_once_and_outlives_an_edit(
    aldane: Client, person: MakePerson, value: str, is_attack: bool
) -> None:
    watch(["aldane"])
    hear(("1", "Aldane, bande de voleurs" if value == "no" else "Bonjour Aldane, une question svp", ""))
    mention = Mention.objects.get()
    reading.correct(mention=mention, axis="attack", value=value, by=person("cm", aldane), now=NOW)
    assert hit("1").is_attack is is_attack
    Mention.objects.update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=NOW)
    mention.refresh_from_db()
    assert (mention.attack, hit("1").is_attack) == (value, is_attack)


def test_only_what_says_something_is_kept_of_the_smaller_axes(aldane: Client) -> None:
    hear(("1", "Le magasin ouvre à neuf heures demain", ""), ("2", "VOTRE STAGIAIRE !! bravo, bande de clowns", ""))
    plain, loud = Mention.objects.order_by("id")
    smaller = ["target", "arousal", "screenshot", "irony", "relevance"]
    assert not plain.classifications.filter(axis__in=smaller).exists()
    assert set(loud.classifications.filter(axis__in=smaller).values_list("value", flat=True)) >= {"cm", "high"}
