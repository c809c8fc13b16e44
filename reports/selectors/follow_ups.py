"""What changes after an incident, as its follow-ups say it: they stand in its report while it is a draft."""

from collections import defaultdict
from collections.abc import Collection

from incidents.choices import FollowUpState
from incidents.models import FollowUp, Incident
from incidents.selectors.follow_ups import owner_of
from reports.choices import ReportState
from reports.documents.content import Change
from reports.models import Report

MOST_CHANGES = 12  # a report that changes everything changes nothing


def changes_of(incident: Incident) -> list[Change]:
    """Who does what before when, the first due first; what was dropped is left out."""
    return _changes([incident.pk])[incident.pk]


def in_a_report(incident: Incident) -> tuple[Change, ...]:
    """Those that fit in one."""
    return tuple(changes_of(incident)[:MOST_CHANGES])


def written(changes: Collection[Change]) -> list[dict[str, str]]:
    """As a report keeps them."""
    return [{"what": one.what, "who": one.who, "before": one.before.isoformat()} for one in changes]


def behind() -> list[int]:
    """Keys of the drafts whose follow-ups are no longer those that the machine last put in; two queries."""
    drafts = list(Report.objects.filter(state=ReportState.DRAFT).values_list("pk", "incident_id", "drafted__changes"))
    now = _changes([incident for _pk, incident, _put in drafts])
    return [pk for pk, incident, put in drafts if (put or []) != written(now[incident][:MOST_CHANGES])]


def _changes(incidents: Collection[int]) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = defaultdict(list)
    rows = FollowUp.objects.filter(incident__in=incidents).exclude(state=FollowUpState.DROPPED)
    for row in rows.select_related("owner").order_by("due_on", "id"):
        found[row.incident_id].append(Change(row.words, owner_of(row), row.due_on))
    return found
