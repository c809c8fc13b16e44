"""The agency sees whether answers by mail are read: on a page of its own, and on the desk when they are not."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from agency.models import Client, ReplyBox, User
from agency.selectors.reply_box import SILENT_AFTER, of_now
from tests.agency.test_reply_tickets import BOX
from tests.conftest import NOW, MakePerson

PAGE = "/reponses/"


@pytest.fixture
def on(settings: Settings) -> None:
    settings.REPLIES_ADDRESS = "reponses@agence.example"
    settings.REPLIES_BOX = {**BOX, "password": "tres-secret"}


def box(**fields: object) -> ReplyBox:
    return ReplyBox.objects.create(of="x", since=NOW.date(), tried_at=NOW, **fields)


def seen(visit, who, at: str = PAGE, language: str = "en") -> str:
    User.objects.filter(pk=who.pk).update(language=language)
    return visit(User.objects.get(pk=who.pk)).get(at).content.decode()


def test_without_a_mailbox_the_page_says_that_it_is_off(aldane: Client, person: MakePerson, visit) -> None:
    director = person("director")
    assert "Off: alerts are answered by their link." in seen(visit, director)
    assert "Answers by mail are not read" not in seen(visit, director, "/")


def test_a_mailbox_half_set_names_what_is_missing(
    aldane: Client, person: MakePerson, visit, settings: Settings
) -> None:
    settings.REPLIES_BOX = BOX
    assert "REMPART_REPLIES_ADDRESS is not" in seen(visit, person("director"))


def test_a_mailbox_that_is_read_says_when(aldane: Client, person: MakePerson, visit, on: None) -> None:
    director = person("director")
    assert "The first reading has not been made yet." in seen(visit, director)
    assert of_now(NOW).is_worrying is False
    box(read_at=NOW, answered_at=NOW)
    assert not of_now(NOW + timedelta(seconds=20)).is_worrying
    assert "reponses@agence.example" in seen(visit, director)
    assert "tres-secret" not in seen(visit, director)


@pytest.mark.parametrize("fields", [
    {"read_at": NOW, "failing_since": NOW, "error": "la boîte refuse", "error_en": "the mailbox refuses"},
    {"failing_since": NOW, "error": "la boîte refuse", "error_en": "the mailbox refuses"},
    {"read_at": NOW},  # nobody asks any more: the clockwork is away
])  # fmt: skip
def test_a_mailbox_that_is_not_read_worries_after_five_minutes(aldane: Client, on: None, fields: dict) -> None:
    box(**fields)
    assert not of_now(NOW + SILENT_AFTER).is_worrying
    assert of_now(NOW + SILENT_AFTER + timedelta(seconds=1)).is_worrying


def test_the_desk_says_it_to_everybody_in_their_language(aldane: Client, person: MakePerson, visit, on: None) -> None:
    box(failing_since=NOW - timedelta(days=900), error="la boîte refuse", error_en="the mailbox refuses")
    cm = person("cm", aldane)
    assert "The mailbox refuses." in seen(visit, cm, "/")
    assert "La boîte refuse." in seen(visit, cm, "/", "fr")
