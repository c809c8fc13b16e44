"""The agency's clients: opened through the service, deactivated after a confirmation, never deleted."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock, zones
from agency.admin.base import HouseInline, HouseModelAdmin
from agency.admin.confirm import ask_then_do
from agency.admin.people import MembershipInline
from agency.admin.sites import agency_site
from agency.models import Client, Domain
from agency.roles import Can
from agency.services import clients


class ClientForm(forms.ModelForm):
    """A client's facts; its time zone is one of the list."""

    timezone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=lambda: [(name, name) for name in zones.names()],
        initial=settings.TIME_ZONE,
        help_text=gettext_lazy(
            "Hours on the client’s pages, in its mails, situation reports and reports are shown and typed there."
            " The rota keeps the agency’s."
        ),
    )


class OpenClientForm(ClientForm):
    """What it takes to open the house to a client; every refusal of the service is said on its field."""

    host = forms.CharField(
        label=gettext_lazy("Host"),
        required=False,
        max_length=253,
        help_text=gettext_lazy("Empty: the schema’s name, with - for _, under the house’s own name."),
    )

    class Meta:
        model = Client
        fields = ("name", "schema_name", "language", "country", "timezone")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "schema_name" in cleaned:
            try:
                cleaned["host"] = clients.check_names(schema_name=cleaned["schema_name"], host=cleaned.get("host", ""))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class DomainInline(HouseInline):
    model = Domain
    fields = readonly_fields = ("host", "is_first")
    view_with = Can.MANAGE_CLIENTS
    verbose_name_plural = gettext_lazy("hosts")

    @admin.display(description=gettext_lazy("host"))
    def host(self, domain: Domain) -> str:
        return str(domain.domain)

    @admin.display(description=gettext_lazy("main one"), boolean=True)
    def is_first(self, domain: Domain) -> bool:
        return bool(domain.is_primary)


@admin.register(Client, site=agency_site)
class ClientAdmin(HouseModelAdmin):
    view_with = change_with = add_with = Can.MANAGE_CLIENTS
    list_display = ("name", "hosts", "language", "people", "is_active", "created_at")
    list_filter = ("is_active",)
    search_fields = ("name", "schema_name", "domains__domain")
    fields = (
        "name", "schema_name", "language", "country", "timezone", "care_hours", "care_hours_a_day", "is_active",
        "created_at",
    )  # fmt: skip
    readonly_fields = ("schema_name", "is_active", "created_at")
    inlines = [DomainInline, MembershipInline]
    actions = ["deactivate", "reactivate"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        staff = Count("memberships", filter=Q(memberships__user__is_active=True), distinct=True)
        return super().get_queryset(request).annotate(people_count=staff).prefetch_related("domains")

    @admin.display(description=gettext_lazy("hosts"))
    def hosts(self, client: Client) -> str:
        return ", ".join(sorted(domain.domain for domain in client.domains.all()))

    @admin.display(description=gettext_lazy("people"))
    def people(self, client: Client) -> int:
        return client.people_count  # type: ignore[attr-defined]

    def get_form(self, request: HttpRequest, obj: Client | None = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = OpenClientForm if obj is None else ClientForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        return ("name", "schema_name", "language", "country", "timezone", "host") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        return () if obj is None else self.readonly_fields

    def get_inlines(self, request: HttpRequest, obj: Client | None) -> Any:
        return [] if obj is None else self.inlines

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["name", "language", "country", "timezone", "care_hours", "care_hours_a_day"])
            return
        made = clients.open_client(
            schema_name=obj.schema_name,
            name=obj.name,
            language=obj.language,
            country=obj.country,
            timezone=obj.timezone,
            host=form.cleaned_data["host"],
            by=request.user,  # type: ignore[arg-type]
            now=clock.now(),
        )
        obj.__dict__.update(made.__dict__)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if issubclass(formset.model, Domain):
            formset.save(commit=False)  # hosts are shown, not changed; the trail asks what became of them
            return
        MembershipInline.save(request, formset)

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Client]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="deactivate",
            question=_("Deactivate"),
            consequence=_(
                "Their hosts will answer 404 at once, nothing will be listened to and their keys will stop."
                " Nothing is deleted."
            ),
            done=_("Deactivated."),
            act=lambda row: clients.deactivate(client=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )

    @admin.action(description=gettext_lazy("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[Client]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="reactivate",
            question=_("Reactivate"),
            consequence=_("Their hosts, listening and keys will work again, with everything as it was."),
            done=_("Reactivated."),
            act=lambda row: clients.reactivate(client=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )
