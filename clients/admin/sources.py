"""Sources: where we listen, and how each one is."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agency import clock, outgoing
from agency.admin.base import HouseModelAdmin
from agency.admin.sites import client_site
from agency.roles import Can
from agency.templatetags.rempart import day_short, hm
from clients.choices import SourceKind
from clients.models import Source
from clients.selectors import sources
from clients.services import sources as listening
from clients.tasks import listen_soon

client_site.add_section(_("Sources"), "clients_source_changelist", Can.READ_DESK)

HEALTH_WORDS = {
    "ok": (_("Listening"), "is-done"),
    "waiting": (_("First reading to come"), ""),
    "failing": (_("Does not answer"), "is-warning"),
    "silent": (_("Silent: no reading for too long"), "is-stop"),
    "stopped": (_("Stopped"), "is-stop"),
    "passive": (_("Filled from outside"), ""),
}


class SourceForm(forms.ModelForm):
    """A feed's address is tried before it is kept: the answer is said, good or bad."""

    url = forms.URLField(label=capfirst(_("address")), required=False, max_length=2_000, assume_scheme="https")
    keep_anyway = forms.BooleanField(
        label=_("Keep it even if it does not answer now"),
        required=False,
        initial=False,
        help_text=_("It will be tried again."),
    )

    class Meta:
        model = Source
        fields = ("name", "url", "every_seconds", "is_active")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        url = cleaned.get("url", "")
        kind = self.instance.kind or SourceKind.FEED
        self.found: listening.Trial | None = None
        if kind == SourceKind.FEED and not url and "url" not in self.errors:
            self.add_error("url", _("A feed needs its address."))
        elif kind == SourceKind.FEED and url and (not self.instance.pk or "url" in self.changed_data):
            self.found = listening.try_address(
                url=url, settings=self.instance.settings, http=outgoing.door(), now=clock.now()
            )
            if self.found.words and not cleaned.get("keep_anyway"):
                self.add_error("url", self.found.words.say(get_language() or "fr"))
        return cleaned


@admin.register(Source, site=client_site)
class SourceAdmin(HouseModelAdmin):
    change_with = add_with = Can.EDIT_CLIENT
    form = SourceForm
    list_display = ("name", "kind", "health", "why", "last_success", "every_seconds", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "url")
    fields = ("name", "url", "keep_anyway", "every_seconds", "is_active")
    readonly_fields = ("health", "why", "last_success", "due_at")
    actions = ("read_now",)

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        return [*self.fields, *self.readonly_fields] if obj else self.fields

    @admin.display(description=_("health"))
    def health(self, obj: Source) -> SafeString:
        words, look = HEALTH_WORDS[sources.health(obj, clock.now()).state]
        return format_html('<span class="tag {}">{}</span>', look, words)

    @admin.display(description=_("why"))
    def why(self, obj: Source) -> str:
        return sources.health(obj, clock.now()).words(get_language() or "fr") or "–"

    @admin.display(description=_("last success"), ordering="last_success_at")
    def last_success(self, obj: Source) -> str:
        return f"{day_short(obj.last_success_at)} {hm(obj.last_success_at)}" if obj.last_success_at else "–"

    @admin.action(description=_("Read now"), permissions=["change"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        brought_forward = [source for source in queryset if listening.read_now(source=source, now=clock.now())]
        listen_soon()
        count = len(brought_forward)
        words = ngettext("%(count)d source is being read.", "%(count)d sources are being read.", count) % {
            "count": count
        }
        self.message_user(request, words, messages.INFO if brought_forward else messages.WARNING)

    def save_model(self, request: HttpRequest, obj: Source, form: SourceForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or {"url", "is_active", "every_seconds"} & set(form.changed_data):
            listening.begin_again(source=obj, now=clock.now())
        if form.found and form.found.count is not None:
            words = ngettext(
                "The address answers: %(count)d entry today.",
                "The address answers: %(count)d entries today.",
                form.found.count,
            )
            self.message_user(
                request, words % {"count": form.found.count} + (f" « {form.found.first} »" if form.found.first else "")
            )
        elif form.found and form.found.words:
            self.message_user(
                request, gettext("Kept although it does not answer: it will be tried again."), messages.WARNING
            )
