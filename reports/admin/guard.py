"""Who may act on a report's page, and how a refusal is shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from incidents.services.refusals import Refused
from reports.models import Report


def report_or_404(pk: int) -> Report:
    return get_object_or_404(Report.objects.select_related("incident__brand", "published_by", "edited_by"), pk=pk)


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
