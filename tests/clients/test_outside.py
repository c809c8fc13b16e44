"""A second opinion from outside: by consent, on what names nobody, and believed only within our lists."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agency import outgoing
from agency.models import AuditEvent, Client, User
from clients.listening.reading.outside import Opinion, pseudonymised
from clients.models import Classification, Mention, SecondReading, WatchHit
from clients.services import authors, outside, reading
from tests import factories
from tests.answering import Answering, Asked, Said, answering
from tests.conftest import NOW, MakePerson


def label(intent: str) -> Said:
    content = json.dumps({"intent": intent, "why": "se moque du message"})
    return Said({"choices": [{"message": {"content": content}}]})


@pytest.fixture
def uncertain(aldane: Client) -> Mention:
    one = factories.mention("Écrivez à @marc ou au 06 12 34 56 78, commande AB-1234567", NOW, handle="lea")
    Mention.objects.update(intent="uncertain")
    return one


@pytest.fixture
def director(person: MakePerson) -> User:
    return person("director")


@pytest.fixture
def ask(settings: Any) -> Callable[[Answering], tuple[int, list[Asked]]]:
    def with_answer(answer: Answering) -> tuple[int, list[Asked]]:
        heard: list[Asked] = []
        with answering(lambda asked: heard.append(asked) or answer(asked)) as server:
            settings.READER_URL, settings.READER_MODEL = f"{server}/v1", "petit"
            settings.OUTGOING_ALLOW_PRIVATE = True
            return outside.ask(open_door=outgoing.door, now=NOW + timedelta(minutes=1)), heard

    return with_answer


def test_without_consent_nothing_leaves(uncertain: Mention, ask: Any) -> None:
    assert ask(lambda asked: label("mockery")) == (0, [])


def test_with_consent_it_answers_on_a_text_that_names_nobody(uncertain: Mention, director: User, ask: Any) -> None:
    outside.give_consent(is_given=True, words="Contrat du 3 mai", by=director, now=NOW)
    count, heard = ask(lambda asked: label("mockery"))
    sent = heard[0].form["messages"][1]["content"]
    assert count == 1 and sent == "Écrivez à [account] ou au [number], commande [reference]"
    uncertain.refresh_from_db()
    assert uncertain.intent == "mockery" and ask(lambda asked: label("support")) == (0, [])


def test_what_waits_to_be_read_here_is_not_sent_before(uncertain: Mention, aldane: Client) -> None:
    SecondReading.objects.create(mention=uncertain, asked_at=NOW)
    yesterday = NOW - timedelta(days=1)
    assert outside.read.left_open(yesterday, 5, nearer_since=NOW) == []
    assert outside.read.left_open(yesterday, 5, nearer_since=NOW + timedelta(seconds=1)) == [uncertain]


def test_consent_can_be_taken_back_and_only_a_director_gives_it(
    uncertain: Mention, director: User, person: MakePerson, aldane: Client, ask: Any
) -> None:
    with pytest.raises(PermissionDenied):
        outside.give_consent(is_given=True, words="moi", by=person("lead", aldane), now=NOW)
    with pytest.raises(ValidationError):
        outside.give_consent(is_given=True, words=" ", by=director, now=NOW)
    outside.give_consent(is_given=True, words="oui", by=director, now=NOW)
    outside.give_consent(is_given=False, words="", by=director, now=NOW + timedelta(seconds=1))
    assert ask(lambda asked: label("mockery")) == (0, [])
    assert AuditEvent.objects.filter(action="reading.consent").count() == 2


@pytest.mark.parametrize(
    "answer",
    [label("furieux"), Said(b"{"), Said({"choices": []}), Said(b"", 500), Said({"choices": [{"message": None}]})],
    ids=["no label of ours", "cut", "empty", "failure", "no message"],
)
def test_an_answer_that_is_none_changes_nothing(uncertain: Mention, director: User, ask: Any, answer: Said) -> None:
    outside.give_consent(is_given=True, words="oui", by=director, now=NOW)
    assert ask(lambda asked: answer)[0] == 0
    uncertain.refresh_from_db()
    assert uncertain.intent == "uncertain"


def test_a_person_who_spoke_meanwhile_counts_more(uncertain: Mention, director: User, ask: Any) -> None:
    outside.give_consent(is_given=True, words="oui", by=director, now=NOW)

    def slowly(asked: Asked) -> Said:
        return label("mockery")

    waiting = outside.read.left_open(NOW - timedelta(days=1), 5, nearer_since=NOW)
    reading.correct(mention=uncertain, axis="intent", value="support", by=director, now=NOW)
    assert ask(slowly)[0] == 0 and len(waiting) == 1
    uncertain.refresh_from_db()
    assert uncertain.intent == "support"
    assert not Classification.objects.filter(value="mockery").exists()


def test_names_addresses_and_numbers_are_hidden() -> None:
    said = "Léa Roux (lea@x.fr, FR76 3000 6000 0112 3456 7890 189) voir https://x.fr/1 @marque +33 6 12 34 56 78 !"
    hidden = "[name] ([e-mail], [bank account]) voir [link] [account] [number] !"
    assert pseudonymised(said, ["Léa Roux"]) == hidden
    assert pseudonymised("\0" * 50_000 + "x")[:1] == "\0" and len(pseudonymised("x" * 50_000)) == 2_000


def test_a_person_who_calls_it_uncertain_is_believed(uncertain: Mention, director: User, ask: Any) -> None:
    outside.give_consent(is_given=True, words="oui", by=director, now=NOW)
    reading.correct(mention=uncertain, axis="intent", value="uncertain", by=director, now=NOW)
    assert ask(lambda asked: label("mockery")) == (0, []), "nobody is asked about what a person settled"
    outside._keep(uncertain, Opinion("mockery", "se moque"), NOW)
    uncertain.refresh_from_db()
    assert uncertain.intent == "uncertain" and Classification.objects.count() == 1


def test_what_became_urgent_outside_is_counted_so(uncertain: Mention, director: User, ask: Any) -> None:
    WatchHit.objects.create(watch=factories.watch(), mention=uncertain, published_at=NOW)
    outside.give_consent(is_given=True, words="oui", by=director, now=NOW)
    assert ask(lambda asked: label("legal_threat"))[0] == 1
    assert WatchHit.objects.get().is_urgent


def test_what_is_said_of_words_erased_meanwhile_is_not_kept(uncertain: Mention, director: User) -> None:
    assert uncertain.author is not None
    waiting = outside.read.left_open(NOW - timedelta(days=1), 5, nearer_since=NOW)
    authors.erase(author=uncertain.author, by=director, reason="Demande", erases_words=True, now=NOW)
    outside._keep(waiting[0], Opinion("mockery", "se moque du message"), NOW)
    uncertain.refresh_from_db()
    assert uncertain.intent == "uncertain" and not Classification.objects.exists()
