"""What a person says of a mention from the page, all axes at once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from agency.models import User
from clients.choices import Axis, Relevance
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


def _known(mention: Mention) -> dict[str, str]:
    relevance = mentions.labels_of(mention).get(Axis.RELEVANCE)
    return {
        Axis.INTENT: mention.intent,
        Axis.SENTIMENT: mention.sentiment,
        Axis.ATTACK: mention.attack,
        Axis.RELEVANCE: relevance.value if relevance else Relevance.ABOUT,
    }
