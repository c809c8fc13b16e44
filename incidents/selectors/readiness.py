"""What is known of how ready clients are: one query for the counts, two for the rota, whatever their number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from agency.models import Client, User
from agency.selectors import rota
from clients.selectors import ladders
from clients.selectors.approvals import passed, policies
from clients.selectors.hearing import Hearing
from clients.selectors.reach import reach
from incidents.choices import IncidentState
from incidents.debriefing import MUST_BE_HELD
from incidents.readiness import Facts, Readiness, readiness
from incidents.selectors.of_clients import ask

DAYS = 14
SOON = timedelta(days=30)
_FACTS = """
SELECT {client},
    (SELECT count(*) FROM {schema}.clients_contact WHERE is_active),
    (SELECT count(*) FROM {schema}.clients_contact c WHERE c.is_active AND c.email = '' AND NOT EXISTS (
        SELECT FROM {schema}.clients_contactchannel h WHERE h.contact_id = c.id AND h.is_active)),
    (SELECT count(*) FROM {schema}.clients_escalationstep s
        JOIN {schema}.clients_escalationpolicy p ON p.id = s.policy_id WHERE p.is_active),
    p.usable, p.expiring, p.expired, p.unapproved, b.all_of_them, b.stale,
    (SELECT max(i.opened_at) FROM {schema}.incidents_incident i WHERE i.kind = 'drill' AND {seen}),
    (SELECT count(*) FROM {schema}.incidents_debrief d JOIN {schema}.incidents_incident i ON i.id = d.incident_id
        WHERE d.signed_at IS NULL AND d.planned_at < {now} AND {seen})
    + (SELECT count(*) FROM {schema}.incidents_incident i WHERE i.state = {closed} AND i.severity = ANY({grave})
        AND i.kind = 'real' AND {seen} AND i.closed_at > {since} AND NOT EXISTS (
        SELECT FROM {schema}.incidents_debrief d WHERE d.incident_id = i.id AND d.kind = 'hot')),
    (SELECT count(*) FROM {schema}.incidents_followup f JOIN {schema}.incidents_incident i ON i.id = f.incident_id
        WHERE f.state = 'open' AND f.due_on < {today} AND {seen}),
    (SELECT count(*) FROM {schema}.clients_policystep WHERE can_pass IS FALSE)
FROM (SELECT
        count(*) FILTER (WHERE approved_at IS NOT NULL AND coalesce(valid_until, {today}) >= {today}
            AND coalesce(valid_from, {today}) <= {today} AND kind <> 'do_not_say') AS usable,
        count(*) FILTER (WHERE approved_at IS NOT NULL AND valid_until BETWEEN {today} AND {soon}) AS expiring,
        count(*) FILTER (WHERE valid_until < {today}) AS expired,
        count(*) FILTER (WHERE approved_at IS NULL AND coalesce(valid_until, {today}) >= {today}) AS unapproved
        FROM {schema}.clients_position WHERE retired_at IS NULL) p,
    (SELECT count(*) AS all_of_them, count(*) FILTER (WHERE b.review_on IS NULL OR b.review_on < {today}
        OR u.id IS NULL OR NOT u.is_active) AS stale
        FROM {schema}.clients_playbook b LEFT JOIN public.agency_user u ON u.id = b.owner_id WHERE b.is_active) b
"""
_YEAR = timedelta(days=365)


def of_clients(
    clients: Sequence[Client], heard: Mapping[int, Hearing], *, person: User | None, now: datetime
) -> dict[int, Readiness]:
    """Each client's readiness by its number, as that person may know it; the rungs of ladders are not tried."""
    facts = facts_of(clients, heard, person=person, now=now)
    return {pk: readiness(one, now) for pk, one in facts.items()}


def of_client(client: Client, heard: Hearing, *, person: User | None, now: datetime) -> Readiness:
    """One client's, with every rung and every approval tried as each night. Runs in the client's schema."""
    facts = facts_of([client], {client.pk: heard}, person=person, now=now)[client.pk]
    steps = [step for policy in ladders.in_force() for step in ladders.steps_of(policy)]
    broken = sum(not reach(step, client, now).is_well for step in steps)
    stuck = sum(not one.is_well for policy in policies() for one in passed(policy, client))
    return readiness(replace(facts, rungs=len(steps), broken_rungs=broken, stuck_approvals=stuck), now)


def facts_of(
    clients: Sequence[Client], heard: Mapping[int, Hearing], *, person: User | None, now: datetime
) -> dict[int, Facts]:
    """The facts of each client by its number; `broken_rungs` is None, for nobody was tried."""
    today = timezone.localdate(now)
    values: dict[str, Any] = {
        "person": person, "now": now, "today": today, "soon": today + SOON, "since": now - _YEAR,
        "closed": str(IncidentState.CLOSED), "grave": sorted(MUST_BE_HELD),
    }  # fmt: skip
    found = {client.pk: row for client, *row in ask(_FACTS, clients, values, lambda *row: row)}
    gaps = rota.gaps(clients, since=now, days=DAYS)
    return {client.pk: _facts(found[client.pk], client, heard.get(client.pk), gaps) for client in clients}


def _facts(row: Sequence[Any], client: Client, heard: Hearing | None, gaps: Sequence[rota.Gap]) -> Facts:
    mine = [gap for gap in gaps if client in gap.clients]
    length = sum((gap.ends_at - gap.starts_at for gap in mine), timedelta(0))
    first = f"{timezone.localtime(mine[0].starts_at):%d/%m %H:%M}" if mine else ""
    return Facts(
        contacts=row[0], unreachable_contacts=row[1], rungs=row[2], broken_rungs=None,
        hours_without=length.total_seconds() / 3600, next_gap_at=first,
        positions=row[3], expiring=row[4], expired=row[5], unapproved=row[6], playbooks=row[7], stale_playbooks=row[8],
        ears=heard.connected if heard else 0, deaf_ears=len(heard.deaf) if heard else 0,
        last_drill_at=row[9], debriefs_late=row[10], follow_ups_late=row[11], stuck_approvals=row[12],
    )  # fmt: skip
