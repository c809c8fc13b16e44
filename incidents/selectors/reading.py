"""What was read of an incident, as its pages show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.models import Incident, IncidentReading

# The order of the page, and of the questions: who, with whom, when, how it spreads, a pack or not, will it pass.
SECTIONS = ("outlook", "people", "called", "timing", "spread", "pack")


@dataclass(frozen=True)
class Section:
    """One section of the reading: its name, its template, and what its judgement wrote."""

    name: str
    template: str
    found: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """The last reading of an incident; None as `read_at` when there is none yet."""

    read_at: datetime | None
    mentions: int
    sections: tuple[Section, ...]


def reading_of(incident: Incident) -> Reading:
    """The sections that were worked out, in the order of the page."""
    kept = IncidentReading.objects.filter(incident=incident).first()
    if kept is None:
        return Reading(None, 0, ())
    found = [
        Section(name, f"incidents/reading/{name}.html", kept.sections[name])
        for name in SECTIONS
        if name in kept.sections
    ]
    return Reading(kept.read_at, kept.mentions, tuple(found))
