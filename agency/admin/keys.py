"""API keys: made through the service, shown once, revoked."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.admin.base import HouseModelAdmin
from agency.admin.confirm import ask_then_do
from agency.admin.sites import agency_site
from agency.choices import Scope
from agency.models import ApiKey, Client
from agency.roles import Can
from agency.services import keys


class MakeKeyForm(forms.ModelForm):
    client = forms.ModelChoiceField(Client.objects.filter(is_active=True), label=gettext_lazy("Client"))
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("What it may do")
    )
    days = forms.IntegerField(min_value=1, max_value=730, initial=365, label=gettext_lazy("Good for (days)"))

    class Meta:
        model = ApiKey
        fields = ("client", "name", "scopes")


@admin.register(ApiKey, site=agency_site)
class ApiKeyAdmin(HouseModelAdmin):
    view_with = add_with = Can.MANAGE_KEYS
    list_display = ("name", "client", "prefix", "what", "created_by", "last_used_at", "expires_at", "revoked_at")
    list_select_related = ("client", "created_by")
    list_filter = ("client",)
    search_fields = ("name", "prefix")
    fields = (
        "client",
        "name",
        "prefix",
        "what",
        "created_by",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    actions = ["revoke"]

    @admin.display(description=gettext_lazy("what it may do"))
    def what(self, key: ApiKey) -> str:
        return ", ".join(str(Scope(one).label) for one in key.scopes)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, Can.MANAGE_KEYS)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return () if obj is None else self.fields

    def get_form(self, request: HttpRequest, obj: ApiKey | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = MakeKeyForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> Any:
        return ("client", "name", "scopes", "days") if obj is None else self.fields

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        made, secret = keys.make(
            client=obj.client,
            name=obj.name,
            scopes=form.cleaned_data["scopes"],
            by=request.user,  # type: ignore[arg-type]
            now=clock.now(),
            lifetime=timedelta(days=form.cleaned_data["days"]),
        )
        obj.__dict__.update(made.__dict__)
        obj.secret = secret  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The service has written it."""

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """The key itself, this once; it goes through no session, no message and no address."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new key, shown this once"),
            "key": obj,
            "secret": obj.secret,  # type: ignore[attr-defined]
            "opts": self.opts,
        }
        return TemplateResponse(request, "agency/key_made.html", context, headers={"Cache-Control": "no-store"})

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="revoke",
            question=_("Revoke"),
            consequence=_("What uses these keys will be refused at once, for ever."),
            done=_("Revoked."),
            act=lambda row: keys.revoke(key=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )
