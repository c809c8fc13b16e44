"""Who may act on an incident page, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agency.models import Client, User
from agency.roles import Can, can
from incidents.models import Incident
from incidents.services.refusals import Refused

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def client_of(request: HttpRequest) -> Client:
    tenant = request.tenant  # type: ignore[attr-defined]
    if not isinstance(tenant, Client):
        raise PermissionDenied
    return tenant


def person_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def needs(permission: Can) -> Callable[[View[P]], View[P]]:
    """403 for a person who may not do that for this client (the site already refused who may not see it)."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not can(request.user, client_of(request), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def incident_or_404(number: int) -> Incident:
    return get_object_or_404(Incident.objects.select_related("brand", "lead", "signal__watch"), number=number)


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


def errors_as_message(request: HttpRequest, form: Any) -> None:
    """A small form that lives on a page has no page of its own to show its errors."""
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, error)
