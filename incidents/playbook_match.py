"""Which playbooks an incident calls for, and why. Plain values in, plain values out.

A playbook names types, crisis families and severities; a list left empty asks nothing. Every list that is not empty
must hold what the incident is. One that names nothing at all is never called for: a person takes it by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Called:
    """What an incident is: codes, "" or None while nobody has said."""

    type: str = ""
    family: str = ""
    severity: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A playbook as the matching sees it."""

    id: int
    types: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    severities: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """A playbook that is called for; `reasons` are (criterion, what the incident is), the most telling first."""

    id: int
    reasons: tuple[tuple[str, str], ...]


def match(called: Called, sheets: Iterable[Sheet]) -> list[Match]:
    """The playbooks called for, in the order given."""
    found = ((sheet, reasons(called, sheet)) for sheet in sheets)
    return [Match(sheet.id, why) for sheet, why in found if why]


def reasons(called: Called, sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Why this playbook is called for: every criterion that it names. Empty when one fails, or when it names none."""
    asked = (
        ("type", called.type, sheet.types),
        ("family", called.family, sheet.families),
        ("severity", called.severity, sheet.severities),
    )
    named = [(name, value, wanted) for name, value, wanted in asked if wanted]
    if any(not value or value not in wanted for _name, value, wanted in named):
        return ()
    return tuple((name, str(value)) for name, value, _wanted in named)
