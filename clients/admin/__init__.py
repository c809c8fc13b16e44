"""The staff's side in peace: the list to sort, what is listened for, where, what may be said, whom to call."""

from clients.admin import triage  # first: its room is the first in the header  # isort: skip
from clients.admin import (
    agenda,
    assessments,
    authors,
    brands,
    cadences,
    ears,
    imports,
    inbound,
    learning,
    mentions,
    position_acts,
    positions,
    presence,
    saved_filters,
    sorting,
    sources,
    trials,
)

__all__ = [
    "agenda",
    "assessments",
    "authors",
    "brands",
    "cadences",
    "ears",
    "imports",
    "inbound",
    "learning",
    "mentions",
    "position_acts",
    "positions",
    "presence",
    "saved_filters",
    "sorting",
    "sources",
    "triage",
    "trials",
]
