"""Positions: approved, dated, and never used past their last day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

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


WORDS = {"short_text": "Nous remboursons sous 14 jours."}


def written(brand: Brand, by: User, **words: str) -> Position:
    terms = positions.Terms(brand=brand, code="P-01", title="Remboursement")
    return positions.write(terms=terms, words={**WORDS, **words}, by=by, now=NOW)


@pytest.fixture
def brand(aldane: Client) -> Brand:
    return Brand.objects.create(name="Aldane")


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


def test_words_wait_for_somebody_elses_approval(brand: Brand, marie: User, ines: User) -> None:
    position = written(brand, marie)
    assert states.state_of(position, TODAY) == "to_review" and not states.usable(TODAY).exists()
    with pytest.raises(ValidationError) as refusal:
        positions.approve(position=position, by=marie, today=TODAY, now=NOW)
    assert refusal.value.code == "own"
    positions.approve(position=position, by=ines, today=TODAY, now=NOW)
    assert list(states.usable(TODAY)) == [position]


def test_the_database_too_refuses_ones_own_words(brand: Brand, marie: User) -> None:
    version = written(brand, marie).versions.get()
    version.state, version.decided_by, version.decided_at = "approved", marie, NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_approved_words_stay_usable_while_new_ones_wait(brand: Brand, marie: User, ines: User) -> None:
    position = positions.approve(position=written(brand, marie), by=ines, today=TODAY, now=NOW)
    positions.reword(position=position, words={"short_text": "Sous 10 jours."}, why="Plus court", by=marie, now=NOW)
    (usable,) = states.usable(TODAY)
    assert usable.short_text == WORDS["short_text"] and [one.number for one in states.awaiting()] == [2]
    positions.approve(position=position, by=ines, today=TODAY, now=NOW, number=2)
    assert states.usable(TODAY).get().short_text == "Sous 10 jours." and not states.awaiting().exists()
    assert [one.state for one in states.versions_of(position)] == ["approved", "approved"]


def test_newer_words_replace_those_that_wait_and_are_not_approved_unread(brand: Brand, marie: User, ines: User) -> None:
    position = written(brand, marie)
    positions.reword(position=position, words={"short_text": "Sous 10 jours."}, why="Plus court", by=marie, now=NOW)
    with pytest.raises(ValidationError) as refusal:
        positions.approve(position=position, by=ines, today=TODAY, now=NOW, number=1)
    assert refusal.value.code == "moved"
    assert [one.state for one in states.versions_of(position)] == ["waiting", "replaced"]
    assert Position.objects.get().short_text == "Sous 10 jours."


def test_a_refusal_says_why_and_leaves_the_words_in_use(brand: Brand, marie: User, ines: User) -> None:
    position = positions.approve(position=written(brand, marie), by=ines, today=TODAY, now=NOW)
    positions.reword(position=position, words={"short_text": "Jamais."}, why="Essai", by=marie, now=NOW)
    with pytest.raises(ValidationError):
        positions.refuse(position=position, number=2, note=" ", by=ines, now=NOW)
    positions.refuse(position=position, number=2, note="Trop sec", by=ines, now=NOW)
    assert states.versions_of(position)[0].note == "Trop sec"
    assert states.usable(TODAY).get().short_text == WORDS["short_text"]


@pytest.mark.parametrize(
    ("words", "why", "code"),
    [
        (WORDS, "Rien", "same"),
        ({"short_text": "Autre"}, " ", "why"),
        ({"short_text": "  "}, "Vide", "empty"),
        ({"short_text": "À {{ville}"}, "Blanc", "blank"),
    ],
)
def test_new_words_are_refused_with_a_reason(
    brand: Brand, marie: User, words: dict[str, str], why: str, code: str
) -> None:
    position = written(brand, marie)
    with pytest.raises(ValidationError) as refusal:
        positions.reword(position=position, words=words, why=why, by=marie, now=NOW)
    assert refusal.value.code == code and position.versions.count() == 1


def test_a_position_from_before_versions_gets_its_first_one(ines: User, marie: User) -> None:
    position = approved(ines, short_text="Avant")
    positions.reword(position=position, words={"short_text": "Après"}, why="Plus juste", by=marie, now=NOW)
    assert [(one.number, one.state, one.short_text) for one in states.versions_of(position)] == [
        (2, "waiting", "Après"),
        (1, "approved", "Avant"),
    ]


def test_a_code_is_nobody_elses(brand: Brand, marie: User) -> None:
    written(brand, marie)
    with pytest.raises(ValidationError):
        written(brand, marie)
    assert Position.objects.count() == 1


def test_a_retired_position_is_not_said_and_comes_back_as_it_was(ines: User) -> None:
    position = approved(ines)
    positions.retire(position=position, by=ines, now=NOW)
    assert states.state_of(Position.objects.get(), TODAY) == "retired" and not states.usable(TODAY).exists()
    assert list(states.in_state(Position.objects.all(), "retired", TODAY)) == [position]
    positions.bring_back(position=position, by=ines, now=NOW)
    assert states.usable(TODAY).exists() and states.counts(TODAY)["valid"] == 1


def test_a_last_day_is_moved_ahead_only(ines: User) -> None:
    position = approved(ines, valid_until=TODAY - timedelta(days=1), reminded_at=NOW)
    with pytest.raises(ValidationError):
        positions.renew(position=position, until=TODAY - timedelta(days=1), by=ines, today=TODAY, now=NOW)
    renewed = positions.renew(position=position, until=TODAY + timedelta(days=90), by=ines, today=TODAY, now=NOW)
    assert states.is_usable(renewed, TODAY) and renewed.reminded_at is None


def facts_of(position: Position, **other: Any) -> positions.Facts:
    names = ("brand", "code", "title", "kind", "language", "audience", "owner", "valid_from")
    return positions.Facts(**{**{name: getattr(position, name) for name in names}, **other})


def test_other_facts_keep_the_approval_of_words_that_stay(brand: Brand, marie: User, ines: User) -> None:
    position = positions.approve(position=written(brand, marie), by=ines, today=TODAY, now=NOW)
    other = facts_of(position, title="Remboursements", kind="qa", owner=marie)
    positions.describe(position=position, facts=other, by=ines, now=NOW)
    assert states.usable(TODAY).get().title == "Remboursements" and not states.awaiting().exists()
    assert AuditEvent.objects.get(action="position.described").detail == {"changed": ["kind", "owner", "title"]}


def test_the_same_facts_change_and_note_nothing(brand: Brand, marie: User, ines: User) -> None:
    position = written(brand, marie)
    positions.describe(position=position, facts=facts_of(position), by=ines, now=NOW)
    assert not AuditEvent.objects.filter(action="position.described").exists()


@pytest.mark.parametrize("other", [{"kind": "do_not_say"}, {"language": "en"}, {"brand": "Lorient"}])
def test_words_read_otherwise_are_approved_again_by_somebody_else(
    brand: Brand, marie: User, ines: User, other: dict[str, Any]
) -> None:
    position = positions.approve(position=written(brand, marie), by=ines, today=TODAY, now=NOW)
    if "brand" in other:
        other = {"brand": Brand.objects.create(name=other["brand"])}
    changed = positions.describe(position=position, facts=facts_of(position, **other), by=ines, now=NOW)
    assert changed.approved_at is None and not states.usable(TODAY).exists()
    assert [one.state for one in states.versions_of(position)] == ["waiting", "approved"]
    with pytest.raises(ValidationError) as refusal:
        positions.approve(position=position, by=ines, today=TODAY, now=NOW)
    assert refusal.value.code == "own"


def test_words_that_wait_are_decided_before_they_are_read_otherwise(brand: Brand, marie: User, ines: User) -> None:
    position = positions.approve(position=written(brand, marie), by=ines, today=TODAY, now=NOW)
    positions.reword(position=position, words={"short_text": "Sous 10 jours."}, why="Plus court", by=marie, now=NOW)
    with pytest.raises(ValidationError) as refusal:
        positions.describe(position=position, facts=facts_of(position, language="en"), by=ines, now=NOW)
    assert refusal.value.code == "moved" and Position.objects.get().language == "fr"


def test_a_code_of_another_position_is_refused_to_facts_too(brand: Brand, marie: User, ines: User) -> None:
    drafted(brand=brand, code="P-09")
    position = written(brand, marie)
    with pytest.raises(ValidationError) as refusal:
        positions.describe(position=position, facts=facts_of(position, code="P-09"), by=ines, now=NOW)
    assert refusal.value.code == "taken" and Position.objects.filter(code="P-01").exists()
