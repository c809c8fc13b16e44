"""The staff's reports room, mounted in the client's admin site. Each act is one line around a service."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from incidents.services.refusals import Crossed, Refused
from incidents.two_writers import marks
from reports.admin.forms import WORDS, ChangeRows, WordsForm, changes_in, rows_of, words_of
from reports.admin.guard import done, refused, report_or_404
from reports.choices import ReportState
from reports.documents.pdf import render as render_pdf
from reports.documents.sheet import sheet
from reports.models import Report
from reports.selectors import reports as read
from reports.services import readings, reports


def _shown(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    base = {**client_site.each_context(request), "title": title, "now": clock.now()}
    return render(request, f"reports/{template}.html", {**base, **context})


@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for a person, then what was published."""
    every = list(read.listed(person_of(request))[:200])
    drafts = [report for report in every if report.state == ReportState.DRAFT]
    rest = [report for report in every if report.state != ReportState.DRAFT]
    return _shown(request, "room", _("Reports"), drafts=drafts, published=rest)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft to word, or a published version with who read it."""
    subject = report_or_404(request, pk)
    if subject.state != ReportState.DRAFT:
        return _published(request, subject)
    if request.method == "POST":
        return _save(request, pk=pk)
    return _draft(request, subject, WordsForm(initial=words_of(subject)), ChangeRows(initial=rows_of(subject)))


@needs(Can.WRITE_REPORT)
def _save(request: HttpRequest, pk: int) -> HttpResponse:
    subject = report_or_404(request, pk)
    words, rows = WordsForm(request.POST), ChangeRows(request.POST)
    if words.is_valid() and rows.is_valid():
        try:
            reports.edit(
                report=subject,
                title=words.cleaned_data["title"],
                bottom_line=words.cleaned_data["bottom_line"],
                decision_asked=words.cleaned_data["decision_asked"],
                changes=changes_in(rows),
                by=person_of(request),
                now=clock.now(),
                seen=words.cleaned_data["seen"],
            )
            return done(request, subject, _("The draft is saved."))
        except Crossed as clash:
            return _crossed(request, report_or_404(request, pk), rows, clash)
        except Refused as refusal:
            words.add_error(None, refusal.words)
    response = _draft(request, subject, words, rows)
    response.status_code = 422
    return response


def _crossed(request: HttpRequest, subject: Report, rows: Any, clash: Crossed) -> HttpResponse:
    """Both texts side by side, this person's in the form: nothing was kept, nothing is lost."""
    theirs = reports.texts_of(subject)
    words = WordsForm({**{name: clash.texts[name] for name in WORDS}, "seen": marks(theirs)})
    if clash.texts["changes"] == theirs["changes"]:
        rows = ChangeRows(initial=subject.changes)
    labels = {name: words[name].label for name in WORDS} | {"changes": _("What we change")}
    told = {
        "words": clash.words,
        "rows": [(labels[name], theirs[name], clash.texts[name]) for name in clash.names],
        "by": subject.edited_by,
        "take": request.path,
    }
    answer = _draft(request, subject, words, rows, clash=told)
    answer.status_code = 409
    return answer


def _draft(
    request: HttpRequest, subject: Report, words: WordsForm, rows: Any, clash: Mapping[str, Any] | None = None
) -> HttpResponse:
    return _shown(
        request,
        "draft",
        subject.incident.reference,
        report=subject,
        form=words,
        rows=rows,
        machine=subject.drafted,
        clash=clash,
        may_write=can(request.user, client_of(request), Can.WRITE_REPORT),
        may_publish=can(request.user, client_of(request), Can.PUBLISH_REPORT),
    )


def _published(request: HttpRequest, subject: Report) -> HttpResponse:
    return _shown(
        request,
        "published",
        subject.title,
        report=subject,
        sheet=sheet(reports.content_of(subject)),
        in_force=read.in_force(subject),
        is_whole=reports.is_whole(subject),
        readers=readings.readers_of(subject),
        may_write=can(request.user, client_of(request), Can.WRITE_REPORT),
    )


@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as the client will read it, before anybody signs."""
    subject = report_or_404(request, pk)
    return _shown(request, "preview", subject.title, report=subject, sheet=sheet(reports.content_of(subject)))


@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    subject = report_or_404(request, pk)
    answer = HttpResponse(render_pdf(reports.content_of(subject)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{subject.file_name}.pdf"'
    return answer


@require_GET
def json(request: HttpRequest, pk: int) -> HttpResponse:
    subject = report_or_404(request, pk)
    answer = JsonResponse(subject.content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{subject.file_name}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@needs(Can.PUBLISH_REPORT)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """It leaves the house: what happens is said first, and one button does it."""
    subject = report_or_404(request, pk)
    if request.method == "POST":
        try:
            reports.publish(report=subject, by=person_of(request), now=clock.now())
        except Refused as refusal:
            return refused(request, subject, refusal)
        return done(request, subject, _("Published. The client reads it from now on."))
    if subject.state != ReportState.DRAFT:
        return refused(request, subject, Refused("published", _("This version is published already.")))
    return _shown(
        request,
        "publish",
        _("Publish the report"),
        report=subject,
        readers=read.people_who_will_read(client_of(request)),
    )


@require_POST
@needs(Can.WRITE_REPORT)
def new_version(request: HttpRequest, pk: int) -> HttpResponse:
    subject = report_or_404(request, pk)
    try:
        made = reports.new_version(report=subject, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, made, _("Version %(number)d is a draft.") % {"number": made.version})
