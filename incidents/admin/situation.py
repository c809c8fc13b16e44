"""The situation report's composer, and an issued report in its four outputs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.roles import Can
from incidents.admin import forms
from incidents.admin.guard import done, incident_or_404, tried
from incidents.admin.page import shown
from incidents.models import SituationReport
from incidents.selectors import incidents as read
from incidents.services import situation_reports


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def compose(request: HttpRequest, number: int) -> HttpResponse:
    """Written on one screen; the figures come from the reading, each with its habit."""
    subject = incident_or_404(request, number)
    with translation.override(client_of(request).language):
        figures = read.bulletin_figures(subject, clock.now())
    form = forms.SituationForm(request.POST or None, initial={"bottom_line": subject.summary})
    report = tried(
        form,
        lambda: situation_reports.issue(
            incident=subject,
            bottom_line=form.cleaned_data["bottom_line"],
            expected=form.cleaned_data["expected"],
            done=form.cleaned_data["done"],
            do_not=form.cleaned_data["do_not"],
            figures=figures,
            next_at=form.cleaned_data["next_hour"],
            is_last=form.cleaned_data["is_last"],
            contacts=list(form.cleaned_data["contacts"]),
            by=person_of(request),
            now=clock.now(),
        ),
    )
    if report:
        return done(
            request,
            subject,
            _("Situation report no. %(number)d issued.") % {"number": report.number},
        )
    return shown(
        request,
        "compose",
        _("Situation report"),
        form=form,
        incident=subject,
        figures=figures,
        gesture=_("Issue"),
    )


@require_GET
def situation_report(request: HttpRequest, number: int, report_number: int) -> HttpResponse:
    """An issued report, ready to copy: plain, e-mail, Slack, WhatsApp."""
    report = get_object_or_404(
        SituationReport.objects.select_related("incident", "by"),
        incident__number=number,
        number=report_number,
    )
    outputs = situation_reports.outputs(report)
    title = f"{report.incident.reference} · {report.number}"
    return shown(
        request,
        "situation_report",
        title,
        report=report,
        incident=report.incident,
        outputs=outputs,
    )
