"""Positions, whether they may be used, and which fit what was said."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from clients.at_hand import Candidate, Encode, Match, rank
from clients.choices import PositionKind, WordsState
from clients.models import Brand, Position, PositionCopy, PositionVersion

REVIEW_BEFORE = timedelta(days=30)
VALID, TO_REVIEW, EXPIRED, NOT_YET, RETIRED = "valid", "to_review", "expired", "not_yet", "retired"
STATES = (VALID, TO_REVIEW, EXPIRED, NOT_YET, RETIRED)
_TELLING = ("retired_at", "valid_until", "approved_at", "valid_from")
MOST = 500  # positions of a client that are ranked; nobody keeps as many


def state_of(position: Position, today: date) -> str:
    """valid; to_review (not approved, or ends within 30 days: only the second is usable); expired; not_yet; retired."""
    if position.retired_at is not None:
        return RETIRED
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
    signed, kept = Q(approved_at__isnull=False), Q(retired_at__isnull=True)
    wanted = {
        EXPIRED: kept & Q(valid_until__lt=today),
        TO_REVIEW: kept
        & going_on
        & (Q(approved_at__isnull=True) | (begun & Q(valid_until__lte=today + REVIEW_BEFORE))),
        NOT_YET: kept & going_on & signed & Q(valid_from__gt=today),
        VALID: kept & signed & begun & far_from_its_end,
        RETIRED: Q(retired_at__isnull=False),
    }
    return positions.filter(wanted[state])


def counts(today: date) -> dict[str, int]:
    """How many there are of each state; one question."""
    found = Counter(state_of(one, today) for one in Position.objects.only(*_TELLING))
    return {state: found[state] for state in STATES}


def is_usable(position: Position, today: date) -> bool:
    """Whether it may be said today without a word of explanation."""
    state = state_of(position, today)
    return state == VALID or (state == TO_REVIEW and position.approved_at is not None)


def usable(today: date, brand: Brand | None = None) -> QuerySet[Position]:
    """Approved and valid today: what may be said, holding statements first."""
    open_beginning = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    open_end = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    found = Position.objects.filter(
        open_beginning, open_end, approved_at__isnull=False, retired_at__isnull=True
    ).exclude(kind=PositionKind.DO_NOT_SAY)
    return (found.filter(brand=brand) if brand else found).order_by("code", "id")


def known() -> QuerySet[Position]:
    """All of them with whom they belong to, by their code."""
    return Position.objects.select_related("brand", "owner", "approved_by").order_by("code", "id")


def awaiting() -> QuerySet[PositionVersion]:
    """Words that wait for an approval, the oldest first; those of retired positions wait for nobody."""
    return (
        PositionVersion.objects.filter(state=WordsState.WAITING, position__retired_at__isnull=True)
        .select_related("position__brand", "written_by")
        .order_by("written_at", "id")
    )


def versions_of(position: Position) -> list[PositionVersion]:
    """Its history, the newest first."""
    return list(position.versions.select_related("written_by", "decided_by").order_by("-number"))


def copies_of(position: Position, hidden: Collection[int] = ()) -> QuerySet[PositionCopy]:
    """Who took its words, the latest first; `hidden` are numbers of incidents that whoever reads may not know of."""
    known = position.copies.exclude(incident_number__in=hidden)
    return known.select_related("by", "mention__author").order_by("-copied_at", "-id")


def text_of(position: Position, language: str, *, is_long: bool = False) -> str:
    """Its words in "fr" or "en", short or long; "" when there are none."""
    prefix = "" if language == position.language else "other_"
    return str(getattr(position, f"{prefix}{'long' if is_long else 'short'}_text"))


def fitting(said: str, positions: Iterable[Position], encode: Encode | None = None) -> list[tuple[Position, Match]]:
    """The positions that fit what was said, the best first, each with its reason."""
    by_number = {one.pk: one for one in list(positions)[:MOST]}
    found = rank(said, [_candidate(one) for one in by_number.values()], encode)
    return [(by_number[match.key], match) for match in found]


def _candidate(position: Position) -> Candidate:
    texts = (position.short_text, position.long_text, position.other_short_text)
    return Candidate(position.pk, f"{position.code} {position.title}", "\n".join(text for text in texts if text))
