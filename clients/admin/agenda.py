"""The client's calendar, the hours in which somebody answers for it, and the accounts that it knows."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from agency.admin.base import HouseModelAdmin
from agency.admin.sites import client_site
from agency.roles import Can
from clients.models import AgendaEntry, KnownAccount, StaffedHours

client_site.add_section(_("Agenda"), "clients_agendaentry_changelist", Can.EDIT_CLIENT, in_peace=True)


@admin.register(AgendaEntry, site=client_site)
class AgendaEntryAdmin(HouseModelAdmin):
    change_with = add_with = delete_with = Can.EDIT_CLIENT
    list_display = ("title", "brand", "starts_at", "ends_at", "silences")
    list_filter = ("silences", "brand")
    list_select_related = ("brand",)
    search_fields = ("title",)
    fields = ("title", "brand", ("starts_at", "ends_at"), "silences")


@admin.register(StaffedHours, site=client_site)
class StaffedHoursAdmin(HouseModelAdmin):
    change_with = add_with = delete_with = Can.EDIT_CLIENT
    list_display = ("weekday", "opens_at", "closes_at")
    fields = ("weekday", ("opens_at", "closes_at"))


@admin.register(KnownAccount, site=client_site)
class KnownAccountAdmin(HouseModelAdmin):
    change_with = add_with = delete_with = Can.EDIT_CLIENT
    list_display = ("handle", "network", "name", "party", "whom_to_warn")
    list_filter = ("party",)
    search_fields = ("handle", "name", "whom_to_warn")
    fields = (("handle", "network"), "name", "party", "whom_to_warn")
