"""Who is written to before a position ends, and after."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from agency.mail import NotAccepted
from agency.models import Client, User
from clients.models import Position
from clients.services import positions, reminders
from tests.clients.test_positions import approved, drafted
from tests.conftest import NOW, MakePerson

TODAY = date(2026, 11, 17)


@dataclass
class Letters:
    """The door to the mail server, kept in memory; `refusal` is what the server answers."""

    refusal: NotAccepted | None = None
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        if self.refusal:
            raise self.refusal
        self.sent.append((to, subject, key))


@pytest.fixture
def ines(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


def told(client: Client, letters: Letters, days: int = 0) -> list[str]:
    letters.sent.clear()
    reminders.remind(client=client, post=letters, now=NOW + timedelta(days=days))
    return [to for to, _subject, _key in letters.sent]


def test_the_owner_is_told_once_a_step_until_it_is_renewed(aldane: Client, ines: User, marie: User) -> None:
    position, letters = approved(ines, owner=marie, valid_until=TODAY + timedelta(days=30)), Letters()
    assert [bool(told(aldane, letters, day)) for day in (-1, 0, 0, 1, 23, 29, 30, 31, 32)] == [
        False, True, False, False, True, True, False, True, True,
    ]  # fmt: skip
    today = TODAY + timedelta(days=32)
    positions.renew(position=position, until=today + timedelta(days=90), by=ines, today=today, now=NOW)
    assert told(aldane, letters, 33) == []


def test_the_leads_are_told_where_the_owner_left_or_there_is_none(aldane: Client, ines: User, marie: User) -> None:
    approved(ines, valid_until=TODAY)
    approved(ines, owner=marie, valid_until=TODAY)
    marie.is_active = False
    marie.save()
    assert told(aldane, Letters()) == [ines.email, ines.email]


def test_a_server_that_puts_it_off_is_tried_again_with_the_same_name(aldane: Client, ines: User) -> None:
    approved(ines, valid_until=TODAY)
    letters = Letters(NotAccepted("451 later", is_passing=True))
    assert told(aldane, letters) == [] and Position.objects.get().reminded_at is None
    letters.refusal = None
    assert told(aldane, letters) == [ines.email] and told(aldane, letters) == []


def test_what_is_retired_or_was_never_approved_writes_to_nobody(aldane: Client, ines: User) -> None:
    approved(ines, valid_until=TODAY, retired_at=NOW)
    drafted(valid_until=TODAY)
    assert told(aldane, Letters()) == []
