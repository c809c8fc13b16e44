"""Brands and what is listened for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agency.admin.base import HouseModelAdmin
from agency.admin.sites import client_site
from agency.roles import Can
from clients.admin.ladder_forms import ContactForm
from clients.admin.words import LanguagesField, WordsField
from clients.listening.matching import terms
from clients.models import Brand, Contact, Watch
from clients.selectors.watches import wanted_of
from clients.services import watches
from clients.tasks import rematch_watch, wake

client_site.add_section(_("Watches"), "clients_watch_changelist", Can.EDIT_CLIENT, in_peace=True)

WORDS = ("include", "handles", "hashtags", "required", "exclude", "languages", "ignored_authors")
CATCHES_SHOWN = 6
RULES = {"brand", "is_active", *WORDS}


@admin.register(Brand, site=client_site)
class BrandAdmin(HouseModelAdmin):
    change_with = add_with = Can.EDIT_CLIENT
    list_display = ("name", "handles")
    search_fields = ("name",)
    fields = ("name", "handles", "notes")
    formfield_overrides = {ArrayField: {"form_class": WordsField}}


@admin.register(Watch, site=client_site)
class WatchAdmin(HouseModelAdmin):
    change_with = add_with = Can.EDIT_CLIENT
    list_display = ("name", "brand", "catches", "false_alarms_per_month", "is_active", "tester")
    list_filter = ("is_active", "brand")
    list_select_related = ("brand",)
    search_fields = ("name", "brand__name")
    fields = ("brand", "name", *WORDS, "false_alarms_per_month", "is_active")
    formfield_overrides = {ArrayField: {"form_class": WordsField}}

    @admin.display(description=_("catches"))
    def catches(self, watch: Watch) -> str:
        """The first things looked for, as they are written."""
        found = [term.as_written for term in terms(wanted_of(watch))]
        return ", ".join(found[:CATCHES_SHOWN]) + ("…" if len(found) > CATCHES_SHOWN else "") or str(_("every mention"))

    @admin.display(description=_("trial"))
    def tester(self, watch: Watch) -> str:
        address = f"{reverse('client_admin:watch_test')}?requete={watch.pk}"
        return format_html('<a href="{}">{}</a>', address, _("Try it"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "languages":
            return db_field.formfield(form_class=LanguagesField)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """Words that come from the tester stand in the boxes, to be looked at and saved."""
        if request.method == "GET":
            form = context["adminform"].form
            form.initial.update({name: request.GET[name] for name in WORDS if name in request.GET})
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request: HttpRequest, obj: Watch, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or RULES & set(form.changed_data):
            watches.match_again(watch=obj)
            transaction.on_commit(lambda: wake(rematch_watch, watch_id=obj.pk))
            self.message_user(request, _("The mentions of the last 400 days are being matched with these words."))


@admin.register(Contact, site=client_site)
class ContactAdmin(HouseModelAdmin):
    change_with = add_with = Can.EDIT_CLIENT
    form = ContactForm
    list_display = ("rank", "name", "position", "email", "phone", "language", "wants", "is_active")
    list_display_links = ("name",)
    list_filter = ("is_active",)
    search_fields = ("name", "email", "position")

    def get_form(self, request: HttpRequest, obj: Contact | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "email" in form.base_fields:
            form.base_fields["email"].help_text = _("Briefings go to this address.")
        return form
