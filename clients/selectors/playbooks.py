"""Playbooks as the pages see them: what they hold today, and whether they are still kept true."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from clients.models import Playbook, PlaybookStep

REVIEW_SOON = timedelta(days=30)
FRESH, SOON, STALE, NOBODYS = "fresh", "soon", "stale", "nobodys"


def listed() -> QuerySet[Playbook]:
    """All of them by code, with their owner and their steps."""
    return Playbook.objects.select_related("owner").prefetch_related("steps").order_by("code", "id")


def in_force() -> QuerySet[Playbook]:
    """Those that an incident may follow."""
    return listed().filter(is_active=True)


def freshness(playbook: Playbook, today: date) -> str:
    """Stale once the review date has passed or when there is none; nobody's without an owner who is still there."""
    if playbook.review_on is None or playbook.review_on < today:
        return STALE
    if playbook.owner is None or not playbook.owner.is_active:
        return NOBODYS
    return SOON if playbook.review_on <= today + REVIEW_SOON else FRESH


def content(playbook: Playbook) -> dict[str, Any]:
    """What a version keeps: words, what it is for, and the steps in their order."""
    steps = PlaybookStep.objects.filter(playbook=playbook).order_by("place", "id")
    return {
        "title": playbook.title,
        "purpose": playbook.purpose,
        "types": sorted(playbook.types),
        "families": sorted(playbook.families),
        "severities": sorted(playbook.severities),
        "steps": [
            {"words": step.words, "how": step.how, "duty": step.duty, "due_minutes": step.due_minutes} for step in steps
        ],
    }
