"""Brands and what is listened for."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agency.admin.base import HouseModelAdmin
from agency.admin.sites import client_site
from agency.roles import Can
from clients.admin.words import WordsField
from clients.models import Brand, Contact, Watch
from clients.services import watches
from clients.tasks import rematch_watch, wake

client_site.add_section(_("Watches"), "clients_watch_changelist", Can.EDIT_CLIENT)

RULES = {"brand", "include", "exclude", "ignored_authors", "is_active"}


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
    list_display = ("name", "brand", "include", "exclude", "false_alarms_per_month", "is_active")
    list_filter = ("is_active", "brand")
    list_select_related = ("brand",)
    search_fields = ("name", "brand__name")
    fields = ("brand", "name", "include", "exclude", "ignored_authors", "false_alarms_per_month", "is_active")
    formfield_overrides = {ArrayField: {"form_class": WordsField}}

    def save_model(self, request: HttpRequest, obj: Watch, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or RULES & set(form.changed_data):
            watches.match_again(watch=obj)
            transaction.on_commit(lambda: wake(rematch_watch, watch_id=obj.pk))
            self.message_user(request, _("The mentions of the last 400 days are being matched with these words."))


@admin.register(Contact, site=client_site)
class ContactAdmin(HouseModelAdmin):
    change_with = add_with = Can.EDIT_CLIENT
    list_display = ("rank", "name", "position", "email", "phone", "language", "is_active")
    list_display_links = ("name",)
    list_filter = ("is_active",)
    search_fields = ("name", "email", "position")

    def get_form(self, request: HttpRequest, obj: Contact | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "email" in form.base_fields:
            form.base_fields["email"].help_text = _("Briefings go to this address.")
        return form
