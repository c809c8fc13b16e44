"""How grave the reading of an incident would call it: a proposal, beside the questions that a person answers."""

from incidents.models import Incident, IncidentReading
from incidents.severity_proposal import Proposal, propose


def proposed_for(incident: Incident) -> Proposal | None:
    """What the last reading would answer; None when there is none."""
    kept = IncidentReading.objects.filter(incident=incident).first()
    return propose(kept.sections, kept.mentions) if kept else None
