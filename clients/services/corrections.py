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
def say(*, mention: Mention, given: Mapping[str, str], whole: bool, by: User, now: datetime) -> list[Classification]:
    """Keeps the labels that differ from those that count, an empty one never; returns what was kept.

    `whole`: the person looked at every axis, and what is the same as before is their word too. Raises ValidationError
    for an unknown axis or value, and then keeps none.
    """
    known = _known(mention)
    chosen = {
        axis: value
        for axis, value in given.items()
        if value and (value != known.get(axis, "") or (whole and axis in CHECKED))
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
