"""What a call and a reminder say, in the language of whoever gets them; of a restricted incident only the reference."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agency import links
from agency.access import here
from agency.calling import Line
from agency.hosts import standing_url
from agency.models import User
from clients.models import Contact
from incidents.choices import IncidentKind, Matter
from incidents.models import Alert, AlertCall, Incident

PURPOSE = "alert"
LIVES_ON = timedelta(hours=24)  # a link, once its alert is over
NEVER_LONGER = timedelta(days=366)
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    body: str


def of_call(
    call: AlertCall, somebody: User | Contact, line: Line, *, now: datetime, may_reply: bool = False
) -> Message:
    """The call itself, with the link by which this recipient answers without an account.

    `may_reply`: it goes by mail, and an answer to that mail is read.
    """
    incident = call.alert.incident
    with translation.override(somebody.language):
        lines = [_first_line(call.alert, is_contact=isinstance(somebody, Contact))]
        if incident.summary and not incident.is_restricted and call.alert.matter != Matter.PROPOSED:
            lines += ["", incident.summary[:600]]
        lines += ["", _("Say that you take it into account, nobody else is then called:"), link_of(call, line, now)]
        lines += ["", _("This link is yours alone; it is good until somebody answers, and a day longer.")]
        if may_reply:
            lines += ["", _("Answering this mail, in a word, is enough too. If you cannot take it, answer “no” alone:"
                            " whoever comes next is called at once.")]  # fmt: skip
        if isinstance(somebody, User):
            lines += ["", _("The incident: %(address)s") % {"address": address_of(incident)}]
        return Message(_subject(call.alert), "\n".join(lines))


def of_reminder(alert: Alert, person: User, *, told: int) -> Message:
    """For whoever leads the team: nobody was told, or nobody who was told has answered."""
    incident = alert.incident
    with translation.override(person.language):
        subject = _drill(incident) + _nobody(alert, told) % {"reference": incident.reference}
        since = timezone.localtime(alert.started_at)
        lines = [_("The alert began on %(hour)s and nobody has answered.") % {"hour": f"{since:%d/%m %H:%M}"}]
        lines += [_title(incident)] if not incident.is_restricted else []
        if not told:
            lines.append(_("Not one call has left: the page of the incident says who could not be reached, and why."))
        lines += ["", _("You are reminded until somebody answers, or silences it with a reason:"), address_of(incident)]
        return Message(subject[:LONGEST_SUBJECT], "\n".join(lines))


def _nobody(alert: Alert, told: int) -> str:
    """Nobody of the agency answers, or once a person has confirmed no contact of the client."""
    if alert.calls_the_agency:
        return _("%(reference)s: nobody answers") if told else _("%(reference)s: nobody was told")
    return _("%(reference)s: no contact answers") if told else _("%(reference)s: no contact was told")


def link_of(call: AlertCall, line: Line, now: datetime) -> str:
    """The page with one button on the client's host, for this call by this line only.

    Its hours are not in it: it lives as long as its alert, which `answers.called_by` reads.
    """
    token = links.sign(PURPOSE, [call.pk, call.link_key.time_low, mark_of(line)], expires_at=now + NEVER_LONGER)
    return standing_url(_host(), reverse("alert_answer", args=[token]))


def mark_of(line: Line) -> int:
    """A line as a link knows it again: 32 bits, from which no address is read."""
    return int.from_bytes(blake2b(f"{line.kind}:{line.address}".lower().encode(), digest_size=4).digest())


def address_of(incident: Incident) -> str:
    """Its alert on the incident's page, on the client's host."""
    return standing_url(_host(), f"{reverse('client_admin:incident', args=[incident.number])}#alert")


def _host() -> str:
    return here().domains.filter(is_primary=True).values_list("domain", flat=True).get()


def _subject(alert: Alert) -> str:
    incident = alert.incident
    if incident.is_restricted:
        words = incident.reference
    elif alert.matter == Matter.PROPOSED:
        words = _("To take: %(reference)s, %(title)s") % {"reference": incident.reference, "title": incident.title}
    else:
        words = _("Severity %(severity)s: %(reference)s, %(title)s") % {
            "severity": incident.severity, "reference": incident.reference, "title": incident.title,
        }  # fmt: skip
    return (_drill(incident) + " ".join(words.split()))[:LONGEST_SUBJECT]


def _drill(incident: Incident) -> str:
    return f"[{_('DRILL')}] " if incident.kind == IncidentKind.DRILL else ""


def _title(incident: Incident) -> str:
    return _("“%(title)s” (%(brand)s).") % {"title": incident.title, "brand": incident.brand.name}


def _first_line(alert: Alert, *, is_contact: bool) -> str:
    incident = alert.incident
    if incident.is_restricted:
        return _("%(reference)s needs you.") % {"reference": incident.reference}
    if alert.matter == Matter.PROPOSED:
        return _("Rempart proposes an incident and nobody has taken it: %(title)s") % {"title": _title(incident)}
    if alert.matter == Matter.OPENED:
        return _("A tool opened an incident and nobody has taken it: %(title)s") % {"title": _title(incident)}
    if is_contact:
        return _("Your agency has opened an incident: %(title)s") % {"title": _title(incident)}
    return _("An incident needs you: %(title)s") % {"title": _title(incident)}
