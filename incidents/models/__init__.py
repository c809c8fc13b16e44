"""A client's schema under fire: from the signal to the closing."""

from incidents.models.incidents import Detachment, Incident, IncidentMention, TimelineEntry
from incidents.models.messages import Briefing, SituationReport
from incidents.models.readings import IncidentReading, Outlook, ParticipantRole
from incidents.models.signals import Baseline, Signal

__all__ = [
    "Baseline",
    "Briefing",
    "Detachment",
    "Incident",
    "IncidentMention",
    "IncidentReading",
    "Outlook",
    "ParticipantRole",
    "Signal",
    "SituationReport",
    "TimelineEntry",
]
