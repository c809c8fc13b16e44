"""A client's schema under fire: from the signal to the closing."""

from incidents.models.criteria import ExitCriterion
from incidents.models.debriefs import Debrief, DebriefVersion
from incidents.models.drafts import Approval, ApprovalStep, Draft, DraftVersion, NoAnswer
from incidents.models.duties import DutyHolder
from incidents.models.escalation import Alert, AlertCall
from incidents.models.follow_ups import FollowUp
from incidents.models.incidents import Detachment, Incident, IncidentMention, Insider, TimelineEntry
from incidents.models.messages import Briefing, SituationReport
from incidents.models.milestones import MetricKind, Milestone, MilestoneKind
from incidents.models.pictures import Picture
from incidents.models.readings import IncidentReading, Outlook, ParticipantRole
from incidents.models.reliefs import Relief
from incidents.models.replies import Reply
from incidents.models.signals import Baseline, Signal
from incidents.models.tasks import FollowedPlaybook, Task
from incidents.models.updates import Composing, LateUpdate

__all__ = [
    "Alert",
    "AlertCall",
    "Approval",
    "ApprovalStep",
    "Baseline",
    "Briefing",
    "Composing",
    "Debrief",
    "DebriefVersion",
    "Detachment",
    "Draft",
    "DraftVersion",
    "DutyHolder",
    "ExitCriterion",
    "FollowUp",
    "FollowedPlaybook",
    "Incident",
    "IncidentMention",
    "IncidentReading",
    "Insider",
    "LateUpdate",
    "MetricKind",
    "Milestone",
    "MilestoneKind",
    "NoAnswer",
    "Outlook",
    "ParticipantRole",
    "Picture",
    "Relief",
    "Reply",
    "Signal",
    "SituationReport",
    "Task",
    "TimelineEntry",
]
