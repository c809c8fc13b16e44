"""What was read of an incident, as its pages show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.choices import AssessmentState
from incidents.models import Incident, IncidentReading, ParticipantRole

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


def decided(incident: Incident) -> dict[int, ParticipantRole]:
    """What people said of the accounts of an incident, by the account's number."""
    rows = ParticipantRole.objects.filter(incident=incident).exclude(state=AssessmentState.PRESUMED)
    return {row.author_id: row for row in rows}


def reading_of(incident: Incident) -> Reading:
    """The sections that were worked out, in the order of the page."""
    kept = IncidentReading.objects.filter(incident=incident).first()
    if kept is None:
        return Reading(None, 0, ())
    _with_decisions(kept.sections.get("people", {}), decided(incident))
    found = [
        Section(name, f"incidents/reading/{name}.html", kept.sections[name])
        for name in SECTIONS
        if name in kept.sections
    ]
    return Reading(kept.read_at, kept.mentions, tuple(found))


def _with_decisions(people: dict[str, Any], said: dict[int, ParticipantRole]) -> None:
    """Lays what people said over what the machine presumed, without waiting for the next reading."""
    for row in people.get("rows", ()):
        if decision := said.get(row["author"]):
            row["decided"] = decision.state
            row["said_role"] = decision.get_role_display()
