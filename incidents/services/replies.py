"""What comes back by mail: an answer stops the alert, a “no” or a message that was lost calls who comes next.

What cannot be taken for an answer is a line of the log and changes nothing. Nothing is ever answered by mail: no two
machines write to each other for ever.
"""

import re
from datetime import datetime
from itertools import islice
from urllib.parse import unquote

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from agency.models import User
from agency.reply_tickets import Ticket, hidden, written_in
from clients.models import Contact
from clients.selectors.channels import Way
from incidents.choices import EntryKind, IncidentState, ReplyKind
from incidents.models import AlertCall, Briefing, Incident, Reply
from incidents.reply_mail import Returned
from incidents.services import acknowledgements, answers, briefings, calls, escalation, tickets, timeline
from incidents.services.wording import in_the_clients_words

LONGEST_ANSWER = 1500  # characters of it in the log; the mail itself stays in its mailbox
MOST_OF_ONE = 20  # lines that answers to one message may take without changing anything: machines write on
MOST_NAMED = 50  # messages that one mail is tried for: a hostile head names thousands, each a few queries
_WORD = re.compile(r"[^\s<>\"']+")
_WRITTEN = frozenset({ReplyKind.ANSWER, ReplyKind.REFUSAL})
_WORDS = {
    ReplyKind.AUTOMATIC: gettext_noop("An automatic answer came from %(name)s (%(address)s): it answers nothing."),
    ReplyKind.RECEIPT: gettext_noop("A receipt came from %(name)s (%(address)s): it answers nothing."),
    ReplyKind.DELAY: gettext_noop("The mail to %(name)s has not arrived yet, its server goes on trying: %(why)s"),
    ReplyKind.BOUNCE: gettext_noop("The mail to %(name)s came back: %(why)s"),
}
_ANSWERS = gettext_noop("%(name)s answers by mail (%(address)s): “%(text)s”")
_ANSWERS_LATE = gettext_noop("%(name)s answers by mail (%(address)s), which nobody waits for any more: “%(text)s”")
_SAYS_NOTHING = gettext_noop("%(name)s answers by mail (%(address)s), without a word.")
_MAY_NOT = gettext_noop("An answer by mail came from %(address)s. It does not count: %(name)s may no longer answer.")
_ATTACHED = gettext_noop("What was attached stays in the mailbox (%(count)d).")


def tickets_of(mail: Returned) -> tuple[Ticket, ...]:
    """The messages that the mail may answer, the surest first, each once."""
    named = dict.fromkeys(ticket for text in mail.addressed for ticket in written_in(text))
    return tuple(islice(named, MOST_NAMED))


def take(*, mail: Returned, ticket: Ticket, now: datetime) -> Reply | None:
    """What the mail does to the message of that ticket, in this client's room; None when the ticket is not ours.

    Taken once: the same mail, read again, changes nothing and returns its first row. Who wrote it is the ticket's
    recipient, whatever address it comes from; that address is said in the log.
    """
    if (found := tickets.call_of(ticket)) is not None:
        return _take_of_call(mail, *found, now)
    briefing = tickets.briefing_of(ticket)
    return _take_of_briefing(mail, briefing, now) if briefing is not None else None


@transaction.atomic
def _take_of_call(mail: Returned, call: AlertCall, way: Way, now: datetime) -> Reply:
    incident = timeline.held(call.alert.incident)
    if known := Reply.objects.filter(key=mail.key).first():
        return known
    may = answers.may_still(call)
    counts = _act_on_call(mail, call, way, now) if may or mail.kind not in _WRITTEN else False
    somebody = call.contact or call.person
    if counts or Reply.objects.filter(call=call).count() < MOST_OF_ONE:
        _say(incident, mail, somebody, now, may=may, counts=counts)
    return Reply.objects.create(key=mail.key, kind=mail.kind, call=call, counts=counts, came_at=now)


