"""Milestones and metrics: the kinds that a client measures its incidents by, named its own way."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from agency.admin.base import HouseModelAdmin
from agency.admin.sites import client_site
from agency.roles import Can
from incidents.models import MetricKind, MilestoneKind


class KindAdmin(HouseModelAdmin):
    """What came with the house is renamed or switched off; its code is what the machine says, and it stays."""

    change_with = add_with = delete_with = Can.EDIT_CLIENT
    list_filter = ("is_active",)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not getattr(obj, "is_built_in", False) and super().has_delete_permission(request, obj)


@admin.register(MilestoneKind, site=client_site)
class MilestoneKindAdmin(KindAdmin):
    list_display = ("words", "words_en", "code", "place", "is_active")
    fields = (("words", "words_en"), ("code", "place"), "is_active")


@admin.register(MetricKind, site=client_site)
class MetricKindAdmin(KindAdmin):
    """What goes from which milestone to which, of those that came with the house, stays too."""

    list_display = ("words", "from_kind", "to_kind", "target_1", "target_2", "target_3", "target_4", "is_active")
    list_select_related = ("from_kind", "to_kind")
    fields = (
        ("words", "words_en"),
        ("code", "place"),
        ("from_kind", "to_kind"),
        ("target_1", "target_2", "target_3", "target_4"),
        "is_active",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        if isinstance(obj, MetricKind) and obj.is_built_in:
            return ("code", "from_kind", "to_kind")
        return super().get_readonly_fields(request, obj)
