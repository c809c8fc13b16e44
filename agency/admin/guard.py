"""Who may act on a client's staff page: the same three questions in every room."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from agency.access import staff_of
from agency.models import Client, User
from agency.roles import Can, can

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def client_of(request: HttpRequest) -> Client:
    """The client whose host this is; PermissionDenied on the agency's."""
    tenant = request.tenant  # type: ignore[attr-defined]
    if not isinstance(tenant, Client):
        raise PermissionDenied
    return tenant


def person_of(request: HttpRequest) -> User:
    """The person signed in; PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def team_of(request: HttpRequest) -> list[User]:
    """Active agency people who may run an incident of this client, by name; read once for all that a page asks."""
    if not hasattr(request, "_team"):
        request._team = list(staff_of(client_of(request)))  # type: ignore[attr-defined]
    return request._team  # type: ignore[attr-defined,no-any-return]


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
