"""From a host to a schema, and from a session to a person who belongs there."""

import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, set_urlconf
from django.utils import timezone, translation
from django_tenants.utils import remove_www

from agency.models import Client, User
from agency.roles import is_staff, roles_of
from agency.signin import SESSION_SCHEMA

Answer = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")


class HostMiddleware:
    """Sets the schema and the URLs by host: the agency's, an active client's, or nothing (404)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        host = remove_www(request.get_host().split(":")[0]).lower()
        if host == settings.AGENCY_HOST:
            request.tenant = connection.tenant  # type: ignore[attr-defined]
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF  # type: ignore[attr-defined]
            set_urlconf(settings.PUBLIC_SCHEMA_URLCONF)
        else:
            client = Client.objects.filter(domains__domain=host, is_active=True).first()
            if client is None:
                request.urlconf = "agency.nowhere"  # type: ignore[attr-defined]
            else:
                connection.set_tenant(client)  # type: ignore[attr-defined]
                set_urlconf(settings.ROOT_URLCONF)
            request.tenant = client or connection.tenant  # type: ignore[attr-defined]
        return self.get_response(request)


class ZoneMiddleware:
    """On a client's host hours are the client's, shown and typed; on the agency's they are the agency's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tenant = request.tenant  # type: ignore[attr-defined]
        with timezone.override(tenant.timezone if isinstance(tenant, Client) else None):
            return self.get_response(request)


class RequestIdMiddleware:
    """Gives each request a number, the caller's own when it is plain, and repeats it in the answer."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class SessionHostMiddleware:
    """A session begun on one host is nothing on another, even when its cookie is carried over by hand.

    It is bound at its first use, before anybody signs in: a sign-in begun here (password given, second factor to
    come) cannot be finished elsewhere.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = connection.schema_name  # type: ignore[attr-defined]
        if not request.session.is_empty() and request.session.get(SESSION_SCHEMA) != here:
            request.session = SessionStore()
            request.user = AnonymousUser()
        response = self.get_response(request)
        if request.session.modified and not request.session.is_empty():
            request.session.setdefault(SESSION_SCHEMA, here)
        return response


class MembershipMiddleware:
    """A signed-in person must belong here: staff at the agency's; staff or the client's own people at a client's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and not _belongs(request.user, request.tenant):  # type: ignore[attr-defined]
            request.session.flush()
            request.user = AnonymousUser()
        return self.get_response(request)


def _belongs(user: User, tenant: object) -> bool:
    if isinstance(tenant, Client):
        return bool(roles_of(user, tenant))
    return is_staff(user)


class SecondFactorMiddleware:
    """Outside the demo, agency staff set up a second factor before anything else."""

    open_names = frozenset({"account_logout", "account_reauthenticate", "language", "healthz"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.url_name in self.open_names or (match.url_name or "").startswith("mfa_"):
            return None
        if settings.SECOND_FACTOR_REQUIRED and is_staff(request.user) and not _has_second_factor(request):
            if isinstance(request.tenant, Client):  # type: ignore[attr-defined]
                raise Http404
            return redirect(reverse("mfa_activate_totp"))
        return None


def _has_second_factor(request: HttpRequest) -> bool:
    from allauth.mfa.adapter import get_adapter  # allauth reads settings when imported

    return bool(get_adapter().is_mfa_enabled(request.user))


class LanguageMiddleware:
    """The person's language; before sign-in the one they picked, else the client's, else French."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    @staticmethod
    def _language(request: HttpRequest) -> str:
        if isinstance(request.user, User):
            return request.user.language
        if request.path.startswith("/api/"):  # a program says what it reads
            return translation.get_language_from_request(request)
        picked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if picked in dict(settings.LANGUAGES):
            return picked
        tenant = request.tenant  # type: ignore[attr-defined]
        return tenant.language if isinstance(tenant, Client) else settings.LANGUAGE_CODE
