"""Where we are, on one page: bottom line first, and when the next one comes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from agency.access import here, zone_here
from agency.models import User
from clients.choices import ReportVersion
from clients.models import Contact
from incidents import executive
from incidents.bulletin import Bulletin, Language, NotReady
from incidents.choices import EntryKind, IncidentKind, IncidentState
from incidents.models import Composing, Incident, LateUpdate, SituationReport
from incidents.selectors.composing import waiting_for_the_client
from incidents.services import announcements, briefings, milestones, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


@transaction.atomic
def issue(
    *,
    incident: Incident,
    bottom_line: str,
    expected: str,
    done: str,
    do_not: str,
    figures: Sequence[tuple[str, str, str]],
    next_at: datetime | None,
    is_last: bool,
    contacts: Sequence[Contact],
    by: User,
    now: datetime,
    token: UUID | None = None,
    after: int | None = None,
) -> SituationReport:
    """Freezes the report, writes it in the log and queues it to the contacts (none: only kept on the page).

    `figures` are (label, value, habit). `token` comes from the page: sent twice with it, the report is issued once and
    the first is returned. `after` is the number of the last report that the writer has read (0: none).
    Raises Refused: not_open, overtaken, no_bottom_line, no_next, next_is_past, too_long, contradiction, still_open.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    sent = token and SituationReport.objects.filter(incident=locked, token=token).first()
    if sent:
        return sent
    _check(locked, bottom_line, next_at, is_last, now)
    report = SituationReport.objects.create(
        incident=locked,
        number=_number_after(locked, after),
        severity=locked.severity or 4,  # an open incident always has one (database constraint)
        bottom_line=bottom_line.strip(),
        expected=expected.strip(),
        figures=[list(figure) for figure in figures],
        done=done.strip(),
        do_not=do_not.strip(),
        issued_at=now,
        next_at=None if is_last else next_at,
        is_last=is_last,
        by=by,
        token=token,
    )
    _check_it_may_leave(report)
    milestones.reach(incident=locked, code="briefed", at=now, by=by)
    _announce(locked, report)
    _send(report, contacts, by, now)
    announcements.announce_report(report=report)
    return report


def _number_after(incident: Incident, after: int | None) -> int:
    """The number of the next report. Whoever has not read the last one is refused; their words stay on their page."""
    last = incident.situation_reports.select_related("by").order_by("-number").first()
    if after is None or last is None or last.number <= after:
        return last.number + 1 if last else 1
    words = _("%(name)s issued no. %(number)d at %(hour)s while you were writing. Read it, then issue yours.")
    hour = f"{timezone.localtime(last.issued_at):%H:%M}"
    raise Refused("overtaken", words % {"name": last.by, "number": last.number, "hour": hour})


def _send(report: SituationReport, contacts: Sequence[Contact], by: User, now: datetime) -> None:
    if contacts:
        messages = [_message(report, contact) for contact in contacts]
        briefings.tell(incident=report.incident, messages=messages, by=by, now=now, situation_report=report)


def _message(report: SituationReport, contact: Contact) -> briefings.Message:
    """Whole or in three lines, its frame in the contact's language; the words of whoever wrote it as they stand."""
    written, language = as_bulletin(report), _named(contact.language)
    is_executive = contact.wants == ReportVersion.EXECUTIVE
    subject, body = executive.email(written, language) if is_executive else written.email(language)
    return briefings.Message(contact, subject, body, contact.wants)


def _announce(incident: Incident, report: SituationReport) -> None:
    """The incident's page and log say that the report is out, and when the next one comes."""
    Incident.objects.filter(pk=incident.pk).update(next_update_at=report.next_at, summary=report.bottom_line)
    LateUpdate.objects.filter(incident=incident).delete()
    Composing.objects.filter(incident=incident, person=report.by).delete()
    timeline.log(
        incident=incident,
        kind=EntryKind.MESSAGE,
        text=in_the_clients_words(
            gettext_noop("Situation report no. %(number)d issued."),
            number=report.number,
        ),
        happened_at=report.issued_at,
        by=report.by,
        now=report.issued_at,
    )


def still_open(incident: Incident) -> tuple[str, ...]:
    """What waits for the client, in the client's words: a report may not say beside it that there is nothing to do."""
    with translation.override(here().language):
        return tuple(one.words for one in waiting_for_the_client(incident))


def as_bulletin(report: SituationReport, still_open: tuple[str, ...] = ()) -> Bulletin:
    """The report as the pure bulletin that words the outputs; what waits for the client only counts as it leaves."""
    return Bulletin(
        ref=report.incident.reference,
        severity=report.severity,
        number=report.number,
        issued_at=report.issued_at,
        next_at=report.next_at,
        bottom_line=report.bottom_line,
        expected=report.expected,
        figures=tuple((label, value, habit) for label, value, habit in report.figures),
        done=report.done,
        do_not=report.do_not,
        ended=report.is_last,
        qualification=report.incident.qualification,  # type: ignore[arg-type]  # the column holds these values only
        drill=report.incident.kind == IncidentKind.DRILL,
        still_open=still_open,
        zone=zone_here(),
    )


def outputs(report: SituationReport) -> list[tuple[str, str]]:
    """(where it goes, text) of the four outputs and the three lines, in the client's language."""
    return outputs_of(as_bulletin(report))


def outputs_of(written: Bulletin) -> list[tuple[str, str]]:
    """The same of a report that is not issued yet. Raises NotReady with all that keeps it from leaving."""
    language = _language()
    subject, body = written.email(language)
    return [
        ("plain", written.plain(language)),
        ("email", f"{subject}\n\n{body}"),
        ("slack", written.slack(language)),
        ("whatsapp", written.whatsapp(language)),
        ("executive", "\n".join(executive.in_three_lines(written, language))),
    ]


def _language() -> Language:
    return _named(here().language)


def _named(language: str) -> Language:
    return "en" if language == "en" else "fr"


def _check_it_may_leave(report: SituationReport) -> None:
    """A report that cannot go out, in the languages of those who receive it, is refused before it is frozen."""
    written = as_bulletin(report, still_open=still_open(report.incident))
    try:
        for language in ("fr", "en"):
            written.check(language)
    except NotReady as error:
        raise Refused(error.problems[0].code, " ".join(error.words(_named(get_language() or "fr")))) from error


def _check(
    incident: Incident,
    bottom_line: str,
    next_at: datetime | None,
    is_last: bool,
    now: datetime,
) -> None:
    if incident.state != IncidentState.OPEN:
        raise Refused("not_open", _("A situation report is issued on an open incident."))
    if not bottom_line.strip():
        raise Refused("no_bottom_line", _("The first line says where we are: write it."))
    if is_last:
        return
    if next_at is None:
        raise Refused("no_next", _("Say when the next update comes."))
    if next_at <= now:
        raise Refused("next_is_past", _("The next update is announced for a time already past."))
