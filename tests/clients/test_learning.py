"""People correct, the client's own model learns, and can be sent back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agency.models import AuditEvent, Client, User
from clients.listening.reading.labels import Doc
from clients.listening.reading.reader import Reader
from clients.listening.reading.refit import Corrected
from clients.models import Mention, ReadingModel
from clients.selectors import learning as read
from clients.services import learning, reading
from tests import factories
from tests.conftest import NOW

PHRASE = "Du grand Aldane, une fois de plus, et toujours le sourire"


@pytest.fixture
def lead(person: Any, aldane: Client) -> User:
    return person("lead", aldane)


def corrected(
    by: User, count: int, value: str = "negative", words: str = PHRASE, axis: str = "sentiment"
) -> list[Mention]:
    made = [factories.mention(f"{words} {i}", NOW + timedelta(minutes=i)) for i in range(count)]
    Mention.objects.update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=NOW)
    for one in made:
        reading.correct(mention=one, axis=axis, value=value, by=by, now=NOW + timedelta(hours=1))
    return made


def test_under_twenty_corrections_nothing_is_learnt(lead: User, aldane: Client) -> None:
    corrected(lead, 19)
    assert learning.learn_due(now=NOW) == [] and learning.reader() is Reader.shipped()


def test_twenty_five_corrections_make_a_model_that_reads_as_people_do(lead: User, aldane: Client) -> None:
    corrected(lead, 80)
    (model,) = learning.learn_due(now=NOW)
    assert model.state == "active" and model.metrics["after"]["macro_f1"] >= model.metrics["before"]["macro_f1"]
    label = next(one for one in learning.reader().read([Doc(PHRASE)])[0] if one.axis == "sentiment")
    assert (label.value, label.version) == ("negative", model.version)
    assert learning.learn_due(now=NOW) == [], "nothing new: no second model"


def test_what_people_say_of_attacks_makes_a_model_that_watches_hear(lead: User, aldane: Client) -> None:
    corrected(lead, 80, "yes", axis="attack")
    (model,) = learning.learn_due(now=NOW)
    assert (model.axis, model.state) == ("attack", "active")
    late = factories.mention(f"{PHRASE}, encore", NOW + timedelta(hours=3))
    Mention.objects.filter(pk=late.pk).update(read_at=None)
    reading.read_new(reader=learning.reader(), now=NOW + timedelta(hours=3))
    late.refresh_from_db()
    label = late.classifications.get(axis="attack")
    assert (late.attack, label.version) == ("yes", model.version)
    assert "l’équipe a corrigé" in label.reasons[0]["fr"]


def test_other_words_for_attacks_below_have_its_model_fitted_anew(lead: User, aldane: Client) -> None:
    corrected(lead, 80, "yes", axis="attack")
    (model,) = learning.learn_due(now=NOW)
    ReadingModel.objects.update(card={**model.card, "moved_from": model.card["moved_from"] + ".1"})
    assert learning.reader() is Reader.shipped()
    assert len(learning.learn_due(now=NOW + timedelta(hours=3), at_least=0)) == 1


def test_a_model_that_reads_the_kept_apart_worse_is_refused(lead: User, aldane: Client) -> None:
    made = corrected(lead, 60, "positive", "Merci beaucoup, excellent service, je recommande")
    for one in made:
        value = "positive" if Corrected(one.pk, "", "").is_kept_apart else "negative"
        reading.correct(mention=one, axis="sentiment", value=value, by=lead, now=NOW + timedelta(hours=2))
    (model,) = learning.learn_due(now=NOW)
    assert model.state == "refused" and "moins bien" in model.why["fr"]
    assert learning.reader() is Reader.shipped()


def test_a_person_goes_back_to_the_shipped_model_and_forth(lead: User, aldane: Client) -> None:
    corrected(lead, 80)
    learning.learn_due(now=NOW)
    learning.use_shipped(axis="sentiment", by=lead, now=NOW)
    assert learning.reader() is Reader.shipped()
    learning.use(model=ReadingModel.objects.get(), by=lead, now=NOW)
    assert ReadingModel.objects.get().state == "active"
    assert AuditEvent.objects.filter(action="reading.model_used", user=lead).count() == 2


def test_an_altered_model_is_not_used(lead: User, aldane: Client) -> None:
    corrected(lead, 80)
    (model,) = learning.learn_due(now=NOW)
    ReadingModel.objects.update(card={**model.card, "sha256": "0" * 64})
    assert learning.reader() is Reader.shipped()
    with pytest.raises(ValidationError):
        learning.use(model=ReadingModel.objects.get(), by=lead, now=NOW)


def test_agreement_counts_the_machines_word_before_the_persons(lead: User, aldane: Client) -> None:
    made = corrected(lead, 3, "positive", "Merci beaucoup, excellent service, je recommande vivement")
    told = read.agreement("sentiment", NOW + timedelta(days=1))
    assert told.count + told.doubts == len(made) and told.low <= told.share <= told.high
    assert read.agreement("sentiment", NOW + timedelta(days=120)).count == 0


def test_the_page_says_what_was_learnt(lead: User, aldane: Client, visit: Any) -> None:
    corrected(lead, 80)
    browser = visit(lead, aldane)
    assert "20 corrections" in browser.get("/agence/lecture/modeles/").content.decode()
    learning.learn_due(now=NOW)
    page = browser.get("/agence/lecture/modeles/").content.decode()
    assert "mises à part" in page or "kept apart" in page


def test_a_changed_mind_is_learnt_at_night_though_nothing_is_new(lead: User, aldane: Client) -> None:
    made = corrected(lead, 80)
    learning.learn_due(now=NOW)
    assert learning.learn_due(now=NOW, at_least=0) == []
    reading.correct(mention=made[0], axis="sentiment", value="positive", by=lead, now=NOW + timedelta(hours=2))
    assert len(learning.learn_due(now=NOW + timedelta(hours=3), at_least=0)) == 1


def test_a_new_shipped_model_below_has_it_fitted_anew(lead: User, aldane: Client) -> None:
    corrected(lead, 80)
    (model,) = learning.learn_due(now=NOW)
    ReadingModel.objects.update(card={**model.card, "moved_from": "sentiment/2020-01-01"})
    assert len(learning.learn_due(now=NOW + timedelta(hours=3), at_least=0)) == 1
