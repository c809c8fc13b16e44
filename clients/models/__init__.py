"""A client's schema in peace: brands, words, contacts, and what is said."""

from clients.models.approvals import ApprovalPolicy, PolicyStep
from clients.models.brands import Brand, Watch
from clients.models.cadences import Cadence
from clients.models.contacts import Contact
from clients.models.inbound import InboundAddress
from clients.models.kept_answers import KeptAnswer
from clients.models.ladders import ContactChannel, EscalationPolicy, EscalationStep
from clients.models.mentions import (
    Author,
    Classification,
    Fingerprint,
    Mention,
    MentionVersion,
    Suppression,
    WatchHit,
)
from clients.models.playbooks import Playbook, PlaybookStep, PlaybookVersion
from clients.models.positions import Position, PositionCopy, PositionVersion
from clients.models.readings import (
    AgendaEntry,
    AuthorAssessment,
    KnownAccount,
    ReadingConsent,
    ReadingModel,
    SecondReading,
    StaffedHours,
)
from clients.models.sorting import SavedFilter, SortedMention, SortingAct, Waiting
from clients.models.sources import CollectorRun, MentionImport, PushReceipt, Source, SourceAlarm
from clients.models.webhooks import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = [
    "AgendaEntry",
    "ApprovalPolicy",
    "Author",
    "AuthorAssessment",
    "Brand",
    "Cadence",
    "Classification",
    "CollectorRun",
    "Contact",
    "ContactChannel",
    "EscalationPolicy",
    "EscalationStep",
    "Fingerprint",
    "InboundAddress",
    "KeptAnswer",
    "KnownAccount",
    "Mention",
    "MentionImport",
    "MentionVersion",
    "Playbook",
    "PlaybookStep",
    "PlaybookVersion",
    "PolicyStep",
    "Position",
    "PositionCopy",
    "PositionVersion",
    "PushReceipt",
    "ReadingConsent",
    "ReadingModel",
    "SavedFilter",
    "SecondReading",
    "SortedMention",
    "SortingAct",
    "Source",
    "SourceAlarm",
    "StaffedHours",
    "Suppression",
    "Waiting",
    "Watch",
    "WatchHit",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
