"""The public schema: people, clients, who may do what, and the trail of it."""

from agency.models.audit import AuditEvent
from agency.models.memberships import ApiKey, HandOver, Membership
from agency.models.paces import HostPace
from agency.models.tenants import Client, Domain, SchemaTemplate
from agency.models.users import User

__all__ = ["ApiKey", "AuditEvent", "Client", "Domain", "HandOver", "HostPace", "Membership", "SchemaTemplate", "User"]
