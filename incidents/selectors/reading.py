"""What was read of an incident, as its pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidents.detection.case import Told
from incidents.detection.in_brief import Warned, conclusion, together, warnings
from incidents.detection.propagation_layout import MARKS
from incidents.models import Incident, IncidentReading
from incidents.selectors.participants import Participants, participants_of

# The order of the page, and of the questions: who, with whom, whom to warn, when, how it spreads, will it pass.
SECTIONS = ("people", "pack", "called", "timing", "spread", "outlook")


@dataclass(frozen=True)
class Section:
    """One section of the reading: its name, its template, and what its judgement wrote."""

    name: str
    template: str
    found: dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """The last reading of an incident; None as `read_at` when there is none yet. `parts`: each section by its name."""

    read_at: datetime | None
    mentions: int
    sections: tuple[Section, ...]
    parts: Mapping[str, Mapping[str, Any]]
    people: Participants
    conclusion: Told
    warnings: tuple[Warned, ...]
    together: tuple[str, ...]  # handles of those who act together


def reading_of(incident: Incident) -> Reading:
    """The sections that were worked out, in the order of the page, with what people said since."""
    kept = IncidentReading.objects.filter(incident=incident).first()
    parts: dict[str, dict[str, Any]] = kept.sections if kept else {}
    people = participants_of(incident, parts.get("people", {}))
    _with_roles(parts.get("spread", {}), people)
    found = [Section(name, f"incidents/reading/{name}.html", parts[name]) for name in SECTIONS if name in parts]
    return Reading(
        read_at=kept.read_at if kept and parts else None,
        mentions=kept.mentions if kept else 0,
        sections=tuple(found),
        parts=parts,
        people=people,
        conclusion=conclusion(parts),
        warnings=warnings(parts),
        together=together(parts),
    )


def _with_roles(spread: dict[str, Any], people: Participants) -> None:
    """Gives the posts of the drawing and of its table the shape of what their account does in this incident."""
    parts = {one.handle: one.role for one in (*people.first, *people.others) if one.role in MARKS}
    marks = {handle: MARKS[role] for handle, role in parts.items()}
    graph = spread.get("graph") or {}
    for spot in graph.get("spots", ()):
        spot["role"] = marks.get(spot["label"].removeprefix("@"), spot["role"])
    for row in spread.get("rows", ()):
        if not row["ours"]:
            row["part"], row["role"] = parts.get(row["handle"], ""), marks.get(row["handle"], row["role"])
    graph["roles"] = sorted({spot["role"] for spot in graph.get("spots", ()) if spot["role"]})
