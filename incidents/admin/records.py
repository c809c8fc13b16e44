"""The stock, read-only pages: what was written under fire is looked up here, never changed."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agency.admin.base import HouseModelAdmin
from agency.admin.guard import person_of
from agency.admin.sites import client_site
from agency.templatetags.rempart import day_short, decimal, hm
from incidents.detection import outlook_words
from incidents.models import Briefing, Incident, Outlook, Signal, SituationReport, TimelineEntry
from incidents.selectors import outlooks
from incidents.selectors.gate import seen_by


class BehindTheGate(HouseModelAdmin):
    """Rows of incidents: those of one that the person may not know of are not there, nor is the incident."""

    path_to_incident: ClassVar[str] = "incident__"
    may_stand_alone: ClassVar[bool] = False  # a row that no incident was made of is everybody's

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        seen = seen_by(person_of(request), self.path_to_incident)
        if self.may_stand_alone:
            seen |= Q(**{f"{self.path_to_incident}isnull": True})
        return super().get_queryset(request).filter(seen)


@admin.register(Signal, site=client_site)
class SignalAdmin(BehindTheGate):
    may_stand_alone = True
    list_display = (
        "watch",
        "detected_at",
        "observed",
        "usual",
        "window_minutes",
        "state",
    )
    list_filter = ("state", "watch")
    list_select_related = ("watch__brand",)

    @admin.display(description=_("habit"), ordering="expected")
    def usual(self, signal: Signal) -> str:
        return decimal(signal.expected)


@admin.register(Incident, site=client_site)
class IncidentAdmin(BehindTheGate):
    """The list for looking up; an incident itself has its own page."""

    path_to_incident = ""

    list_display = (
        "reference",
        "title",
        "state",
        "qualification",
        "severity",
        "lead",
        "started_at",
    )
    list_filter = ("state", "type", "family", "qualification", "severity", "kind")
    list_select_related = ("lead",)
    search_fields = ("title", "summary")

    @admin.display(description=_("reference"), ordering="number")
    def reference(self, incident: Incident) -> str:
        return incident.reference

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect(reverse("client_admin:incident", args=[found.number]))


@admin.register(TimelineEntry, site=client_site)
class TimelineEntryAdmin(BehindTheGate):
    list_display = (
        "incident",
        "number",
        "kind",
        "text",
        "happened_at",
        "logged_at",
        "by",
    )
    list_filter = ("kind",)
    list_select_related = ("incident", "by")
    search_fields = ("text",)


@admin.register(SituationReport, site=client_site)
class SituationReportAdmin(BehindTheGate):
    list_display = ("incident", "number", "severity", "issued_at", "next_at", "by")
    list_select_related = ("incident", "by")


@admin.register(Briefing, site=client_site)
class BriefingAdmin(BehindTheGate):
    list_display = (
        "incident",
        "contact",
        "email",
        "state",
        "sent_at",
        "attempts",
        "error",
    )
    list_filter = ("state",)
    list_select_related = ("incident", "contact")


@admin.register(Outlook, site=client_site)
class OutlookAdmin(BehindTheGate):
    """What was foreseen, held against what happened; the head of the list says how often the range held."""

    list_display = ("incident", "made", "phase", "expected", "came", "was_inside")
    list_filter = ("was_inside", "phase")
    list_select_related = ("incident",)
    ordering = ("-made_at", "-id")
    exclude = ("told",)

    @admin.display(description=_("foreseen at"), ordering="made_at")
    def made(self, outlook: Outlook) -> str:
        return _moment(outlook.made_at)

    @admin.display(description=_("return to normal expected"), ordering="returns_until")
    def expected(self, outlook: Outlook) -> str:
        if outlook.returns_from is None or outlook.returns_until is None:
            return ""
        return f"{_moment(outlook.returns_from)} – {_moment(outlook.returns_until)}"

    @admin.display(description=_("came back at"), ordering="returned_at")
    def came(self, outlook: Outlook) -> str:
        return _moment(outlook.returned_at) if outlook.returned_at else ""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        record = outlook_words.record(*outlooks.record())
        return super().changelist_view(request, {"record": record, **(extra_context or {})})


def _moment(at: datetime) -> str:
    return f"{day_short(at)} {hm(at)}"
