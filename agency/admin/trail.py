"""The audit trail: read, filtered, never changed."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from agency.admin.base import HouseModelAdmin
from agency.admin.sites import agency_site
from agency.models import AuditEvent
from agency.roles import Can
from agency.trail import ACTIONS, words_of, words_of_subject


class ActionFilter(admin.SimpleListFilter):
    """By the act itself; the words come from a table, not from a walk through the whole trail."""

    title = gettext_lazy("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:
        return list(ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() in ACTIONS else queryset


@admin.register(AuditEvent, site=agency_site)
class TrailAdmin(HouseModelAdmin):
    view_with = Can.READ_TRAIL
    list_display = ("happened_at", "user", "what", "client", "about", "subject_id", "address")
    list_select_related = ("user", "client")
    list_filter = (ActionFilter, "client", "happened_at")
    search_fields = ("user__full_name", "user__email", "=subject_id", "action")
    search_help_text = gettext_lazy("A person, the number of an object, or an action.")
    fields = readonly_fields = ("happened_at", "user", "client", "what", "about", "subject_id", "detail", "address")

    @admin.display(description=gettext_lazy("action"), ordering="action")
    def what(self, event: AuditEvent) -> str:
        return words_of(event.action)

    @admin.display(description=gettext_lazy("subject"), ordering="subject")
    def about(self, event: AuditEvent) -> str:
        return words_of_subject(event.subject)
