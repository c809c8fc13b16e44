"""Positions: what the brand says, and whether it may be said today."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.admin.base import HouseModelAdmin
from agency.admin.guard import person_of
from agency.admin.sites import client_site
from agency.roles import Can
from clients.models import Position
from clients.selectors import positions as states
from clients.services import positions

client_site.add_section(_("Positions"), "clients_position_changelist", Can.READ_DESK)

STATE_WORDS = {
    states.VALID: _("Valid"),
    states.TO_REVIEW: _("To review"),
    states.EXPIRED: _("Expired"),
    states.NOT_YET: _("Not yet"),
}
STATE_CLASS = {states.VALID: "is-done", states.TO_REVIEW: "is-warning", states.EXPIRED: "is-stop", states.NOT_YET: ""}
WHAT_IS_SAID = {"short_text", "long_text", "kind", "brand"}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(STATE_WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Position]) -> QuerySet[Position]:
        state = self.value()
        return states.in_state(queryset, state, timezone.localdate()) if state in STATE_WORDS else queryset


@admin.register(Position, site=client_site)
class PositionAdmin(HouseModelAdmin):
    change_with = add_with = Can.EDIT_CLIENT
    list_display = ("code", "title", "kind", "brand", "state", "valid_until", "approved_by")
    list_display_links = ("code", "title")
    list_filter = (StateFilter, "kind", "brand", "language")
    list_select_related = ("brand", "approved_by")
    search_fields = ("code", "title", "short_text")
    fields = (
        ("brand", "code"), "title", ("kind", "language"), "short_text", "long_text", ("valid_from", "valid_until"),
        "approved_by", "approved_at",
    )  # fmt: skip
    readonly_fields = ("approved_by", "approved_at")
    actions = ("approve",)

    @admin.display(description=_("state"))
    def state(self, obj: Position) -> SafeString:
        state = states.state_of(obj, timezone.localdate())
        return format_html('<span class="tag {}">{}</span>', STATE_CLASS[state], STATE_WORDS[state])

    @admin.action(description=_("Approve: they may be used from now on"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Position]) -> None:
        by = person_of(request)
        for position in queryset:
            try:
                positions.approve(position=position, by=by, today=timezone.localdate(), now=clock.now())
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
            else:
                self.message_user(request, gettext("%(position)s is approved.") % {"position": position})

    def save_model(self, request: HttpRequest, obj: Position, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and obj.approved_at and WHAT_IS_SAID & set(form.changed_data):
            positions.withdraw_approval(position=obj)
            self.message_user(request, _("Its text changed: it has to be approved again."), messages.WARNING)
