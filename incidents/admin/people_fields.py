"""Choosing somebody of the team. A page has several of these: its people are read once, and handed to each."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise

from agency.models import User


class PersonChoice(forms.ChoiceField):
    """One person of those offered to the field, or None for the empty line."""

    def __init__(self, *, empty_label: str | Promise = "---------", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty_label = empty_label
        self.people: dict[str, User] = {}

    def offer(self, people: Iterable[User]) -> None:
        self.people = _by_number(people)
        self.choices = [("", self.empty_label), *_named(self.people)]

    def clean(self, value: Any) -> User | None:
        """The person meant. Raises ValidationError (required, invalid_choice)."""
        return self.people.get(super().clean(value))


class PeopleChoice(forms.MultipleChoiceField):
    """Any number of those offered to the field."""

    def offer(self, people: Iterable[User]) -> None:
        self.people = _by_number(people)
        self.choices = _named(self.people)

    def clean(self, value: Any) -> list[User]:
        """The people meant. Raises ValidationError (required, invalid_choice)."""
        return [self.people[one] for one in super().clean(value)]


def _by_number(people: Iterable[User]) -> dict[str, User]:
    return {str(one.pk): one for one in people}


def _named(people: dict[str, User]) -> list[tuple[str, str]]:
    return [(number, one.full_name) for number, one in people.items()]
