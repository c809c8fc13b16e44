"""Who may act on an incident page, and how a refusal is shown."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agency.admin.guard import person_of
from incidents.models import Incident
from incidents.selectors.gate import is_inside
from incidents.services.refusals import Crossed, Refused

T = TypeVar("T")


def incident_or_404(request: HttpRequest, number: int) -> Incident:
    """The only door to an incident's pages; what the person may not know of is not there."""
    found = get_object_or_404(Incident.objects.select_related("brand", "lead", "signal__watch"), number=number)
    if not is_inside(found, person_of(request)):
        raise Http404
    return found


def page_of(incident: Incident) -> str:
    return reverse("client_admin:incident", args=[incident.number])


def done(request: HttpRequest, incident: Incident, words: str) -> HttpResponse:
    """Back to the incident's page, with what was done said."""
    messages.success(request, words)
    return redirect(page_of(incident))


def refused(request: HttpRequest, incident: Incident, refusal: Refused) -> HttpResponse:
    """Back to the incident's page, with why not."""
    messages.error(request, refusal.words)
    return redirect(page_of(incident))


def tried(form: Form, act: Callable[[], T]) -> T | None:
    """What the act returned; None when the form is not valid or the act is refused, and the form then says why.

    Raises Crossed: that has a page of its own.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except Crossed:  # its page shows both texts
        raise
    except Refused as refusal:
        form.add_error(None, refusal.words)
        return None


def errors_as_message(request: HttpRequest, form: Any) -> None:
    """A small form that lives on a page has no page of its own to show its errors."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, error)
