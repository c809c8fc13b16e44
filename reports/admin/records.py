"""The stock list of reports: looked up here, never changed."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from agency.admin.base import HouseModelAdmin
from agency.admin.guard import person_of
from agency.admin.sites import client_site
from reports.models import Report
from reports.selectors import reports


@admin.register(Report, site=client_site)
class ReportAdmin(HouseModelAdmin):
    """The list for looking up; a report itself has its own page."""

    list_display = ("incident", "version", "state", "title", "drafted_at", "published_at", "published_by")
    list_filter = ("state",)
    search_fields = ("title", "incident__title")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return reports.listed(person_of(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect(reverse("client_admin:report", args=[found.pk]))
