"""How often a situation report is owed, severity by severity: read by the team, changed by a lead, from now on."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from clients.selectors import cadences as read
from clients.services import cadences


class CadenceForm(forms.Form):
    """Minutes between two reports at each severity; empty is at every change."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pace in read.in_force(clock.now()):
            self.fields[f"severity_{pace.severity}"] = forms.IntegerField(
                label=_("Severity %(level)d") % {"level": pace.severity},
                required=False,
                initial=pace.minutes,
                min_value=read.LEAST,
                max_value=read.MOST,
                help_text=gettext_lazy("Minutes between two reports. Empty: at every change."),
            )

    def minutes(self) -> dict[int, int | None]:
        """What was given for each severity, once valid."""
        return {severity: self.cleaned_data[f"severity_{severity}"] for severity in read.HOUSE}


@require_http_methods(["GET", "POST"])
@needs(Can.READ_DESK)
def cadence(request: HttpRequest) -> HttpResponse:
    """The four cadences; a lead changes them, for what is owed from now on."""
    may_edit = can(request.user, client_of(request), Can.EDIT_CLIENT)
    if request.method == "POST":
        return _change(request)
    return _shown(request, CadenceForm() if may_edit else None)


@needs(Can.EDIT_CLIENT)
def _change(request: HttpRequest) -> HttpResponse:
    form = CadenceForm(request.POST)
    if form.is_valid():
        try:
            changed = cadences.change(minutes=form.minutes(), by=person_of(request), now=clock.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("Kept. What is announced already keeps its hour.") if changed else _("Nothing changed.")
            messages.success(request, words)
            return redirect("client_admin:cadence")
    return _shown(request, form, status=422)


def _shown(request: HttpRequest, form: CadenceForm | None, status: int = 200) -> HttpResponse:
    context = {
        **client_site.each_context(request),
        "title": _("Cadence of situation reports"),
        "form": form,
        "paces": read.in_force(clock.now()),
    }
    return render(request, "clients/cadence.html", context, status=status)


client_site.mount("cadence/", cadence, "cadence")
client_site.add_section(pgettext_lazy("room", "Cadence"), "cadence", Can.READ_DESK, in_peace=True)
