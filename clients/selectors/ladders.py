"""Ladders as they stand: the one that answers a case, and what is known of each rung."""

from collections.abc import Sequence

from django.db.models import QuerySet

from clients.ladder import Ladder, Match, Step, match, match_proposal
from clients.models import Contact, EscalationPolicy, EscalationStep


def in_force() -> QuerySet[EscalationPolicy]:
    """Active ladders with their rungs."""
    return EscalationPolicy.objects.filter(is_active=True).prefetch_related("steps__contact").order_by("name", "id")


def steps_of(policy: EscalationPolicy) -> list[EscalationStep]:
    """Its rungs, in the order in which they are climbed."""
    return sorted(policy.steps.all(), key=lambda step: (step.place, step.pk))


def judged(steps: Sequence[EscalationStep]) -> list[Step]:
    return [Step(step.delay_minutes, step.target, step.contact_id) for step in steps]


def for_proposal() -> tuple[EscalationPolicy, Match] | None:
    """The ladder of a proposal; None when no ladder calls the agency."""
    rows = {one.pk: one for one in in_force()}
    found = match_proposal([_ladder(one) for one in rows.values()])
    return (rows[found.id], found) if found else None


def for_case(*, severity: int, qualification: str) -> tuple[EscalationPolicy, Match] | None:
    """The ladder of a confirmed incident; None when none fits."""
    rows = {one.pk: one for one in in_force()}
    found = match([_ladder(one) for one in rows.values()], severity=severity, qualification=qualification)
    return (rows[found.id], found) if found else None


def _ladder(policy: EscalationPolicy) -> Ladder:
    calls = tuple(step.target for step in steps_of(policy))
    return Ladder(policy.pk, policy.name, tuple(policy.severities), tuple(policy.qualifications), calls)


def backups() -> dict[int, int | None]:
    """Each contact's backup."""
    return dict(Contact.objects.values_list("pk", "backup_id"))
