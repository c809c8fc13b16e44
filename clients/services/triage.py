"""What a person does with the mentions to sort, one or five hundred at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import Axis, Relevance, SortingKind, Triage
from clients.models import Mention, SortingAct, Waiting
from clients.selectors import sorting
from clients.selectors.folds import with_repeats
from clients.services import acts, corrections, order

LONGEST_WAIT = timedelta(days=90)
_LISTED = (Triage.NEW, Triage.WAITING)


@dataclass(frozen=True)
class Moved:
    """The numbers of those asked for that were moved, and how many that only repeat them went along.

    `others`: what somebody else changed since the page was made, which is left alone. `act`: to undo, or to do again.
    """

    ids: list[int]
    along: int = 0
    others: list[sorting.Change] = field(default_factory=list)
    act: SortingAct | None = None


def set_aside(*, mention_ids: Iterable[int], by: User, now: datetime, seen: int | None = None) -> Moved:
    """Takes mentions, and what only repeats them, out of the list to sort.

    `seen`: the last act that the page knew of; what others did since is left alone and told. None: not compared.
    """
    return _move(mention_ids, _LISTED, Triage.SET_ASIDE, SortingKind.SET_ASIDE, by, now, seen)


def put_back(*, mention_ids: Iterable[int], by: User, now: datetime, seen: int | None = None) -> Moved:
    """Has what was set aside, or waits, be in the list again; what is attached to an incident stays there."""
    return _move(mention_ids, (Triage.SET_ASIDE, Triage.WAITING), Triage.NEW, SortingKind.PUT_BACK, by, now, seen)


@transaction.atomic
def wait(*, mention_ids: Iterable[int], until: datetime, by: User, now: datetime, seen: int | None = None) -> Moved:
    """Puts mentions off: they leave the list and come back by themselves at `until`.

    Raises ValidationError for a moment that is past, or more than ninety days away.
    """
    if not now < until <= now + LONGEST_WAIT:
        raise ValidationError(_("Say a moment to come, within ninety days."), code="when")
    moved = _move(mention_ids, _LISTED, Triage.WAITING, SortingKind.WAIT, by, now, seen, until.isoformat())
    if moved.act:
        lines = moved.act.mentions.values_list("mention_id", flat=True)
        Waiting.objects.bulk_create(Waiting(mention_id=pk, until=until, by=by, since=now) for pk in lines)
    return moved


@transaction.atomic
def label(
    *, mention_ids: Iterable[int], axis: str, value: str, by: User, now: datetime, seen: int | None = None
) -> Moved:
    """A person's word on one axis of many mentions; those that people said the same of are not said again.

    Raises ValidationError for an axis or value that is none.
    """
    order.one_at_a_time()
    asked = list(dict.fromkeys(mention_ids))
    free, others = apart(asked, seen, by)
    said = corrections.say_of_all(mention_ids=free, axis=axis, value=value, by=by, now=now)
    kept = {"labels": [one.pk for one in said], "axis": axis, "value": value}
    states = corrections.states([one.mention_id for one in said])
    lines = [acts.Line(pk, state, state) for pk, state in states.items()]
    return told(SortingKind.LABEL, lines, asked, others, by, now, kept)


@transaction.atomic
def not_ours(*, mention_ids: Iterable[int], by: User, now: datetime, seen: int | None = None) -> Moved:
    """Says that mentions are not about the client: no watch catches them any more, and they leave the list."""
    order.one_at_a_time()
    asked = list(dict.fromkeys(mention_ids))
    free, others = apart(asked, seen, by)
    lines = acts.move(with_repeats(free), _LISTED, Triage.SET_ASIDE)
    moved = [line.mention_id for line in lines]
    said = corrections.say_of_all(mention_ids=moved, axis=Axis.RELEVANCE, value=Relevance.ELSEWHERE, by=by, now=now)
    kept = {"labels": [one.pk for one in said], "value": Relevance.ELSEWHERE.value}
    return told(SortingKind.SET_ASIDE, lines, asked, others, by, now, kept)


@transaction.atomic
def say(
    *,
    mention: Mention,
    given: Mapping[str, str],
    shown: Mapping[str, str] | None = None,
    whole: bool,
    by: User,
    now: datetime,
    seen: int | None = None,
) -> Moved:
    """A person's words on all axes of one mention (see corrections.say, whose `seen` is `shown` here), kept as one act.

    Raises ValidationError for an unknown axis or value.
    """
    order.one_at_a_time()
    free, others = apart([mention.pk], seen, by)
    said = corrections.say(mention=mention, given=given, seen=shown, whole=whole, by=by, now=now) if free else []
    lines = [acts.Line(mention.pk, mention.triage, mention.triage)] if said else []
    kept = {"labels": [one.pk for one in said], "given": dict(given), "whole": whole}
    return told(SortingKind.LABEL, lines, [mention.pk], others, by, now, kept)


def apart(mention_ids: Sequence[int], seen: int | None, by: User) -> tuple[list[int], list[sorting.Change]]:
    """Those that nobody else changed since the act `seen`, and what was done with the others."""
    others = [] if seen is None else sorting.changed_since(mention_ids, seen, but_by=by)
    taken = {change.mention_id for change in others}
    return [pk for pk in mention_ids if pk not in taken], others


@transaction.atomic
def _move(
    mention_ids: Iterable[int],
    old: Iterable[str],
    new: Triage,
    kind: SortingKind,
    by: User,
    now: datetime,
    seen: int | None,
    until: str = "",
) -> Moved:
    order.one_at_a_time()
    asked = list(dict.fromkeys(mention_ids))
    free, others = apart(asked, seen, by)
    lines = acts.move(with_repeats(free), old, new)
    return told(kind, lines, asked, others, by, now, {"until": until} if until else {})


def told(
    kind: SortingKind,
    lines: Sequence[acts.Line],
    asked: Sequence[int],
    others: list[sorting.Change],
    by: User,
    now: datetime,
    kept: Mapping[str, Any],
) -> Moved:
    """Keeps the act, and what it takes to do it to the others all the same."""
    moved = [line.mention_id for line in lines]
    if not moved and not others:
        return Moved([])
    if others:
        kept = {**kept, "left": [change.mention_id for change in others], "told": max(one.act.pk for one in others)}
    act = acts.note(kind=kind, lines=lines, by=by, now=now, kept=dict(kept))
    if moved:
        detail = {"act": act.pk, "mentions": moved}
        audit.note(action=f"mentions.{kind}", by=by, now=now, client=here(), subject="clients.mention", detail=detail)
    ours = sorted(set(asked).intersection(moved))
    return Moved(ours, len(moved) - len(ours), others, act)
