"""Positions and whether they may be used."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from clients.choices import PositionKind
from clients.models import Brand, Position

REVIEW_BEFORE = timedelta(days=30)
VALID, TO_REVIEW, EXPIRED, NOT_YET = "valid", "to_review", "expired", "not_yet"


def state_of(position: Position, today: date) -> str:
    """valid; to_review (not approved, or ends within 30 days: usable only in the second case); expired; not_yet."""
    if position.valid_until and position.valid_until < today:
        return EXPIRED
    if position.approved_at is None:
        return TO_REVIEW
    if position.valid_from and position.valid_from > today:
        return NOT_YET
    if position.valid_until and position.valid_until <= today + REVIEW_BEFORE:
        return TO_REVIEW
    return VALID


def in_state(positions: QuerySet[Position], state: str, today: date) -> QuerySet[Position]:
    """The positions of that state, as `state_of` tells it. Raises KeyError for another word."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    going_on = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    far_from_its_end = Q(valid_until__isnull=True) | Q(valid_until__gt=today + REVIEW_BEFORE)
    signed = Q(approved_at__isnull=False)
    wanted = {
        EXPIRED: Q(valid_until__lt=today),
        TO_REVIEW: going_on & (Q(approved_at__isnull=True) | (begun & Q(valid_until__lte=today + REVIEW_BEFORE))),
        NOT_YET: going_on & signed & Q(valid_from__gt=today),
        VALID: signed & begun & far_from_its_end,
    }
    return positions.filter(wanted[state])


def usable(today: date, brand: Brand | None = None) -> QuerySet[Position]:
    """Approved and valid today: what may be said, holding statements first."""
    open_beginning = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    open_end = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    found = Position.objects.filter(open_beginning, open_end, approved_at__isnull=False).exclude(
        kind=PositionKind.DO_NOT_SAY
    )
    return (found.filter(brand=brand) if brand else found).order_by("code", "id")
