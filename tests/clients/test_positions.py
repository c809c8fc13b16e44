"""Positions: approved, dated, and never used past their last day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from agency.models import AuditEvent, Client, User
from clients.models import Brand, Position
from clients.selectors import positions as states
from clients.services import positions
from tests.conftest import NOW, MakePerson

TODAY = date(2026, 11, 17)


def drafted(**fields: Any) -> Position:
    brand = fields.pop("brand", None) or Brand.objects.get_or_create(name="Aldane")[0]
    number = Position.objects.count() + 1
    return Position.objects.create(
        **{"brand": brand, "code": f"Q-{number}", "title": "Délais", "short_text": "…", **fields}
    )


def approved(by: User, **fields: Any) -> Position:
    return drafted(approved_by=by, approved_at=NOW, **fields)


@pytest.fixture
def ines(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.mark.parametrize(
    ("ends_in", "begins_in", "is_approved", "state"),
    [
        (None, None, True, "valid"),
        (31, None, True, "valid"),
        (30, None, True, "to_review"),
        (0, None, True, "to_review"),
        (-1, None, True, "expired"),
        (-1, None, False, "expired"),
        (None, None, False, "to_review"),
        (None, 1, True, "not_yet"),
        (60, 1, True, "not_yet"),
        (None, 0, True, "valid"),
    ],
)
def test_a_state_is_told_and_found_alike(
    ines: User, ends_in: int | None, begins_in: int | None, is_approved: bool, state: str
) -> None:
    fields = {
        "valid_until": None if ends_in is None else TODAY + timedelta(days=ends_in),
        "valid_from": None if begins_in is None else TODAY + timedelta(days=begins_in),
    }
    position = approved(ines, **fields) if is_approved else drafted(**fields)
    assert states.state_of(position, TODAY) == state
    for other in ("valid", "to_review", "expired", "not_yet"):
        assert list(states.in_state(Position.objects.all(), other, TODAY)) == ([position] if other == state else [])


def test_only_what_is_approved_and_in_its_days_may_be_said(ines: User) -> None:
    usable = approved(ines, valid_until=TODAY)
    drafted()
    approved(ines, valid_until=TODAY - timedelta(days=1))
    approved(ines, valid_from=TODAY + timedelta(days=1))
    approved(ines, kind="do_not_say")
    assert list(states.usable(TODAY)) == [usable]


def test_an_approval_is_signed_and_noted(ines: User) -> None:
    position = positions.approve(position=drafted(), by=ines, today=TODAY, now=NOW)
    assert (position.approved_by, position.approved_at) == (ines, NOW)
    assert AuditEvent.objects.get(action="position.approved").subject_id == str(position.pk)


def test_an_expired_position_is_not_approved(ines: User) -> None:
    with pytest.raises(ValidationError):
        positions.approve(position=drafted(valid_until=TODAY - timedelta(days=1)), by=ines, today=TODAY, now=NOW)
