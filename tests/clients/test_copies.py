"""Words taken to be said: filled in, with a reason where one is asked, written down."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from agency.models import Client, User
from clients.models import PositionCopy
from clients.services import copies, positions
from clients.services.copies import Wanted
from tests.clients.test_positions import approved, drafted
from tests.conftest import NOW, MakePerson

TODAY = date(2026, 11, 17)


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


def take(position: object, by: User, **given: object) -> PositionCopy:
    return copies.take(position=position, wanted=Wanted(**given), by=by, today=TODAY, now=NOW)  # type: ignore[arg-type]


def refused(position: object, by: User, **given: object) -> str:
    with pytest.raises(ValidationError) as refusal:
        take(position, by, **given)
    assert not PositionCopy.objects.exists()
    return str(refusal.value.code)


def test_a_copy_says_who_took_what_when_and_for_what(marie: User) -> None:
    position = approved(marie, short_text="À {{ville}}, sous 14 jours.", other_short_text="In {{ville}}.")
    taken = take(position, marie, values={"ville": "Brest"}, incident_number=42)
    assert (taken.text, taken.by, taken.copied_at, taken.incident_number) == ("À Brest, sous 14 jours.", marie, NOW, 42)
    assert take(position, marie, values={"ville": "Brest"}, language="en").text == "In Brest."


def test_a_blank_left_open_blocks(marie: User) -> None:
    position = approved(marie, short_text="À {{ville}}.")
    assert refused(position, marie) == "unresolved"
    assert refused(position, marie, values={"ville": " "}, reason="Urgent") == "unresolved"


@pytest.mark.parametrize(
    "fields",
    [
        {"approved_at": None},
        {"approved_at": NOW, "valid_until": TODAY - timedelta(days=1)},
        {"approved_at": NOW, "valid_from": TODAY + timedelta(days=1)},
        {"approved_at": NOW, "retired_at": NOW},
    ],
)
def test_what_is_not_in_force_asks_for_a_reason_and_keeps_it(marie: User, fields: dict[str, object]) -> None:
    position = drafted(**fields)
    assert refused(position, marie) == "reason" and refused(position, marie, reason="  ") == "reason"
    assert take(position, marie, reason="Accord de la direction à 21:30").reason == "Accord de la direction à 21:30"


def test_what_must_not_be_said_is_never_copied(marie: User) -> None:
    assert refused(approved(marie, kind="do_not_say"), marie, reason="Si") == "never_said"


def test_words_that_were_not_written_are_not_copied(marie: User) -> None:
    position = approved(marie)
    assert refused(position, marie, language="en") == "no_words" == refused(position, marie, is_long=True)


def test_the_copy_names_the_version_in_use_not_the_one_that_waits(marie: User) -> None:
    position = approved(marie, short_text="Avant")
    positions.reword(position=position, words={"short_text": "Après"}, why="Mieux", by=marie, now=NOW)
    taken = take(position, marie)
    assert (taken.text, taken.version) == ("Avant", 1)
