"""What a delivery and an attempt are called on the pages of the webhooks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clients import webhook_events
from clients.choices import DeliveryState
from clients.models import WebhookAttempt, WebhookDelivery
from clients.services import webhook_replays
from clients.services.webhook_sending import event_of
from clients.webhook_answer import BROKEN

_ERRORS: dict[str, str | Promise] = {
    "too_slow": gettext_lazy("No answer in 15 seconds"),
    "private_address": gettext_lazy("Its name leads to a private network: nothing was sent"),
    "dns": gettext_lazy("No such host"),
    "connection": gettext_lazy("Nobody listens there"),
    "tls": gettext_lazy("Its certificate does not hold"),
    "protocol": gettext_lazy("The answer broke off, or is not HTTP"),
    "encoding": gettext_lazy("The answer is compressed in a way that was not asked for"),
    BROKEN: gettext_lazy("It could not be sent: the fault is the house’s, and it is in its log"),
    "unsealable": gettext_lazy("Its secret cannot be opened with the house’s present keys: replace it"),
}


@dataclass(frozen=True)
class AttemptRow:
    """One attempt: when, what came of it in words, in how many milliseconds, how the answer begins."""

    at: datetime
    words: str
    milliseconds: int
    answer: str


@dataclass(frozen=True)
class DeliveryRow:
    """One delivery as the page shows it; `until` is the moment that its words speak of."""

    number: int
    seq: int
    kind: str
    about: str
    happened_at: datetime
    is_drill: bool
    look: str
    words: str
    until: datetime | None
    body: str
    can_be_replayed: bool
    attempts: tuple[AttemptRow, ...]


def row_of(delivery: WebhookDelivery, client: str) -> DeliveryRow:
    """The delivery in words, with its message as it is sent."""
    event = delivery.event
    look, words, until = _state(delivery)
    return DeliveryRow(
        number=delivery.pk,
        seq=event.pk,
        kind=event.kind,
        about=str(event.facts.get("reference", "")),
        happened_at=event.happened_at,
        is_drill=event.is_drill,
        look=look,
        words=words,
        until=until,
        body=webhook_events.body_of(event_of(event), client),
        can_be_replayed=webhook_replays.why_not_again(delivery) is None,
        attempts=tuple(
            AttemptRow(one.at, attempt_in_words(one), one.milliseconds, one.answer) for one in delivery.attempts.all()
        ),
    )


def attempt_in_words(attempt: WebhookAttempt) -> str:
    """What came of it: a status, or what went wrong."""
    if attempt.status is None:
        return str(_ERRORS.get(attempt.error, _("Not a web address")))
    if attempt.error == "redirect":
        return _("%(status)d: it points elsewhere, which is not followed") % {"status": attempt.status}
    if attempt.error:
        return _("%(status)d: not taken") % {"status": attempt.status}
    return _("%(status)d: taken") % {"status": attempt.status}


def kinds() -> list[tuple[str, str]]:
    """The events to choose among: (code, when it comes) in the reader's language."""
    language = get_language() or "fr"
    return [(kind.code, f"{kind.when.say(language)} ({kind.code})") for kind in webhook_events.KINDS]


def _state(delivery: WebhookDelivery) -> tuple[str, str, datetime | None]:
    if delivery.state == DeliveryState.DELIVERED:
        return "is-done", _("Delivered"), delivery.delivered_at
    if delivery.event.withheld_at is not None:
        return "", _("Held back: the incident was restricted"), None
    if delivery.state == DeliveryState.FAILED:
        return "is-stop", _("Given up"), None
    if not delivery.endpoint.is_active:
        return "", _("Waits until the webhook is started again"), None
    if delivery.tries:
        return "is-warning", _("Next attempt"), max(delivery.due_at, delivery.endpoint.quiet_until or delivery.due_at)
    return "", _("To send"), None
