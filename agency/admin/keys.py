"""API keys: made through the service, shown once, rotated, revoked; and the addresses of calendars made with them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
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
from agency.models import ApiKey, Client, RotaFeed
from agency.roles import Can
from agency.services import feeds, keys


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
        "rotated_at",
        "previous_until",
        "previous_used_at",
        "revoked_at",
    )
    actions = ["rotate", "rotate_at_once", "revoke"]

    @admin.display(description=gettext_lazy("what it may do"))
    def what(self, key: ApiKey) -> str:
        return " · ".join(str(Scope(one).label) for one in key.scopes)  # a label may hold a comma

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
        return self._shown_once(request, obj, obj.secret)  # type: ignore[attr-defined]

    def _shown_once(self, request: HttpRequest, key: ApiKey, secret: str) -> HttpResponse:
        """The key itself, this once; it goes through no session, no message and no address."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new key, shown this once"),
            "key": key,
            "secret": secret,
            "opts": self.opts,
        }
        return TemplateResponse(request, "agency/key_made.html", context, headers={"Cache-Control": "no-store"})

    @admin.action(description=gettext_lazy("New key, the old one opens for 7 more days"), permissions=["revoke"])
    def rotate(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        words = _("The new key is shown once. The old one opens for 7 more days: what uses it has that long to change.")
        return self._rotated(request, queryset, "rotate", words, timedelta(days=7))

    @admin.action(description=gettext_lazy("New key, the old one opens nothing any more"), permissions=["revoke"])
    def rotate_at_once(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> HttpResponse | None:
        words = _(
            "The new key is shown once. What uses the old one is refused at once, and the calendar addresses made with "
            "it show nothing any more: for a key that has leaked."
        )
        return self._rotated(request, queryset, "rotate_at_once", words, timedelta())

    def _rotated(
        self, request: HttpRequest, queryset: QuerySet[ApiKey], action: str, consequence: str, overlap: timedelta
    ) -> HttpResponse | None:
        """Asked twice, for one key at a time: each new one is shown once."""
        row = queryset.first()
        if row is None or queryset.count() > 1:
            self.message_user(request, _("Choose one key: its new words are shown this once."), messages.ERROR)
            return None
        made: list[str] = []

        def act(key: ApiKey) -> None:
            made.append(keys.rotate(key=key, by=request.user, now=clock.now(), overlap=overlap)[1])  # type: ignore[arg-type]

        asked = ask_then_do(
            self, request, queryset, action=action, question=_("Make a new key"), consequence=consequence,
            done=_("The key has new words."), act=act,
        )  # fmt: skip
        if not made:
            return asked
        row.refresh_from_db()
        return self._shown_once(request, row, made[0])

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


@admin.register(RotaFeed, site=agency_site)
class RotaFeedAdmin(HouseModelAdmin):
    view_with = Can.MANAGE_KEYS
    list_display = ("name", "client", "key", "made_by", "made_at", "last_used_at", "revoked_at")
    list_select_related = ("client", "key", "made_by")
    list_filter = ("client",)
    search_fields = ("name",)
    fields = ("name", "client", "key", "made_by", "made_at", "last_used_at", "revoked_at")
    actions = ["take_back"]

    def has_take_back_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, Can.MANAGE_KEYS)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["take_back"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[RotaFeed]) -> HttpResponse | None:
        return ask_then_do(
            self,
            request,
            queryset,
            action="take_back",
            question=_("Revoke"),
            consequence=_("The calendars that read these addresses no longer show the rota."),
            done=_("Revoked."),
            act=lambda row: feeds.revoke(feed=row, by=request.user, now=clock.now()),  # type: ignore[arg-type]
        )
