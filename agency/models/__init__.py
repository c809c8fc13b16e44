"""The public schema: people, clients, who may do what, and the trail of it."""

from agency.models.audit import AuditEvent
from agency.models.feeds import RotaFeed
from agency.models.memberships import ApiKey, HandOver, Membership
from agency.models.paces import HostPace
from agency.models.reply_boxes import ReplyBox
from agency.models.rota import Absence, Shift, ShiftNote, ShiftNoteReading
from agency.models.tenants import Client, Domain, SchemaTemplate
from agency.models.users import User

__all__ = [
    "Absence",
    "ApiKey",
    "AuditEvent",
    "Client",
    "Domain",
    "HandOver",
    "HostPace",
    "Membership",
    "ReplyBox",
    "RotaFeed",
    "SchemaTemplate",
    "Shift",
    "ShiftNote",
    "ShiftNoteReading",
    "User",
]
