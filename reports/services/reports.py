"""The life of a report: drafted by the machine, worded by a person, signed by another, replaced by a newer version."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.roles import Can, can
from agency.services import audit
from clients.webhook_events import in_utc
from incidents import two_writers
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.services import announcements, timeline
from incidents.services.refusals import Crossed, Refused
from reports.choices import ReportState
from reports.discretion import accounts_named
from reports.documents.as_json import fingerprint, from_json, to_json
from reports.documents.content import Change, ReportContent
from reports.models import Report
from reports.selectors import follow_ups, reports, stories
from reports.services import drafting

LONGEST_TITLE, LONGEST_LINE, LONGEST_DECISION = 200, 800, 300
MOST_SENTENCES = 4
log = logging.getLogger("rempart.reports")


def draft_due(*, now: datetime) -> list[Report]:
    """Drafts a report for every closed incident that lacks one, and anew those whose outlooks were judged since.

    Drafts take in what the follow-ups say now. One that breaks does not stop the others.
    """
    drafted = []
    overtaken = (report.incident for report in reports.overtaken().select_related("incident"))
    for incident in (*reports.without_report(), *overtaken):
        try:
            drafted.append(draft(incident=incident, now=now))
        except Exception:  # the next tick tries again: the others must not wait for it
            log.exception("The report of %s in %s could not be drafted.", incident.reference, here())
    for pk in follow_ups.behind():
        try:
            take_follow_ups(report=pk)
        except Exception:  # as above
            log.exception("The follow-ups of the report %s in %s could not be put in.", pk, here())
    return drafted


@transaction.atomic
def take_follow_ups(*, report: int) -> bool:
    """What changes, as the follow-ups say it now, in the draft of that key; False when it is no draft any more.

    What a person wrote in that part stays: the follow-ups are then proposed to them, not put in.
    """
    locked = Report.objects.select_for_update(of=("self",)).select_related("incident").get(pk=report)
    if locked.state != ReportState.DRAFT:
        return False
    is_ours = _says_what_was_put_in(locked)
    locked.drafted = {**locked.drafted, "changes": follow_ups.written(follow_ups.in_a_report(locked.incident))}
    if is_ours:
        locked.changes = locked.drafted["changes"]
    locked.content = to_json(_worded(locked))
    locked.save(update_fields=["drafted", "changes", "content"])
    return True


@transaction.atomic
def draft(*, incident: Incident, now: datetime) -> Report:
    """The machine's draft for a closed incident. A draft not yet published is written anew, a person's words kept.

    Raises Refused (not_closed).
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.CLOSED:
        raise Refused("not_closed", _("A report is drafted once the incident is closed."))
    # Held while it is drafted anew: what a person saves meanwhile waits, and is not written over.
    last = Report.objects.select_for_update(of=("self",)).filter(incident=locked).order_by("-version").first()
    if last is not None and last.state == ReportState.DRAFT:
        return _draft_again(last, now)
    return _new_draft(locked, (last.version if last else 0) + 1, now)


@transaction.atomic
def new_version(*, report: Report, by: User, now: datetime) -> Report:
    """A draft of the next version: the facts of today under the words of the version in force.

    Raises Refused (not_allowed, not_closed, draft_waiting, not_published).
    """
    _check_may(by, Can.WRITE_REPORT, _("A community manager of this client writes its reports."))
    incident = Incident.objects.select_for_update().get(pk=report.incident_id)
    if incident.state != IncidentState.CLOSED:
        raise Refused("not_closed", _("A report is drafted once the incident is closed."))
    newest = Report.objects.filter(incident=incident).order_by("-version")[0]
    if newest.state == ReportState.DRAFT:
        raise Refused(
            "draft_waiting", _("A draft of version %(number)d is waiting already.") % {"number": newest.version}
        )
    made = _new_draft(incident, newest.version + 1, now)
    made.title, made.bottom_line = newest.title, newest.bottom_line
    made.decision_asked, made.edited_by = newest.decision_asked, by
    if not _says_what_was_put_in(newest):
        made.changes = newest.changes
    made.content = to_json(_worded(made))
    made.save()
    return made


