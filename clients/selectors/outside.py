"""Who may be read outside, and what waits for it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from clients.choices import Intent, LabelSource, Triage
from clients.models import Classification, Mention, ReadingConsent, SecondReading

MARK = "outside/"  # how the version of an outside label begins


def is_allowed() -> bool:
    """Whether the last word on the matter is a yes."""
    last = last_consent()
    return bool(last and last.is_given)


def last_consent() -> ReadingConsent | None:
    return ReadingConsent.objects.order_by("-given_at", "-id").first()


def left_open(since: datetime, at_most: int, nearer_since: datetime) -> list[Mention]:
    """The newest mentions still to sort that the machine could not settle, and that nobody outside was asked about.

    Those that wait here to be read by meaning, for no longer than `nearer_since`, are left to that; those that a person
    called uncertain are left alone.
    """
    asked = Classification.objects.filter(
        Q(version__startswith=MARK) | Q(label_source=LabelSource.PERSON), mention=OuterRef("pk"), axis="intent"
    )
    nearer = SecondReading.objects.filter(mention=OuterRef("pk"), asked_at__gte=nearer_since)
    waiting = Mention.objects.filter(
        ~Exists(asked), ~Exists(nearer), triage=Triage.NEW, intent=Intent.UNCERTAIN, published_at__gte=since, root=None
    )
    return list(waiting.select_related("author").order_by("-published_at", "-id")[:at_most])
