"""Words for people, in French and in English, from code that knows no Django and hence no gettext."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One sentence in both languages of the interface."""

    fr: str
    en: str

    def say(self, language: str) -> str:
        """The sentence in "en", or else in French, the house's first language."""
        return self.en if language.startswith("en") else self.fr

    def put(self, **values: object) -> Words:
        """The same sentence with its {placeholders} filled in."""
        return Words(self.fr.format(**values), self.en.format(**values))