def _act_on_call(mail: Returned, call: AlertCall, way: Way, now: datetime) -> bool:
    """Whether it changed anything."""
    if mail.kind == ReplyKind.BOUNCE:
        return calls.bounced(call=call, way=way, why=mail.diagnosis or "—", now=now)
    if mail.kind == ReplyKind.REFUSAL:
        return calls.declined(call=call, now=now)
    if mail.kind != ReplyKind.ANSWER or answers.is_over(answers.that_it_answers(call), now):
        return False
    by = call.person if call.contact is None else None
    incident = call.alert.incident
    answered = escalation.acknowledge(
        incident=incident, by=by, contact=call.contact, how="reply", now=now, seen=call.alert
    )
    return answered is not None


@transaction.atomic
def _take_of_briefing(mail: Returned, briefing: Briefing, now: datetime) -> Reply:
    incident = timeline.held(briefing.incident)
    if known := Reply.objects.filter(key=mail.key).first():
        return known
    may = acknowledgements.is_theirs(briefing)
    counts = _act_on_briefing(mail, briefing, now, may=may)
    if counts or Reply.objects.filter(briefing=briefing).count() < MOST_OF_ONE:
        _say(incident, mail, briefing.contact, now, may=may, counts=counts)
    return Reply.objects.create(key=mail.key, kind=mail.kind, briefing=briefing, counts=counts, came_at=now)


def _act_on_briefing(mail: Returned, briefing: Briefing, now: datetime, *, may: bool) -> bool:
    """Whether it changed anything: whoever answers, even “no”, has read it."""
    if mail.kind == ReplyKind.BOUNCE:
        return briefings.bounced(briefing=briefing, why=mail.diagnosis or "—", now=now)
    is_read_already = Briefing.objects.filter(pk=briefing.pk, acknowledged_at__isnull=False).exists()
    is_old = briefing.sent_at is not None and now > briefing.sent_at + acknowledgements.GOOD_FOR
    if mail.kind not in _WRITTEN or not may or is_read_already or is_old:
        return False
    # A “no” says that it was read, not that anybody takes the alert: whoever comes next is still called.
    acknowledgements.acknowledge(briefing=briefing, now=now, answers_the_alert=mail.kind == ReplyKind.ANSWER)
    return True


def _say(
    incident: Incident, mail: Returned, somebody: User | Contact | None, now: datetime, *, may: bool, counts: bool
) -> None:
    """A line of the log; an incident that was set aside takes none."""
    if incident.state == IncidentState.DISMISSED or (mail.kind == ReplyKind.BOUNCE and counts):
        return  # what came back is said where the next one is called
    text = safe(mail.written)
    values = {"name": somebody or "—", "address": mail.sender or "—", "text": text, "why": safe(mail.diagnosis) or "—"}
    said = in_the_clients_words(_words(mail, has_text=bool(text), may=may, counts=counts), **values)
    if mail.attached and mail.kind in _WRITTEN:
        said = f"{said}\n{in_the_clients_words(_ATTACHED, count=mail.attached)}"
    line = said[: timeline.LONGEST]
    timeline.log(incident=incident, kind=EntryKind.MESSAGE, text=line, happened_at=now, by=None, now=now)


def _words(mail: Returned, *, has_text: bool, may: bool, counts: bool) -> str:
    if mail.kind not in _WRITTEN:
        return _WORDS[ReplyKind(mail.kind)]
    if not may:
        return _MAY_NOT
    if not has_text:
        return _SAYS_NOTHING
    return _ANSWERS if counts else _ANSWERS_LATE


def safe(text: str) -> str:
    """The text as the log keeps it: nothing of ours in it with which somebody else could answer, and not too long."""
    kept = hidden(_WORD.sub(lambda found: "…" if _leads_here(found[0]) else found[0], text))
    return kept if len(kept) <= LONGEST_ANSWER else kept[: LONGEST_ANSWER - 1] + "…"


def _leads_here(word: str) -> bool:
    """Whether it is an address of ours: without its https:// too, or wrapped in a mail filter's own link."""
    read = unquote(unquote(word)).casefold()
    if "/" not in read:
        return False
    hosts = (settings.AGENCY_HOST, settings.CLIENT_HOST_SUFFIX)
    return any(re.search(rf"(?<![a-z0-9-]){re.escape(host.casefold())}\.?(?::\d+)?/", read) for host in hosts)
