"""Thin edges of the ground floor: health, language, and the door between the agency and a client."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.access import client_for
from agency.api import problems
from agency.hosts import address_of, client_url
from agency.models import User
from agency.roles import Can
from agency.services import handover

API = "/api/v1/"


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok", "version": settings.VERSION})


@require_POST
def keys(request: HttpRequest) -> HttpResponse:
    """Keeps on the person whether keys of one letter act on the page: `keys` on or off (WCAG 2.1.4)."""
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(uses_keys=request.POST.get("keys") == "on")
    return HttpResponse(status=204)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language on the person, and in a cookie for the sign-in page."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if chosen in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            User.objects.filter(pk=request.user.pk).update(language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=31_536_000,
            samesite="Lax",
            httponly=True,
            secure=settings.HTTPS,
        )
    return response


@require_http_methods(["GET", "POST"])
@never_cache
def hand_over(request: HttpRequest, schema_name: str) -> HttpResponse:
    """On the agency's host: POST makes a pass and sends the person through the client's door; GET asks first.

    GET is where a link to a client's page ends up when the person is not signed in there.
    """
    asked = request.GET if request.method == "GET" else request.POST
    path = asked.get("path") or reverse("client_admin:index", urlconf=settings.ROOT_URLCONF)
    if not isinstance(request.user, User):
        return redirect_to_login(f"{request.path}?{urlencode({'path': path})}", reverse("account_login"))
    if request.method == "GET":
        client = client_for(request.user, schema_name, Can.READ_DESK)
        return render(request, "agency/enter_client.html", {"entered": client, "path": path})
    client, token = handover.issue(
        by=request.user, schema_name=schema_name, path=path, address=address_of(request), now=clock.now()
    )
    return HttpResponseRedirect(
        client_url(request, client, reverse("enter", args=[token], urlconf=settings.ROOT_URLCONF))
    )


@require_GET
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """On a client's host: uses the pass up, opens a session bound to this host, and goes where it was meant."""
    try:
        used = handover.redeem(
            token=token,
            client=request.tenant,  # type: ignore[attr-defined]
            address=address_of(request),
            now=clock.now(),
        )
    except handover.PassRefused:
        return render(request, "handover_refused.html", status=404)
    login(request, used.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    handover.keep_session(handover=used, session_key=request.session.session_key or "")
    return HttpResponseRedirect(used.path)


def closed(request: HttpRequest, **_: str) -> HttpResponse:
    """An address that a package knows and this house does not offer."""
    raise Http404


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A host that is nobody's says no more than that."""
    return HttpResponse("404", status=404, content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, 403)


def not_found_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _told(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Says so without asking the database, which may be what failed."""
    if request.path.startswith(API):
        return problems.plain(request, 500)
    return render(None, "500.html", status=500)  # type: ignore[arg-type]


def _told(request: HttpRequest, status: int) -> HttpResponse:
    """In words on a page, or as a problem to whoever asked the API."""
    if request.path.startswith(API):
        return problems.plain(request, status)
    return render(request, f"{status}.html", status=status)
