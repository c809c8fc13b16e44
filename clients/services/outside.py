"""A second opinion from outside: only with the client's consent, only on what was left uncertain, only so many."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from agency.services import audit
from clients.choices import Axis, Intent, LabelSource
from clients.listening.collectors.asking import Asking
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork
from clients.listening.reading import outside
from clients.models import Classification, Mention, ReadingConsent
from clients.selectors import outside as read
from clients.services.reading import correct_hits, hold, said_by_people

log = logging.getLogger("rempart.reading")

AT_ONCE = 20  # a minute: a storm of doubts must not become a bill
FRESH = timedelta(hours=24)
NEARER_FIRST = timedelta(minutes=10)  # what waits here to be read by meaning is asked about outside only after that
TURN_S = 40.0  # with one time-out of the door on top, less than the minute between two turns


@transaction.atomic
def give_consent(*, is_given: bool, words: str, by: User, now: datetime) -> ReadingConsent:
    """A director says yes, on a stated ground, or takes it back. Raises PermissionDenied, ValidationError."""
    if not can(by, here(), Can.MANAGE_CLIENTS):
        raise PermissionDenied
    if is_given and not words.strip():
        raise ValidationError(_("Say on what ground: who agreed, when, in which document."), code="no_ground")
    consent = ReadingConsent.objects.create(is_given=is_given, words=words.strip(), by_id=by.pk, given_at=now)
    detail = {"given": is_given, "words": consent.words}
    audit.note(action="reading.consent", by=by, now=now, client=here(), subject="clients.readingconsent", detail=detail)
    return consent


def ask(*, open_door: Callable[[], OutgoingNetwork], now: datetime, at_most: int = AT_ONCE) -> int:
    """Asks about the newest mentions left uncertain; returns how many got a label. Without consent: none, no call.

    An answer that is no label of ours leaves the mention uncertain, and it is not asked about again; a server that is
    away is asked again later. It stops after 40 seconds, before the next minute's turn begins: nobody is asked twice.
    """
    if not settings.READER_URL or not read.is_allowed():
        return 0
    waiting = read.left_open(now - FRESH, at_most, nearer_since=now - NEARER_FIRST)
    if not waiting:
        return 0
    headers = {"Authorization": f"Bearer {settings.READER_KEY}"} if settings.READER_KEY else {}
    server = Asking(open_door(), settings.READER_URL, now=now, headers=headers)
    labelled, until = 0, time.monotonic() + TURN_S
    for mention in waiting:
        if time.monotonic() > until:
            break
        try:
            labelled += _ask_about(mention, server, now)
        except CollectError as error:
            log.warning("The outside reader did not answer: %s", error)
            break
    return labelled


def _ask_about(mention: Mention, server: Asking, now: datetime) -> bool:
    names = [mention.author.name, mention.author.handle] if mention.author else []
    text = outside.pseudonymised(f"{mention.title}\n{mention.text}".strip(), names)
    try:
        said = outside.opinion(server, settings.READER_MODEL, text)
    except outside.NoAnswer as error:
        said = outside.Opinion(Intent.UNCERTAIN, str(error))
    return _keep(mention, said, now)


@transaction.atomic
def _keep(mention: Mention, said: outside.Opinion, now: datetime) -> bool:
    """One label more, if the mention still stands as it was asked about: its words, and nobody settled it meanwhile."""
    asked = mention.title, mention.text
    hold(mention)
    is_settled = mention.intent != Intent.UNCERTAIN or Axis.INTENT in said_by_people([mention.pk]).get(mention.pk, {})
    if is_settled or (mention.title, mention.text) != asked:
        return False
    Classification.objects.create(
        mention=mention,
        axis=Axis.INTENT,
        value=said.intent,
        reasons=[{"fr": f"lecture externe\u00a0: {said.why}", "en": f"outside reading: {said.why}"}],
        label_source=LabelSource.MODEL,
        version=f"{read.MARK}{settings.READER_MODEL}"[:80],
        created_at=now,
    )
    if said.intent == Intent.UNCERTAIN:
        return False
    mention.intent = said.intent
    mention.save(update_fields=["intent"])
    correct_hits([mention.pk])
    return True
