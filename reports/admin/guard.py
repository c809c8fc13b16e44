"""Who may act on a report's page, and how a refusal is shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agency.admin.guard import person_of
from incidents.selectors.gate import seen_by
from incidents.services.refusals import Refused
from reports.models import Report


def report_or_404(request: HttpRequest, pk: int) -> Report:
    """The only door to a report's pages; that of an incident which the person may not know of is not there."""
    every = Report.objects.select_related("incident__brand", "published_by", "edited_by")
    return get_object_or_404(every.filter(seen_by(person_of(request), "incident__")), pk=pk)


def page_of(report: Report) -> str:
    return reverse("client_admin:report", args=[report.pk])


def done(request: HttpRequest, report: Report, words: str) -> HttpResponse:
    """Back to the report's page, with what was done said."""
    messages.success(request, words)
    return redirect(page_of(report))


def refused(request: HttpRequest, report: Report, refusal: Refused) -> HttpResponse:
    """Back to the report's page, with why not."""
    messages.error(request, refusal.words)
    return redirect(page_of(report))
