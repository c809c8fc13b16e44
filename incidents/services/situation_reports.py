"""Where we are, on one page: bottom line first, and when the next one comes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from clients.models import Contact
from incidents.bulletin import Bulletin, NotReady
from incidents.choices import EntryKind, IncidentKind, IncidentState
from incidents.models import Incident, SituationReport
from incidents.services import briefings, milestones, timeline
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
) -> SituationReport:
    """Freezes the report, writes it in the log and queues it to the contacts (none: only kept on the page).

    `figures` are (label, value, habit). Raises Refused: not_open, no_bottom_line, no_next, next_is_past, too_long.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    _check(locked, bottom_line, next_at, is_last, now)
    report = SituationReport.objects.create(
        incident=locked,
        number=locked.situation_reports.count() + 1,
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
    )
    subject, body = _written(report)
    milestones.reach(incident=locked, code="briefed", at=now, by=by)
    _announce(locked, report)
    if contacts:
        briefings.brief(
            incident=locked,
            contacts=contacts,
            subject=subject,
            body=body,
            by=by,
            now=now,
            situation_report=report,
        )
    return report


def _announce(incident: Incident, report: SituationReport) -> None:
    """The incident's page and log say that the report is out, and when the next one comes."""
    Incident.objects.filter(pk=incident.pk).update(next_update_at=report.next_at, summary=report.bottom_line)
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


def as_bulletin(report: SituationReport) -> Bulletin:
    """The report as the pure bulletin that words the four outputs."""
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
    )


def outputs(report: SituationReport) -> list[tuple[str, str]]:
    """(where it goes, text) of the four outputs, in the client's language."""
    language = _language()
    written = as_bulletin(report)
    subject, body = written.email(language)
    return [
        ("plain", written.plain(language)),
        ("email", f"{subject}\n\n{body}"),
        ("slack", written.slack(language)),
        ("whatsapp", written.whatsapp(language)),
    ]


def _language() -> Literal["fr", "en"]:
    return "en" if here().language == "en" else "fr"


def _written(report: SituationReport) -> tuple[str, str]:
    """Subject and body in the client's language; a report that cannot go out is refused before it is frozen."""
    try:
        return as_bulletin(report).email(_language())
    except NotReady as error:
        asked_in: Literal["fr", "en"] = "en" if get_language() == "en" else "fr"
        raise Refused(error.problems[0].code, " ".join(error.words(asked_in))) from error


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
