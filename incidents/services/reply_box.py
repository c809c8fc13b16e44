"""The mailbox of the answers, read by turns: claimed, taken from where we were, each mail handed to its client.

Read-only: nothing is marked or removed. What was read and not yet written down when a worker died is read again, and
finds its row (incidents.models.Reply). A mailbox that does not answer changes nothing else: calls go on as without it.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q
from django.utils import timezone
from django_tenants.utils import schema_context

from agency import reply_address
from agency.models import Client, ReplyBox
from agency.reply_tickets import Ticket
from agency.vault import Unsealable, seal, unseal
from clients.listening.collectors.mailbox import taking
from clients.listening.collectors.mailbox.taking import Came, Taken
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork, PermanentFailure
from incidents import reply_mail
from incidents.models import Reply
from incidents.services import replies

log = logging.getLogger("rempart.answers")

CLAIM = timedelta(minutes=2)  # longer than a reading may last (taking.SECONDS)
AFTER_A_REFUSAL = timedelta(minutes=5)  # a server that refuses a password shuts out who insists
FIRST_DAYS = timedelta(days=2)  # read back at first: the mailbox may have been named after the alert left
TRIES = 5  # of a mail on which we stumble


def read(*, http: OutgoingNetwork, now: datetime) -> int:
    """Takes what came since the last reading; returns how many mails answered something. 0 without a mailbox.

    One worker at a time. What went wrong is kept in words on the row, and shown.
    """
    if not reply_address.is_on():
        return 0
    box = _claimed(now)
    if box is None:
        return 0
    try:
        taken = taking.take(
            _settings(box), validity=box.uidvalidity, uid=box.uid, since=box.since,
            again=[int(uid) for uid in box.again], http=http, now=now,
        )  # fmt: skip
    except CollectError as failure:
        _not_read(box, failure, now)
        return 0
    return _all_taken(box, taken, now)


def _claimed(now: datetime) -> ReplyBox | None:
    """The row of the mailbox of the settings, held for this reading; None when another worker has it."""
    name = taking.name_of(settings.REPLIES_BOX)
    ReplyBox.objects.bulk_create([ReplyBox(of=name, since=(now - FIRST_DAYS).date())], ignore_conflicts=True)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    if not ReplyBox.objects.filter(free, of=name).update(claimed_until=now + CLAIM, tried_at=now):
        return None
    # Until its first reading ends well it is not read: a worker that dies in each would leave no other trace.
    ReplyBox.objects.filter(of=name, read_at__isnull=True, failing_since__isnull=True).update(failing_since=now)
    return ReplyBox.objects.get(of=name)


def _settings(box: ReplyBox) -> Mapping[str, Any]:
    """The mailbox of the settings, with the token that its provider gave last."""
    try:
        return {**settings.REPLIES_BOX, "session": unseal(box.sealed_session)}
    except Unsealable:  # its key was replaced: a new one is asked for
        return dict(settings.REPLIES_BOX)


def _not_read(box: ReplyBox, failure: CollectError, now: datetime) -> None:
    later = now + AFTER_A_REFUSAL if isinstance(failure, PermanentFailure) else None
    log.warning("The mailbox of the answers was not read: %s", failure.words_en)
    ReplyBox.objects.filter(pk=box.pk).update(
        claimed_until=later, error=failure.words_fr, error_en=failure.words_en, failing_since=box.failing_since or now
    )


def _all_taken(box: ReplyBox, taken: Taken, now: datetime) -> int:
    """Hands over each mail, then moves the cursor on; those on which we stumble are read again, a few times."""
    tries = {} if taken.validity != box.uidvalidity else dict(box.again)
    read_now = {str(came.uid) for came in taken.mails}
    # Where the reading broke off, what was not reached is still to be read again; else it is no longer in the folder.
    again = {uid: count for uid, count in tries.items() if uid not in read_now} if taken.trouble else {}
    answered = 0
    for came in taken.mails:
        try:
            answered += _one_taken(came, now)
        except Exception:  # whatever it is, the mails after it are read, and it is tried again
            log.exception("The mail %s of the mailbox of the answers could not be taken.", came.uid)
            count = int(tries.get(str(came.uid), 0)) + 1
            again |= {str(came.uid): count} if count < TRIES else {}
    _moved_on(box, taken, again, answered, now)
    return answered


def _moved_on(box: ReplyBox, taken: Taken, again: dict[str, int], answered: int, now: datetime) -> None:
    changed: dict[str, Any] = {
        "uidvalidity": taken.validity, "uid": taken.uid, "again": again, "claimed_until": None, "read_at": now,
        "failing_since": None, "error": "", "error_en": "",
    }  # fmt: skip
    if taken.trouble:
        changed |= {"error": taken.trouble.fr, "error_en": taken.trouble.en}
        changed["failing_since"] = box.failing_since or now
    if answered:
        changed["answered_at"] = now
    if taken.session is not None:
        changed["sealed_session"] = seal(taken.session)
    ReplyBox.objects.filter(pk=box.pk).update(**changed)


def _one_taken(came: Came, now: datetime) -> bool:
    """Whether the mail answered something of ours. The first message that it names and that we sent is the one."""
    mail = reply_mail.judged(came.content)
    for ticket in replies.tickets_of(mail):
        client = Client.objects.filter(pk=ticket.client, is_active=True).first() if ticket.client < 2**63 else None
        if client is None:
            continue
        with schema_context(client.schema_name), timezone.override(client.timezone):
            if _taken_once(mail, ticket, now):
                return True
    return False


def _taken_once(mail: reply_mail.Returned, ticket: Ticket, now: datetime) -> bool:
    try:
        return replies.take(mail=mail, ticket=ticket, now=now) is not None
    except IntegrityError:  # another worker, whose claim ran out meanwhile, has just taken it
        if not Reply.objects.filter(key=mail.key).exists():
            raise
        return True
