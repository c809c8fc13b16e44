"""What the client's own tools are told of an incident: facts that the API shows, never of a restricted one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clients.services import webhook_events as outbox
from clients.webhook_events import in_utc
from incidents.choices import DraftState, IncidentKind
from incidents.models import Draft, Incident, SituationReport
from incidents.selectors import drafts

_OF_A_DRAFT = {DraftState.APPROVED: "draft.approved", DraftState.PUBLISHED: "draft.published"}


def subject_of(incident: Incident) -> str:
    """Within it, what happened arrives in its order."""
    return f"incident/{incident.number}"


def announce(*, incident: Incident, kind: str, now: datetime, before: Mapping[str, Any] | None = None) -> None:
    """Notes that something became of the incident, as it stands now; `before` is what was, where that matters.

    Called last, in the transaction of what happened. Of a restricted incident nothing is noted.
    """
    was = {} if before is None else {"before": dict(before)}
    tell(incident=incident, kind=kind, facts={**_facts(incident), **was}, now=now)


def announce_report(*, report: SituationReport) -> None:
    """A situation report is out: its number and when the next one comes, not its words."""
    facts = {
        "report": report.number,
        "severity": report.severity,
        "issued_at": in_utc(report.issued_at),
        "next_at": _moment(report.next_at),
        "is_last": report.is_last,
    }
    tell(incident=report.incident, kind="situation_report.issued", facts=facts, now=report.issued_at)


def announce_draft(*, draft: Draft, now: datetime) -> None:
    """Words that now have all their approvals, or that were published; without the words. Nothing in other states."""
    kind = _OF_A_DRAFT.get(DraftState(draft.state))
    if kind is None or not outbox.is_wanted(kind) or not drafts.listed(None).filter(pk=draft.pk).exists():
        return
    facts = {
        "draft": draft.pk,
        "version": draft.version,
        "kind": draft.kind,
        "state": draft.state,
        "network": draft.network,
        "language": draft.language,
        "brand": draft.brand.name,
        "incident": draft.incident.number if draft.incident else None,
        "published_at": _moment(draft.published_at),
        "published_url": draft.published_url,
        "api": f"/api/v1/drafts/{draft.pk}",
    }
    if draft.incident:
        tell(incident=draft.incident, kind=kind, facts=facts, now=now)
    else:
        outbox.note(kind=kind, subject=f"draft/{draft.pk}", facts=facts, now=now)


def silence(*, incident: Incident, now: datetime) -> None:
    """The incident was restricted: what was noted of it and has not left stays here, and is not sent again."""
    outbox.withhold(subject=subject_of(incident), now=now)


def tell(*, incident: Incident, kind: str, facts: Mapping[str, Any], now: datetime) -> None:
    """Notes what concerns the incident, whose row the caller holds: `facts` are added to what names it, or replace it.

    Of a restricted incident nothing is noted.
    """
    if incident.is_restricted:
        return
    named = {
        "incident": incident.number,
        "reference": incident.reference,
        "brand": incident.brand.name,
        "api": f"/api/v1/incidents/{incident.number}",
    }
    outbox.note(
        kind=kind, subject=subject_of(incident), facts={**named, **facts}, now=now,
        is_drill=incident.kind == IncidentKind.DRILL,
    )  # fmt: skip


def _facts(incident: Incident) -> dict[str, Any]:
    return {
        "title": incident.title,
        "kind": incident.kind,
        "state": incident.state,
        "type": incident.type,
        "family": incident.family,
        "qualification": incident.qualification,
        "severity": incident.severity,
        "started_at": in_utc(incident.started_at),
        "proposed_at": in_utc(incident.proposed_at),
        "opened_at": _moment(incident.opened_at),
        "closed_at": _moment(incident.closed_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return in_utc(moment) if moment else None
