"""Milestones and metrics: on the page of an incident, and the kinds that a client names its own way."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.base import HouseModelAdmin
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from incidents import log_line
from incidents.admin.guard import done, errors_as_message, incident_or_404, page_of, refused
from incidents.models import Incident, MetricKind, MilestoneKind
from incidents.selectors.milestones import told
from incidents.services import milestones
from incidents.services.refusals import Refused


class MilestoneForm(forms.Form):
    """Which milestone, when it was, and why it is moved."""

    prefix = "milestone"

    kind = forms.ModelChoiceField(label=gettext_lazy("Milestone"), queryset=MilestoneKind.objects.none())
    at = forms.CharField(
        label=gettext_lazy("It was reached at"),
        max_length=40,
        help_text=gettext_lazy("21:42, yesterday 23:10, or 12/11 14:00."),
        error_messages={"required": gettext_lazy("Say when it was.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=milestones.LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("Needed for one that has its moment already."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["kind"].queryset = MilestoneKind.objects.filter(is_active=True)  # type: ignore[attr-defined]

    def clean_at(self) -> datetime:
        try:
            found = log_line.moment(self.cleaned_data["at"].strip(), now=clock.now(), zone=self.zone)
        except log_line.NotYet as error:
            words = _("This has not happened yet: check the time.")
            raise forms.ValidationError(words, code="in_the_future") from error
        if found is None:
            raise forms.ValidationError(_("Write a moment such as 21:42, or yesterday 23:10."), code="not_a_moment")
        return found


def part(request: HttpRequest, incident: Incident) -> dict[str, Any]:
    """What the incident's page shows of its milestones."""
    client = client_of(request)
    return {
        "measured": told(incident),
        "milestone_form": MilestoneForm(zone=ZoneInfo(client.timezone)),
        "may_edit_kinds": can(request.user, client, Can.EDIT_CLIENT),
    }


@require_POST
@needs(Can.RUN_INCIDENT)
def move(request: HttpRequest, number: int) -> HttpResponse:
    """A person says when a milestone was reached."""
    subject = incident_or_404(request, number)
    form = MilestoneForm(request.POST, zone=ZoneInfo(client_of(request).timezone))
    if not form.is_valid():
        errors_as_message(request, form)
        return redirect(page_of(subject) + "#milestones")
    given, now = form.cleaned_data, clock.now()
    try:
        milestones.move(
            incident=subject, kind=given["kind"], at=given["at"], reason=given["reason"], by=person_of(request), now=now
        )
    except Refused as refusal:
        return refused(request, subject, refusal)
    return redirect(f"{done(request, subject, _('Set, and written in the log.'))['Location']}#milestones")


client_site.mount("incidents/<int:number>/jalons/", move, "milestone_move")


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
