"""What came in is read, in the order of its arrival, and matched with the watches."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from agency.models import Client
from clients.listening.reading.labels import Doc, Label, Reason
from clients.models import Classification, Mention, Watch, WatchHit
from clients.services import reading
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.conftest import NOW, MakePerson


class PlainReader:
    """Calls everything a complaint; stumbles on one word, as a real reader might on a text nobody foresaw."""

    def __init__(self, stumbles_on: str = "") -> None:
        self.stumbles_on = stumbles_on

    def read(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        if self.stumbles_on and any(self.stumbles_on in doc.text for doc in docs):
            raise ValueError(self.stumbles_on)
        why = (Reason("recognised", ("fr",)),)
        return [
            (Label("language", "fr", 0.99, "model", why, "v1"), Label("intent", "complaint", 0.8, "rule", why, "v1"))
            for _ in docs
        ]


def read(reader: PlainReader | None = None, **given: int) -> int:
    return reading.read_new(reader=reader or PlainReader(), now=NOW, **given)  # type: ignore[arg-type]


def hear(*texts: str, **fields: object) -> list[Mention]:
    before = Mention.objects.count()
    raws = [said(f"{before + n}", text, **fields) for n, text in enumerate(texts)]
    ingest(source=feed(f"F{before}"), raws=raws, now=NOW)
    return list(Mention.objects.order_by("id")[before:])


def test_a_mention_is_read_once(aldane: Client) -> None:
    (mention,) = hear("Rien reçu")
    assert (read(), read()) == (1, 0)
    mention.refresh_from_db()
    assert (mention.read_at, mention.language, mention.intent, mention.sentiment) == (
        NOW,
        "fr",
        "complaint",
        "uncertain",
    )
    label = mention.classifications.get(axis="intent")
    assert (label.confidence, label.label_source, label.reasons[0]["en"]) == (
        0.8,
        "rule",
        "language recognised: French",
    )


def test_the_shipped_reader_reads(aldane: Client) -> None:
    hear("Je sors le popcorn", "The parcel never arrived, I want my money back")
    assert reading.read_new(reader=reading.Reader.shipped(), now=NOW) == 2
    assert Mention.objects.order_by("id").first().intent == "popcorn"


def test_batches_follow_the_order_of_arrival(aldane: Client) -> None:
    mentions = hear("un", "deux", "trois")
    assert read(limit=2) == 2
    assert list(Mention.objects.filter(read_at=None)) == [mentions[2]]


def test_a_text_that_breaks_the_reader_blocks_no_other(aldane: Client) -> None:
    hear("bien", "casse", "bien")
    assert read(PlainReader(stumbles_on="casse")) == 3
    assert list(Mention.objects.order_by("id").values_list("intent", flat=True)) == [
        "complaint",
        "uncertain",
        "complaint",
    ]


def test_a_worker_that_dies_leaves_its_mentions_unread(aldane: Client) -> None:
    hear("un")
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        read()
        raise KeyboardInterrupt
    assert (reading.has_unread(), Classification.objects.count(), read()) == (True, 0, 1)


def test_a_mention_hits_the_watches_that_it_concerns(aldane: Client) -> None:
    lin, box = watch(["lin"]), watch(["box"])
    watch(["lin"], brand="Autre", is_active=False)
    (mention,) = hear("Le LIN froisse", author_handle="marie_c")
    read()
    hit = WatchHit.objects.get()
    assert (hit.watch, hit.mention, hit.author_id, hit.published_at) == (lin, mention, mention.author_id, NOW)
    assert hit.is_counted and not box.hits.exists()


def test_a_title_is_listened_to(aldane: Client) -> None:
    watch(["lin"])
    hear("La suite dans notre édition", title="Le lin en crise")
    read()
    assert WatchHit.objects.count() == 1


def test_the_brands_own_account_is_read_and_not_counted(aldane: Client) -> None:
    watch(["lin"], ignored_authors=["@Aldane"])
    hear("Notre lin", author_handle="aldane")
    read()
    assert not WatchHit.objects.get().is_counted


def test_changed_words_are_matched_with_the_past(aldane: Client) -> None:
    changed = watch(["lin"])
    hear("le lin", "le coton", "lin et coton")
    read()
    kept = set(WatchHit.objects.filter(mention__text="lin et coton").values_list("id", flat=True))
    changed.include, changed.rematched_to = ["coton"], 0
    changed.save()
    turns = 0
    while reading.rematch(watch=changed, now=NOW, limit=2):
        turns += 1
    assert turns == 1
    assert sorted(changed.hits.values_list("mention__text", flat=True)) == ["le coton", "lin et coton"]
    assert kept <= set(WatchHit.objects.values_list("id", flat=True))
    changed.refresh_from_db()
    assert changed.rematched_to is None and not reading.rematch(watch=changed, now=NOW)


def test_matching_again_changes_who_counts_and_leaves_the_distant_past(aldane: Client) -> None:
    changed = watch(["lin"])
    hear("du lin", author_handle="aldane")
    hear("du vieux lin", published_at=NOW - timedelta(days=500))
    hear("du coton")
    read()
    changed.include, changed.ignored_authors, changed.rematched_to = ["lin"], ["aldane"], 0
    changed.save()
    reading.rematch(watch=changed, now=NOW)
    assert sorted(changed.hits.values_list("mention__text", "is_counted")) == [
        ("du lin", False),
        ("du vieux lin", True),
    ]


def test_a_person_has_the_last_word_and_the_machine_stays_in_the_history(aldane: Client, person: MakePerson) -> None:
    (mention,) = hear("Bravo vraiment")
    read()
    marie = person("cm", aldane)
    made = reading.correct(mention=mention, axis="intent", value="mockery", by=marie, now=NOW)
    mention.refresh_from_db()
    assert (mention.intent, made.label_source, made.by_id) == ("mockery", "person", marie.pk)
    assert mention.classifications.filter(axis="intent").count() == 2


@pytest.mark.parametrize(("axis", "value"), [("intent", "nonsense"), ("language", "fr"), ("triage", "new")])
def test_a_label_that_does_not_exist_is_refused(aldane: Client, person: MakePerson, axis: str, value: str) -> None:
    (mention,) = hear("Bravo")
    with pytest.raises(ValidationError):
        reading.correct(mention=mention, axis=axis, value=value, by=person("cm", aldane), now=NOW)


def test_a_watch_catches_by_account_hashtag_and_required_words_in_its_languages(aldane: Client) -> None:
    one = watch(["aldane"], handles=["@maison"], hashtags=["gate"], required=["colis"], languages=["fr"])
    texts = {
        "a": "Bonjour @maison, où est donc passé mon colis depuis trois semaines ?",
        "b": "Toujours aucun colis reçu de votre part, c’est une honte #gate",
        "c": "Bonjour @maison, merci pour votre réponse rapide à ma question",
        "d": "Good morning @maison, where is the colis that I ordered three weeks ago?",
    }
    ingest(source=feed(), raws=[said(key, text) for key, text in texts.items()], now=NOW)
    reading.read_new(reader=reading.Reader.shipped(), now=NOW)
    assert set(one.hits.values_list("mention__external_id", flat=True)) == {"pa", "pb"}
    Watch.objects.filter(pk=one.pk).update(languages=["en"], rematched_to=0)
    while reading.rematch(watch=one, now=NOW):
        pass
    assert set(one.hits.values_list("mention__external_id", flat=True)) == {"pd"}
