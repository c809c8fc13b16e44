"""What a person says of a mention from the page, all axes at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Case, When

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import Axis, LabelSource, Relevance
from clients.models import Classification, Mention
from clients.selectors import mentions
from clients.services import reading

ELSEWHERE = Relevance.ELSEWHERE.value
CHECKED = (Axis.INTENT, Axis.SENTIMENT, Axis.ATTACK)  # what a mention checked whole has a person's word on


@transaction.atomic
def say(
    *,
    mention: Mention,
    given: Mapping[str, str],
    seen: Mapping[str, str] | None = None,
    whole: bool,
    by: User,
    now: datetime,
) -> list[Classification]:
    """Keeps the labels that differ from those `seen` on the page, an empty one never; returns what was kept.

    `seen` is by default what counts now; with it nobody is made to say what the machine changed while a page was open.
    `whole`: the person looked at every axis, and what is the same as before is their word too. What people said already
    is not kept twice. Raises ValidationError for an unknown axis or value, and then keeps none.
    """
    reading.hold(mention)
    known = {**_known(mention), **(seen or {})}
    said = reading.said_by_people([mention.pk]).get(mention.pk, {})
    chosen = {
        axis: value
        for axis, value in given.items()
        if value and value != said.get(axis) and (value != known.get(axis, "") or (whole and axis in CHECKED))
    }
    return [reading.correct(mention=mention, axis=axis, value=value, by=by, now=now) for axis, value in chosen.items()]


@transaction.atomic
def say_of_all(*, mention_ids: Iterable[int], axis: str, value: str, by: User, now: datetime) -> list[Classification]:
    """A person's word on one axis of many mentions, with as many queries as for one; returns what was kept.

    What people said alike already is not kept twice. Raises ValidationError for an unknown axis or value.
    """
    reading.check(axis, value)
    held = Mention.objects.select_for_update(no_key=True).filter(pk__in=list(mention_ids)).order_by("pk")
    numbers = list(held.values_list("pk", flat=True))
    said = reading.said_by_people(numbers)
    others = [pk for pk in numbers if said.get(pk, {}).get(axis) != value]
    kept = Classification.objects.bulk_create(
        Classification(
            mention_id=pk, axis=axis, value=value, label_source=LabelSource.PERSON, by_id=by.pk, created_at=now
        )
        for pk in others
    )
    if axis == Axis.RELEVANCE:
        reading.catch_or_let_go(others, value)
    else:
        Mention.objects.filter(pk__in=others).update(**{axis: value})
        reading.correct_hits(others)
    return kept


def states(mention_ids: Iterable[int]) -> dict[int, str]:
    """What people have done with each of the mentions."""
    return dict(Mention.objects.filter(pk__in=list(mention_ids)).values_list("pk", "triage"))


@transaction.atomic
def take_back(*, labels: Iterable[int], by: User, now: datetime) -> int:
    """Takes a person's words back, by the numbers of their labels: what was said before counts again, a person's word
    first, else the machine's. Returns how many were taken back; what the machine said is never taken.
    """
    gone = list(Classification.objects.filter(pk__in=list(labels), label_source=LabelSource.PERSON).order_by("pk"))
    held = Mention.objects.select_for_update(no_key=True).filter(pk__in={label.mention_id for label in gone})
    mentions_held = {mention.pk: mention for mention in held.defer("original").order_by("pk")}
    Classification.objects.filter(pk__in=[label.pk for label in gone]).delete()
    for axis in sorted({label.axis for label in gone}):
        _put_back([mentions_held[label.mention_id] for label in gone if label.axis == axis], axis)
    if gone:
        words = [{"mention": label.mention_id, "axis": label.axis, "value": label.value} for label in gone]
        audit.note(
            action="labels.taken_back",
            by=by,
            now=now,
            client=here(),
            subject="clients.classification",
            detail={"labels": words},
        )
    return len(gone)


def _put_back(changed: Sequence[Mention], axis: str) -> None:
    """Has mentions be on one axis what is said of them now: the last word of a person first, else the machine's."""
    numbers = list({mention.pk for mention in changed})
    by_people = Case(When(label_source=LabelSource.PERSON, then=1), default=0)
    said = Classification.objects.filter(mention__in=numbers, axis=axis)
    last = said.order_by("mention_id", by_people.desc(), "-created_at", "-pk").distinct("mention_id")
    now = {one.mention_id: one for one in last}
    if axis == Axis.RELEVANCE:  # only a person's word has the watches let a mention go
        gone = {pk for pk, one in now.items() if (one.label_source, one.value) == (LabelSource.PERSON, ELSEWHERE)}
        reading.catch_or_let_go(sorted(gone), Relevance.ELSEWHERE)
        reading.catch_or_let_go(sorted(set(numbers) - gone), Relevance.ABOUT)
        return
    for mention in changed:
        setattr(mention, axis, now[mention.pk].value if mention.pk in now else "")
    Mention.objects.bulk_update(changed, [axis])
    reading.correct_hits(numbers)


def _known(mention: Mention) -> dict[str, str]:
    relevance = mentions.labels_of(mention).get(Axis.RELEVANCE)
    return {
        Axis.INTENT: mention.intent,
        Axis.SENTIMENT: mention.sentiment,
        Axis.ATTACK: mention.attack,
        Axis.RELEVANCE: relevance.value if relevance else Relevance.ABOUT,
    }
