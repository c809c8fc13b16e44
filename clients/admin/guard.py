"""Who may act on our own staff pages, and how they are shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from agency import clock
from agency.admin.sites import client_site
from agency.models import Client, User
from agency.roles import Can, can

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


def shown(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One of our own pages, with what the admin site knows of the person."""
    base = {**client_site.each_context(request), "title": title, "now": clock.now()}
    return render(request, f"clients/{template}.html", {**base, **context}, status=status)


def back_to(request: HttpRequest, otherwise: str) -> str:
    """Where the form said to go back to, when that is a page of this host."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else otherwise
