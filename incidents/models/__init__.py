"""A client's schema under fire: from the signal to the closing."""

from incidents.models.duties import DutyHolder
from incidents.models.incidents import Detachment, Incident, IncidentMention, Insider, TimelineEntry
from incidents.models.messages import Briefing, SituationReport
from incidents.models.readings import IncidentReading, Outlook, ParticipantRole
from incidents.models.signals import Baseline, Signal
from incidents.models.tasks import FollowedPlaybook, Task

__all__ = [
    "Baseline",
    "Briefing",
    "Detachment",
    "DutyHolder",
    "FollowedPlaybook",
    "Incident",
    "IncidentMention",
    "IncidentReading",
    "Insider",
    "Outlook",
    "ParticipantRole",
    "Signal",
    "SituationReport",
    "Task",
    "TimelineEntry",
]
