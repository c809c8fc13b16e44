"""What changes after an incident, as its follow-ups say it: proposed to whoever words the report."""

from incidents.choices import FollowUpState
from incidents.models import FollowUp, Incident
from incidents.selectors.follow_ups import owner_of
from reports.documents.content import Change


def changes_of(incident: Incident) -> list[Change]:
    """Who does what before when, the first due first; what was dropped is left out."""
    rows = FollowUp.objects.filter(incident=incident).exclude(state=FollowUpState.DROPPED)
    return [Change(row.words, owner_of(row), row.due_on) for row in rows.select_related("owner")]