@transaction.atomic
def edit(
    *,
    report: Report,
    title: str,
    bottom_line: str,
    decision_asked: str,
    changes: Sequence[Change],
    by: User,
    now: datetime,
    seen: str | None = None,
) -> Report:
    """A person's words on a draft; what the machine wrote stays in `drafted`. `bottom_line` has one sentence a line.

    `seen`: the marks that the page carried (`two_writers.marks` of `texts_of`); what others, or the machine, wrote
    meanwhile in parts that this person left stays. None writes over whatever is there. Raises Refused (not_allowed,
    published, no_title, no_bottom_line, too_many_lines, too_long, names_an_account) and Crossed.
    """
    _check_may(by, Can.WRITE_REPORT, _("A community manager of this client writes its reports."))
    locked = _draft_or_refuse(report)
    typed = [{"what": one.what.strip(), "who": one.who.strip(), "before": one.before.isoformat()} for one in changes]
    texts = {"title": title, "bottom_line": bottom_line, "decision_asked": decision_asked, "changes": in_lines(typed)}
    if seen is not None:
        texts = _together(locked, texts, seen)
    locked.title = " ".join(texts["title"].split())
    locked.bottom_line = "\n".join(_lines(texts["bottom_line"]))
    locked.decision_asked = " ".join(texts["decision_asked"].split())
    if texts["changes"] == in_lines(typed):
        locked.changes = typed
    _check_words(locked)
    locked.edited_by = by
    locked.content = to_json(_worded(locked))
    locked.save()
    audit.note(
        action="report.edited", by=by, now=now, client=here(), subject=Report._meta.label_lower, subject_id=locked.pk
    )
    return locked


@transaction.atomic
def publish(*, report: Report, by: User, now: datetime) -> Report:
    """Signs a draft: it is frozen with its hash, it replaces the version in force, and the client reads it.

    Raises Refused (not_allowed, published, reopened, restricted, and those of the words as `edit`).
    """
    _check_may(by, Can.PUBLISH_REPORT, _("A lead or a director publishes a report."))
    timeline.held(report.incident)  # nobody restricts it, nor opens it again, while its report leaves
    locked = _draft_or_refuse(report)
    if locked.incident.state != IncidentState.CLOSED:
        raise Refused("reopened", _("The incident was opened again: close it before publishing its report."))
    if locked.incident.is_restricted:
        raise Refused("restricted", _("The incident is restricted: open it up before its report leaves the house."))
    _check_words(locked)
    signed = replace(_worded(locked), signed_by=by.full_name, generated_at=now)
    locked.content, locked.content_hash = to_json(signed), fingerprint(signed)
    locked.state, locked.published_at, locked.published_by = ReportState.PUBLISHED, now, by
    older = Report.objects.filter(incident=locked.incident_id, state=ReportState.PUBLISHED)
    older.update(state=ReportState.REPLACED)
    locked.save()
    audit.note(
        action="report.published",
        by=by,
        now=now,
        client=here(),
        subject=Report._meta.label_lower,
        subject_id=locked.pk,
        detail={"reference": locked.incident.reference, "version": locked.version, "hash": locked.content_hash},
    )
    _tell_the_clients_tools(locked, now)
    return locked


def _tell_the_clients_tools(report: Report, now: datetime) -> None:
    """That it is out, in the order of what happened to its incident; what it says is read over the API."""
    facts = {
        "report": report.pk,
        "version": report.version,
        "title": report.title,
        "language": report.language,
        "published_at": in_utc(now),
        "sha256": report.content_hash,
        "api": f"/api/v1/reports/{report.pk}",
    }
    announcements.tell(incident=report.incident, kind="report.published", facts=facts, now=now)


def texts_of(report: Report) -> dict[str, str]:
    """What a person words of it, by the name of its parts."""
    return {
        "title": report.title,
        "bottom_line": report.bottom_line,
        "decision_asked": report.decision_asked,
        "changes": in_lines(report.changes),
    }


def in_lines(changes: Sequence[Mapping[str, str]]) -> str:
    """What changes, one line each."""
    return "\n".join(f"{one['what']} · {one['who']} · {one['before']}" for one in changes)


