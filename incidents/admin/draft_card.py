"""The card of an incident's page: what is about to be said in it, and what was."""

from typing import Any

from django.http import HttpRequest

from incidents.models import Incident
from incidents.selectors import drafts

LISTED = 20


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """Its drafts, the newest first; those withdrawn are in the list of drafts."""
    return {"drafts": drafts.of_incident(incident, LISTED)}
