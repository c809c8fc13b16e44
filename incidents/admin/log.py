"""Writing in the log: one line, read for its moment and its kind, shown as understood before and after it is sent."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.numbers import whole_number
from agency.roles import Can
from incidents.admin.forms import LogForm
from incidents.admin.guard import incident_or_404, page_of
from incidents.admin.page import laid_out, shown
from incidents.choices import EntryKind
from incidents.models import Incident, Picture, TimelineEntry
from incidents.services import timeline
from incidents.services.refusals import Refused


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Adds a line. When it is refused the page comes back with what was typed: nothing is lost."""
    subject = incident_or_404(request, number)
    if request.method == "GET":  # a refused line left this address in the browser: reloading it shows the incident
        return redirect(page_of(subject))
    form = LogForm(request.POST, request.FILES, zone=ZoneInfo(client_of(request).timezone))
    struck = request.POST.get("corrects", "")
    corrects = TimelineEntry.objects.filter(incident=subject, number=whole_number(struck) or 0).first()
    if struck and corrects is None:
        form.add_error(None, _("The line to correct belongs to another log."))
    if form.is_valid() and _written(request, subject, form, corrects):
        return redirect(page_of(subject) + "#log")
    if request.FILES:  # a browser gives no file back: the line is kept, the picture has to be put in again
        form.add_error("picture", _("Put the picture in again: it was not kept with the line."))
    context = {**laid_out(request, subject), "log_form": form, "corrects": corrects}
    response = shown(request, "incident", subject.reference, etag="", **context)
    response.status_code = 422
    return response


@require_GET
@needs(Can.RUN_INCIDENT)
def understood(request: HttpRequest, number: int) -> HttpResponse:
    """How a line would be read, while it is typed: a piece of page, empty when nothing is to be said of it."""
    incident_or_404(request, number)
    form = LogForm(request.GET, zone=ZoneInfo(client_of(request).timezone))
    form.full_clean()
    context: dict[str, object] = {"said": _said(form), "errors": form.errors.get("text", [])}
    return render(request, "incidents/_understood.html", context)


@require_GET
def picture(request: HttpRequest, number: int, line: int) -> HttpResponse:
    """The picture of a line, byte for byte as it was sealed, and nothing that a browser could run."""
    shown = get_object_or_404(Picture, entry__incident=incident_or_404(request, number), entry__number=line)
    try:
        with shown.file.open("rb") as file:
            answer = HttpResponse(file.read(), content_type=shown.media_type)
    except FileNotFoundError as error:
        raise Http404 from error  # `verify_log` says which one
    name = f"INC-{number:04d}-{line}.{shown.media_type.partition('/')[2]}"
    answer["Content-Disposition"] = content_disposition_header("fichier" in request.GET, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _written(request: HttpRequest, subject: Incident, form: LogForm, corrects: TimelineEntry | None) -> bool:
    """Whether the line was written; the form then says why not."""
    given = form.cleaned_data
    try:
        timeline.log(
            incident=subject,
            kind=given["kind"],
            text=given["text"],
            happened_at=given["happened"] or (corrects.happened_at if corrects else clock.now()),
            by=person_of(request),
            now=clock.now(),
            corrects=corrects,
            token=given["token"],
            picture=given["picture"],
        )
    except Refused as refusal:
        form.add_error(None, refusal.words)
        return False
    said = _said(form)
    if said:
        messages.success(request, _("Understood: %(said)s. The line can be corrected.") % {"said": said})
    return True


def _said(form: LogForm) -> str:
    """What the line itself said, in words: "yesterday 23:10, decision"; empty when it only said what happened."""
    line = form.line
    parts = [form.day_and_hour(line.happened_at)] if line.happened_at else []
    return ", ".join([*parts, *([str(EntryKind(line.kind).label).lower()] if line.kind else [])])
