"""What a person says of a mention from the page, all axes at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import Axis, LabelSource, Relevance
from clients.models import Classification, Mention
from clients.selectors import mentions
from clients.services import reading

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
def take_back(*, labels: Iterable[int], by: User, now: datetime) -> int:
    """Takes a person's words back, by the numbers of their labels: what was said before counts again, a person's word
    first, else the machine's. Returns how many were taken back; what the machine said is never taken.
    """
    gone = list(Classification.objects.filter(pk__in=list(labels), label_source=LabelSource.PERSON).order_by("pk"))
    for mention in Mention.objects.filter(pk__in={label.mention_id for label in gone}).order_by("pk"):
        reading.hold(mention)
        mine = [label for label in gone if label.mention_id == mention.pk]
        Classification.objects.filter(pk__in=[label.pk for label in mine]).delete()
        for axis in {label.axis for label in mine}:
            _put_back(mention, axis)
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


def _put_back(mention: Mention, axis: str) -> None:
    """Has a mention be on one axis what is said of it now."""
    said = mention.classifications.filter(axis=axis).order_by("created_at", "pk")
    by_people = said.filter(label_source=LabelSource.PERSON).last()
    if axis == Axis.RELEVANCE:  # only a person's word has the watches let a mention go
        reading.catch_or_let_go(mention, by_people.value if by_people else Relevance.ABOUT)
        return
    last = by_people or said.last()
    setattr(mention, axis, last.value if last else "")
    mention.save(update_fields=[axis])
    reading.correct_hits(mention)


def _known(mention: Mention) -> dict[str, str]:
    relevance = mentions.labels_of(mention).get(Axis.RELEVANCE)
    return {
        Axis.INTENT: mention.intent,
        Axis.SENTIMENT: mention.sentiment,
        Axis.ATTACK: mention.attack,
        Axis.RELEVANCE: relevance.value if relevance else Relevance.ABOUT,
    }
