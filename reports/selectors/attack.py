"""What is stored of how an incident was read, as the plain values that its report is told from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from clients.choices import AssessmentState, LabelSource
from clients.models import Classification
from incidents.detection.outlook import NO_HABIT_HIGH
from incidents.models import Detachment, Incident, IncidentReading, Outlook, ParticipantRole
from incidents.selectors import outlooks
from reports.attack import Changed, Known, Played
from reports.documents.content import Foreseen
from reports.figures import MOST_HOURS, Course
from reports.speakers import Said

AFTER = timedelta(hours=6)  # of the calm that made it a return to normal


def known_of(incident: Incident, said: list[Said]) -> Known | None:
    """The last reading of the incident with its outlooks and what people changed; None when it was never read."""
    kept = IncidentReading.objects.filter(incident=incident).first()
    if kept is None or not kept.sections:
        return None
    return Known(
        read_at=kept.read_at,
        messages=kept.mentions,
        started_at=incident.started_at,
        sections=kept.sections,
        said_at=[one.at for one in said if not one.is_ours],
        played=_played(incident, kept.sections.get("people", {})),
        outlooks=[
            Foreseen(*row)
            for row in Outlook.objects.filter(incident=incident)
            .order_by("made_at", "id")
            .values_list("made_at", "phase", "returns_from", "returns_until", "returned_at", "was_inside")
        ],
        changed=_changed(incident),
    )


def course_of(incident: Incident, ended_at: datetime, now: datetime) -> Course:
    """Accounts an hour from the beginning until it was over and calm again, as the outlooks counted them."""
    last = Outlook.objects.filter(incident=incident).order_by("-made_at", "-id").first()
    calm = last.returned_at + AFTER if last and last.returned_at else ended_at
    longest = incident.started_at + timedelta(hours=MOST_HOURS)
    hours = outlooks.accounts_per_hour(incident, min(max(ended_at, calm), now, longest))
    high = last.told.get("high", NO_HABIT_HIGH) if last else NO_HABIT_HIGH
    return Course(incident.started_at, tuple(hours), high)


def _played(incident: Incident, people: Mapping[str, Any]) -> list[Played]:
    """Accounts by role, those that a person removed left out; as counted by the reading where it lists some only."""
    counts: Mapping[str, int] = people.get("counts", {}) if people.get("more") else {}
    rows = (
        ParticipantRole.objects.filter(incident=incident)
        .exclude(state=AssessmentState.REMOVED)
        .values("role")
        .annotate(accounts=Count("id"), decided=Count("id", filter=Q(state=AssessmentState.CONFIRMED)))
        .order_by("role")
    )
    found = {row["role"]: Played(row["role"], row["accounts"], row["decided"]) for row in rows}
    every = {role: found.get(role, Played(role, 0, 0)) for role in {*found, *counts}}
    return [replace(one, accounts=max(one.accounts, counts.get(role, 0))) for role, one in sorted(every.items())]


def _changed(incident: Incident) -> Changed:
    mine = ParticipantRole.objects.filter(incident=incident)
    labelled = Classification.objects.filter(
        mention__attachments__incident=incident, label_source=LabelSource.PERSON
    ).aggregate(messages=Count("mention", distinct=True))
    return Changed(
        roles_said=mine.filter(state=AssessmentState.CONFIRMED).count(),
        roles_removed=mine.filter(state=AssessmentState.REMOVED).count(),
        messages_labelled=labelled["messages"],
        messages_taken_out=Detachment.objects.filter(incident=incident).count(),
    )
