"""An issued situation report in its outputs, and who received it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.guard import client_of
from agency.roles import Can, can
from incidents.admin.guard import incident_or_404
from incidents.admin.page import shown
from incidents.models import SituationReport
from incidents.selectors import told
from incidents.services import situation_reports


@require_GET
def situation_report(request: HttpRequest, number: int, report_number: int) -> HttpResponse:
    """An issued report, ready to copy in each of its outputs; who received it, who has read it."""
    subject = incident_or_404(request, number)
    report = get_object_or_404(
        SituationReport.objects.select_related("incident", "by"), incident=subject, number=report_number
    )
    people = told.who_was_told(subject, clock.now(), report=report)
    return shown(
        request,
        "situation_report",
        f"{subject.reference} · {report.number}",
        report=report,
        incident=subject,
        outputs=situation_reports.outputs(report),
        people_told=people,
        unread=sum(bool(one.last.unread_for) for one in people),
        may_run=can(request.user, client_of(request), Can.RUN_INCIDENT),
    )
