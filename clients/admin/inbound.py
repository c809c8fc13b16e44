"""Addresses to which tools post: opened, shown once, replaced, closed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.hosts import client_url
from agency.roles import Can
from clients.admin.guard import shown
from clients.models import Source
from clients.selectors import inbound as addresses
from clients.services import inbound


class AddressForm(forms.Form):
    """A suite that pushes, or a tool that can only post: one of the two."""

    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("A new one"),
        help_text=gettext_lazy("A listening suite that pushes besides being read; what it says twice is kept once."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the new source"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("For a tool that can only post: Zapier, Make, an internal script."),
    )
    signing_secret = forms.CharField(
        label=gettext_lazy("Signing secret"),
        required=False,
        max_length=300,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Only if the tool signs what it posts. Unsigned messages are then refused."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = addresses.sources()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("source")) == bool(cleaned.get("name")):
            self.add_error("name", _("Choose a source, or name a new one."))
        return cleaned


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CLIENT)
def inbound_list(request: HttpRequest) -> HttpResponse:
    """The addresses that are open, and a new one."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            source = given["source"] or inbound.source_for(name=given["name"])
            return _opened(request, source, given["signing_secret"])
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if form.is_bound else 200
    return shown(
        request, "inbound", _("Addresses for tools"), form=form, addresses=addresses.addresses(), status=status
    )


@require_POST
@needs(Can.EDIT_CLIENT)
def inbound_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new address for the source; the old one, if any, opens nothing any more."""
    source = get_object_or_404(addresses.sources(), pk=pk)
    return _opened(request, source, "")


@require_POST
@needs(Can.EDIT_CLIENT)
def inbound_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The source's address opens nothing any more."""
    address = get_object_or_404(addresses.addresses(), source_id=pk)
    inbound.close_address(address=address, client=client_of(request), by=person_of(request), now=clock.now())
    messages.success(request, _("The address is closed: what is posted to it is refused. What came by it stays."))
    return redirect("client_admin:inbound")


def _opened(request: HttpRequest, source: Source, signing_secret: str) -> HttpResponse:
    client = client_of(request)
    _address, secret = inbound.open_address(
        source=source, client=client, by=person_of(request), now=clock.now(), signing_secret=signing_secret
    )
    whole = client_url(request, client, reverse("api_inbound", args=[secret]))
    return shown(request, "inbound_made", str(source), source=source, address=whole)


for route, view, name in (
    ("ecoute/adresses/", inbound_list, "inbound"),
    ("ecoute/adresses/<int:pk>/renouveler/", inbound_renew, "inbound_renew"),
    ("ecoute/adresses/<int:pk>/fermer/", inbound_close, "inbound_close"),
):
    client_site.mount(route, view, name)