def _together(report: Report, texts: dict[str, str], seen: str) -> dict[str, str]:
    met = two_writers.meet(texts_of(report), texts, seen)
    if met.crossed:
        raise Crossed(met.texts, met.crossed, _("Somebody else wrote here meanwhile: nothing of either is lost."))
    return met.texts


def content_of(report: Report) -> ReportContent:
    """The report as it stands: a draft's present words, or what was signed."""
    return from_json(report.content)


def is_whole(report: Report) -> bool:
    """Whether a published report still has the hash under which it was signed."""
    return fingerprint(from_json(report.content)) == report.content_hash


def _new_draft(incident: Incident, version: int, now: datetime) -> Report:
    content = _drafted(incident, version, now)
    made = Report(incident=incident, version=version, drafted_at=now)
    _take_machine_words(made, content)
    made.content = made.drafted
    made.save()
    return made


def _draft_again(report: Report, now: datetime) -> Report:
    content, is_ours = _drafted(report.incident, report.version, now), _says_what_was_put_in(report)
    if report.edited_by_id:
        report.drafted, report.language = to_json(content), content.language
        report.changes = report.drafted["changes"] if is_ours else report.changes
    else:
        _take_machine_words(report, content)
    report.drafted_at = now
    report.content = to_json(_worded(report))
    report.save()
    return report


def _take_machine_words(report: Report, content: ReportContent) -> None:
    report.language = content.language
    report.title = content.title[:LONGEST_TITLE]
    report.bottom_line = "\n".join(content.bottom_line)
    report.decision_asked = content.decision_asked
    report.drafted = to_json(content)
    report.changes = report.drafted["changes"]


def _drafted(incident: Incident, version: int, now: datetime) -> ReportContent:
    """What the machine says of the incident, with what changes as its follow-ups say it."""
    content = drafting.content_of(incident=incident, version=version, now=now)
    return replace(content, changes=follow_ups.in_a_report(incident))


def _says_what_was_put_in(report: Report) -> bool:
    """Whether nobody wrote in what changes since the machine put the follow-ups in."""
    return report.changes == report.drafted.get("changes", [])


def _worded(report: Report) -> ReportContent:
    """The facts that the machine drafted under the words that the report has now."""
    return replace(
        from_json(report.drafted),
        title=report.title,
        bottom_line=tuple(_lines(report.bottom_line)),
        decision_asked=report.decision_asked,
        changes=tuple(
            Change(one["what"], one["who"], datetime.fromisoformat(one["before"]).date()) for one in report.changes
        ),
        version=report.version,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _draft_or_refuse(report: Report) -> Report:
    locked = Report.objects.select_for_update(of=("self",)).select_related("incident__brand").get(pk=report.pk)
    if locked.state != ReportState.DRAFT:
        raise Refused("published", _("A published report no longer changes: make a new version."))
    return locked


def _check_may(by: User, permission: Can, words: str) -> None:
    if not can(by, here(), permission):
        raise Refused("not_allowed", words)


def _check_words(report: Report) -> None:
    lines = _lines(report.bottom_line)
    if not report.title:
        raise Refused("no_title", _("The title is the finding: write it."))
    if not lines:
        raise Refused("no_bottom_line", _("The bottom line is empty: write one to four sentences."))
    if len(lines) > MOST_SENTENCES:
        raise Refused("too_many_lines", _("The bottom line has four lines at most, one sentence each."))
    lengths = (
        (report.title, LONGEST_TITLE),
        (report.bottom_line, LONGEST_LINE),
        (report.decision_asked, LONGEST_DECISION),
    )
    for text, longest in lengths:
        if len(text) > longest:
            raise Refused(
                "too_long", _("This text is too long by %(count)d characters.") % {"count": len(text) - longest}
            )
    _check_nobody_is_named(report)


def _check_nobody_is_named(report: Report) -> None:
    """The guard against outing: no account in what a person wrote, the brand's own excepted."""
    changes = " ".join(f"{one['what']} {one['who']}" for one in report.changes)
    written = f"{report.title}\n{report.bottom_line}\n{report.decision_asked}\n{changes}"
    named = accounts_named(written, stories.own_accounts(report.incident))
    if named:
        raise Refused(
            "names_an_account", _("A report names no account: take %(names)s out.") % {"names": ", ".join(named)}
        )
