"""Who may read the portal: the client's own people and its staff. Unknown and forbidden answer alike."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from agency.choices import AGENCY_ROLES, CLIENT_ROLES
from agency.models import Client, User
from agency.roles import Can, can, roles_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def client_of(request: HttpRequest) -> Client:
    tenant = request.tenant  # type: ignore[attr-defined]
    if not isinstance(tenant, Client):
        raise Http404
    return tenant


def person_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def portal_page(view: View[P]) -> View[P]:
    """GET only, never cached, signed in, with the right to read this client's portal; the others find nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not can(request.user, client_of(request), Can.READ_PORTAL):
            raise Http404
        return view(request, *args, **kwargs)

    return require_GET(never_cache(guarded))


def approver_page(view: View[P]) -> View[P]:
    """Never cached, signed in, with the right to approve for this client; the others, staff among them, find nothing.

    Which methods are allowed is the view's own business.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if not approves(request):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


def approves(request: HttpRequest) -> bool:
    """May decide, for the client, which words are used."""
    return can(request.user, client_of(request), Can.APPROVE)


def is_seen_by_the_agency(request: HttpRequest) -> bool:
    """A member of staff looks at what the client sees."""
    roles = roles_of(person_of(request), client_of(request))
    return bool(roles & AGENCY_ROLES) and not roles & CLIENT_ROLES
