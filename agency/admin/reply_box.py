"""The mailbox of the answers on the agency's site: whether it is read, and why not."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.guard import person_of
from agency.admin.sites import agency_site
from agency.roles import Can, can
from agency.selectors.reply_box import BoxState, of_now


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """For whoever runs the house. The settings themselves are in its environment: nothing is changed here."""
    if not can(person_of(request), None, Can.MANAGE_CLIENTS):
        raise PermissionDenied
    state = of_now(clock.now())
    context = {**agency_site.each_context(request), "box": state, "title": _("Answers by mail"), "said": _said(state)}
    return render(request, "agency/reply_box.html", context)


def _said(state: BoxState) -> str:
    """The conclusion."""
    if state.faults:
        return _("The mailbox is half set: answers by mail are off.")
    if not state.is_on:
        return _("Off: alerts are answered by their link.")
    if state.is_silent:
        return _("The mailbox is not read: alerts are answered by their link alone.")
    if state.error:
        return _("The last reading failed; it is tried again.")
    return _("Answers are read.") if state.read_at else _("The first reading has not been made yet.")


agency_site.mount("reponses/", show, "reply_box")
agency_site.add_section(pgettext_lazy("room", "Answers by mail"), "reply_box", Can.MANAGE_CLIENTS, in_peace=True)
