"""Playbooks: the room where they are kept true, the pages that edit them, the starter set copied in one act."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.access import here, staff_of
from agency.admin.base import HouseInline, HouseModelAdmin
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can, can
from clients.choices import Duty
from clients.models import Playbook, PlaybookStep, PlaybookVersion
from clients.playbook_starters import STARTERS
from clients.selectors import playbooks as read
from clients.services import playbooks
from incidents.admin.page import shown
from incidents.choices import CrisisFamily, IncidentType
from incidents.selectors.tasks import criterion_words

client_site.add_section(pgettext_lazy("room", "Playbooks"), "playbooks", Can.READ_DESK, in_peace=True)

SEVERITIES = [(level, str(level)) for level in (1, 2, 3, 4)]
STATE_WORDS = {
    read.FRESH: ("is-done", gettext_lazy("up to date")),
    read.SOON: ("is-warning", gettext_lazy("to review soon")),
    read.STALE: ("is-stop", gettext_lazy("to review: nobody has looked at it in time")),
    read.NOBODYS: ("is-stop", gettext_lazy("nobody keeps it true")),
}


def _several(label: Any, choices: list[tuple[Any, Any]], coerce: Any = str) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, coerce=coerce, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: not asked."),
    )  # fmt: skip


class PlaybookForm(forms.ModelForm):
    types = _several(gettext_lazy("Types of incident"), list(IncidentType.choices))
    families = _several(gettext_lazy("Crisis families"), list(CrisisFamily.choices))
    severities = _several(gettext_lazy("Severities"), SEVERITIES, int)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)  # the version that the page showed

    class Meta:
        model = Playbook
        fields = (
            "code", "title", "purpose", "types", "families", "severities", "owner", "review_on", "is_active",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Refuses to write over a version that the page did not show; sent once more, it is knowingly done."""
        given = super().clean() or {}
        last = (
            Playbook.objects.select_for_update().filter(pk=self.instance.pk).values_list("version", flat=True).first()
        )
        if last and given.get("seen") is not None and given["seen"] != last:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seen"] = str(last)  # type: ignore[index]
            address = reverse("client_admin:playbook", args=[self.instance.pk])
            said = _("Version %(number)d was made meanwhile: read it in another window, then save yours over it.")
            link = format_html('<a href="{}?version={}" target="_blank">{}</a>', address, last, said % {"number": last})
            raise forms.ValidationError(link, code="crossed")
        return given


class StepInline(HouseInline):
    model = PlaybookStep
    fields = ("place", "words", "how", "duty", "due_minutes")
    ordering = ("place", "id")
    change_with = add_with = delete_with = Can.EDIT_CLIENT

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "how":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 40})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Playbook, site=client_site)
class PlaybookAdmin(HouseModelAdmin):
    """Its steps stand in their order; saving what changed makes a version. Set out of force, never deleted."""

    change_with = add_with = Can.EDIT_CLIENT
    form = PlaybookForm
    inlines = (StepInline,)
    list_display = ("code", "title", "owner", "review_on", "version", "is_active")
    list_display_links = ("code", "title")
    list_filter = ("is_active",)
    list_select_related = ("owner",)
    search_fields = ("code", "title", "purpose")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            kwargs["queryset"] = staff_of(here())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = form.instance.version
        kept = playbooks.keep_version(playbook=form.instance, by=person_of(request), now=clock.now())
        if kept.number != before:
            words = _("Version %(number)d. Incidents under way keep the version they follow.")
            self.message_user(request, words % {"number": kept.number})


@require_GET
def playbook_list(request: HttpRequest) -> HttpResponse:
    """Every playbook, whether it is kept true, and when it is called for."""
    today = timezone.localdate()
    rows = [_row(one, today) for one in read.listed()]
    there = {one["playbook"].copied_from for one in rows}
    return shown(
        request, "playbooks", _("Playbooks"),
        rows=rows, stale=sum(one["is_stale"] for one in rows),
        missing=[one.title["en" if here().language == "en" else "fr"] for one in STARTERS if one.code not in there],
        may_edit=can(request.user, client_of(request), Can.EDIT_CLIENT),
    )  # fmt: skip


def _row(playbook: Playbook, today: date) -> dict[str, Any]:
    state = read.freshness(playbook, today)
    css, words = STATE_WORDS[state]
    return {
        "playbook": playbook,
        "css": css,
        "state": words,
        "is_stale": playbook.is_active and state in {read.STALE, read.NOBODYS},
        "called_for": called_for(playbook.types, playbook.families, playbook.severities),
    }


def called_for(types: list[str], families: list[str], severities: list[int]) -> str:
    """When it is called for, in words; "" when it names nothing and is only taken by hand."""
    named = (("type", types), ("family", families), ("severity", severities))
    parts = [_(" or ").join(criterion_words(name, value) for value in values) for name, values in named if values]
    return " + ".join(parts)


@require_GET
def playbook_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A playbook as one of its versions says it: the last, or `?version=3`."""
    playbook = get_object_or_404(Playbook.objects.select_related("owner"), pk=pk)
    versions = list(PlaybookVersion.objects.filter(playbook=playbook).select_related("by").order_by("-number"))
    wanted = whole_number(request.GET.get("version", "")) or playbook.version
    version = next((one for one in versions if one.number == wanted), versions[0] if versions else None)
    told = version.content if version else read.content(playbook)
    duties = dict(Duty.choices)
    return shown(
        request, "playbook", str(playbook),
        **_row(playbook, timezone.localdate()), versions=versions, version=version, told=told,
        is_last=version is None or version.number == playbook.version,
        steps=[{**one, "who": duties.get(one["duty"], one["duty"])} for one in told["steps"]],  # type: ignore[call-overload]
        may_edit=can(request.user, client_of(request), Can.EDIT_CLIENT),
    )  # fmt: skip


@require_POST
@needs(Can.EDIT_CLIENT)
def copy_starters(request: HttpRequest) -> HttpResponse:
    copied = playbooks.copy_starters(by=person_of(request), now=clock.now())
    words = ngettext("%(count)d playbook copied.", "%(count)d playbooks copied.", len(copied))
    said = words % {"count": len(copied)} + " " + _("They are yours: read them again, and change what does not fit.")
    messages.success(request, said if copied else _("The starter set was there already."))
    return redirect(reverse("client_admin:playbooks"))


@require_POST
@needs(Can.EDIT_CLIENT)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = get_object_or_404(Playbook, pk=pk)
    playbooks.review(playbook=playbook, by=person_of(request), now=clock.now())
    messages.success(request, _("Read again: next review in six months."))
    return redirect(reverse("client_admin:playbook", args=[pk]))


for route, view, name in (
    ("fiches/", playbook_list, "playbooks"),
    ("fiches/copier/", copy_starters, "playbooks_copy"),
    ("fiches/<int:pk>/", playbook_page, "playbook"),
    ("fiches/<int:pk>/relue/", review, "playbook_review"),
):
    client_site.mount(route, view, name)
