"""Playbooks in peace: versions, the starter set, reviews, and whether each is kept true."""

from datetime import timedelta

import pytest

from agency.models import AuditEvent, Client, User
from clients.choices import Duty
from clients.models import Playbook, PlaybookStep
from clients.playbook_starters import STARTERS
from clients.selectors import playbooks as read
from clients.services import playbooks
from tests import factories
from tests.conftest import NOW, MakePerson

TODAY = NOW.date()


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def test_a_change_makes_a_version_and_saving_the_same_makes_none(lead: User) -> None:
    playbook = factories.playbook()
    first = playbooks.keep_version(playbook=playbook, by=lead, now=NOW)
    assert playbooks.keep_version(playbook=playbook, by=lead, now=NOW) == first
    PlaybookStep.objects.update(words="Autre")
    second = playbooks.keep_version(playbook=playbook, by=lead, now=NOW)
    assert (second.number, first.content["steps"][0]["words"]) == (2, "Suspendre")


def test_the_starter_set_is_copied_once_in_the_clients_language(lead: User) -> None:
    copied = playbooks.copy_starters(by=lead, now=NOW)
    assert [one.code for one in copied] == ["F-01", "F-02", "F-03", "F-04", "F-05", "F-06"]
    assert copied[0].title == "Panne ou interruption de service"
    assert {one.owner for one in copied} == {lead}
    assert playbooks.copy_starters(by=lead, now=NOW) == []


def test_copying_again_leaves_what_was_changed_and_takes_a_free_code(lead: User) -> None:
    factories.playbook("F-02")
    copied = playbooks.copy_starters(by=lead, now=NOW)
    assert "F-02" not in [one.code for one in copied]
    Playbook.objects.filter(pk=copied[0].pk).update(title="La nôtre")
    playbooks.copy_starters(by=lead, now=NOW)
    assert Playbook.objects.get(pk=copied[0].pk).title == "La nôtre"


def test_an_english_client_reads_them_in_english(aldane: Client, lead: User) -> None:
    Client.objects.filter(pk=aldane.pk).update(language="en")
    assert playbooks.copy_starters(by=lead, now=NOW)[0].title == "Outage or interrupted service"


@pytest.mark.parametrize("starter", STARTERS, ids=lambda one: one.code)
def test_every_starter_step_says_who_what_and_before_when_in_both_languages(starter) -> None:
    for step in starter.steps:
        assert step.duty in Duty.values
        assert 0 < step.due_minutes <= 1440
        assert all(0 < len(step.words[language]) <= 200 for language in ("fr", "en"))
        assert bool(step.how["fr"]) == bool(step.how["en"])
    assert 5 <= len(starter.steps) <= 8


@pytest.mark.parametrize("starter", STARTERS, ids=lambda one: one.code)
def test_french_starters_keep_their_punctuation_together(starter) -> None:
    said = [starter.title, starter.purpose, *(words for step in starter.steps for words in (step.words, step.how))]
    for words in said:
        assert not any(f" {sign}" in words["fr"] for sign in ":;!?%»")
        assert "'" not in words["fr"]


@pytest.mark.parametrize(
    ("days", "state"), [(60, read.FRESH), (10, read.SOON), (0, read.SOON), (-1, read.STALE), (None, read.STALE)]
)
def test_a_playbook_says_whether_it_is_kept_true(lead: User, days: int | None, state: str) -> None:
    review_on = None if days is None else TODAY + timedelta(days=days)
    assert read.freshness(factories.playbook(owner=lead, review_on=review_on), TODAY) == state


def test_one_whose_owner_has_left_is_nobodys(lead: User) -> None:
    lead.is_active = False
    kept = factories.playbook(owner=lead, review_on=TODAY + timedelta(days=60))
    assert read.freshness(kept, TODAY) == read.NOBODYS


def test_a_review_is_signed_and_sets_the_next_one(lead: User) -> None:
    playbook = factories.playbook(owner=lead, review_on=TODAY - timedelta(days=1))
    playbooks.review(playbook=playbook, by=lead, now=NOW)
    playbook.refresh_from_db()
    assert read.freshness(playbook, TODAY) == read.FRESH
    assert AuditEvent.objects.get(action="playbook.reviewed").user == lead
