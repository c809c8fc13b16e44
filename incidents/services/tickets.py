"""Which message of ours a mail answers: the ticket that left in its address, and the row that it names.

A ticket is bound to a row, to the address it was sent to, and to what withdraws the row's links: it ends with them.
"""

from agency import reply_address
from agency.access import here
from agency.calling import EMAIL, Line
from agency.reply_tickets import BRIEFING, CALL, Ticket
from clients.selectors.channels import Way, ways
from incidents.models import AlertCall, Briefing
from incidents.services.alert_words import mark_of


def of_call(call: AlertCall, line: Line) -> Ticket | None:
    """The ticket of a call by mail; None by any other line, and where answers by mail are not read."""
    if line.kind != EMAIL:
        return None
    return reply_address.ticket(CALL, here().pk, call.pk, key=_key_of_call(call, line))


def of_briefing(briefing: Briefing) -> Ticket | None:
    """The ticket of a message to a contact; None where answers by mail are not read."""
    return reply_address.ticket(BRIEFING, here().pk, briefing.pk, key=_key_of_briefing(briefing))


def named(ticket: Ticket | None, key: str) -> str:
    """The key of a message (its Message-ID) with the ticket in it: known again by who answers to another address."""
    return f"{ticket}.{key}" if ticket else key


def call_of(ticket: Ticket) -> tuple[AlertCall, Way] | None:
    """The call with that ticket, and the address it went to; None for a ticket that is not, or no longer, ours."""
    if ticket.kind != CALL:
        return None
    known = AlertCall.objects.select_related("alert__incident", "contact", "person", "channel")
    call = known.filter(pk=ticket.number).first() if _fits(ticket.number) else None
    if call is None:
        return None
    lines = [one for one in _ways_of(call) if one.line.kind == EMAIL]
    sealed = (one for one in lines if reply_address.is_ours(ticket, key=_key_of_call(call, one.line)))
    return next(((call, one) for one in sealed), None)


def briefing_of(ticket: Ticket) -> Briefing | None:
    """The message with that ticket; None for a ticket that is not, or no longer, ours."""
    if ticket.kind != BRIEFING or not _fits(ticket.number):
        return None
    known = Briefing.objects.select_related("incident", "contact", "situation_report")
    briefing = known.filter(pk=ticket.number).first()
    return briefing if briefing and reply_address.is_ours(ticket, key=_key_of_briefing(briefing)) else None


def _ways_of(call: AlertCall) -> tuple[Way, ...]:
    return ways(contact=call.contact) if call.contact else ways(person=call.person)


def _key_of_call(call: AlertCall, line: Line) -> str:
    return f"{call.link_key.hex}:{mark_of(line)}"


def _key_of_briefing(briefing: Briefing) -> str:
    return f"{briefing.contact_id}:{briefing.email.lower()}:{briefing.links_withdrawn}"


def _fits(number: int) -> bool:
    """Whether the database can hold the number at all."""
    return 0 < number < 2**63
