"""A key is rotated without a cut: new words at once, the old ones for a while, and the same row."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from agency.models import ApiKey, Client, User
from agency.services import feeds, keys
from tests.conftest import NOW, MakePerson

DAY = timedelta(days=1)


@pytest.fixture
def director(person: MakePerson) -> User:
    return person("director")


@pytest.fixture
def old(tramontel: Client, director: User) -> str:
    return keys.make(client=tramontel, name="ERP", scopes=["mentions:write"], by=director, now=NOW)[1]


def test_both_open_for_a_while_then_the_new_one_alone(old: str, tramontel: Client, director: User) -> None:
    row, new = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW, overlap=7 * DAY)
    opened = {
        after: [keys.recognise(key=words, client=tramontel, now=NOW + after) == row for words in (old, new)]
        for after in (6 * DAY, 7 * DAY)
    }
    assert opened == {6 * DAY: [True, True], 7 * DAY: [False, True]}


def test_who_still_uses_the_old_words_is_seen(old: str, tramontel: Client, director: User) -> None:
    _row, new = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW)
    keys.recognise(key=new, client=tramontel, now=NOW + DAY)
    assert (ApiKey.objects.get().last_used_at, ApiKey.objects.get().previous_used_at) == (NOW + DAY, None)
    keys.recognise(key=old, client=tramontel, now=NOW + 2 * DAY)
    assert ApiKey.objects.get().previous_used_at == NOW + 2 * DAY


def test_rotated_twice_the_first_words_open_nothing(old: str, tramontel: Client, director: User) -> None:
    keys.recognise(key=old, client=tramontel, now=NOW)
    _row, second = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW)
    soon = NOW + timedelta(seconds=20)  # within the minute to which uses are noted
    keys.recognise(key=second, client=tramontel, now=soon)
    keys.rotate(key=ApiKey.objects.get(), by=director, now=soon)
    opened = [keys.recognise(key=words, client=tramontel, now=soon) is not None for words in (old, second)]
    assert opened == [False, True]


def test_rotated_again_before_the_new_words_were_used_the_old_ones_go_on(
    old: str, tramontel: Client, director: User
) -> None:
    keys.recognise(key=old, client=tramontel, now=NOW)
    _row, lost = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW + DAY)
    _row, new = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW + DAY)
    opened = [keys.recognise(key=words, client=tramontel, now=NOW + 7 * DAY) is not None for words in (old, lost, new)]
    assert opened == [True, False, True]
    keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW + 2 * DAY, overlap=timedelta())
    assert [keys.recognise(key=words, client=tramontel, now=NOW + 2 * DAY) for words in (old, new)] == [None, None]


def test_a_leaked_key_is_rotated_without_a_day_more(old: str, tramontel: Client, director: User) -> None:
    _feed, secret = feeds.make(client=tramontel, name="Inconnu", key=ApiKey.objects.get(), now=NOW)
    keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW, overlap=timedelta())
    assert keys.recognise(key=old, client=tramontel, now=NOW) is None
    assert feeds.recognise(secret=secret, client=tramontel, now=NOW) is None


def test_revoked_neither_opens(old: str, tramontel: Client, director: User) -> None:
    row, new = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW)
    keys.revoke(key=row, by=director, now=NOW)
    assert [keys.recognise(key=words, client=tramontel, now=NOW) for words in (old, new)] == [None, None]


def test_a_dead_key_is_not_rotated_and_no_overlap_is_endless(old: str, director: User) -> None:
    for wrong in (-DAY, 31 * DAY):
        with pytest.raises(ValidationError):
            keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW, overlap=wrong)
    with pytest.raises(ValidationError):
        keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW + 400 * DAY)


def test_the_overlap_ends_with_the_key(old: str, director: User) -> None:
    row, _new = keys.rotate(key=ApiKey.objects.get(), by=director, now=NOW + 364 * DAY, overlap=7 * DAY)
    assert row.previous_until == row.expires_at
