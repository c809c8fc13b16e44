"""Addresses of the agency and of its clients, as seen from the present request."""

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from agency.models import Client


def _with_port(request: HttpRequest, host: str) -> str:
    port = request.get_port()
    return host if port in {"80", "443"} else f"{host}:{port}"


def client_url(request: HttpRequest, client: Client, path: str = "/") -> str:
    """Absolute address of `path` on the client's primary host, with the scheme and port of the request."""
    domain = client.domains.filter(is_primary=True).values_list("domain", flat=True).get()
    return f"{request.scheme}://{_with_port(request, domain)}{path}"


def agency_url(request: HttpRequest, path: str = "/") -> str:
    """Absolute address of `path` on the agency's host."""
    return f"{request.scheme}://{_with_port(request, settings.AGENCY_HOST)}{path}"


def standing_url(host: str, path: str = "/") -> str:
    """Absolute address of `path` on one of our hosts where there is no request: mails, commands."""
    port = "" if settings.PORT in {80, 443} else f":{settings.PORT}"
    return f"{'https' if settings.HTTPS else 'http'}://{host}{port}{path}"


def address_of(request: HttpRequest) -> str | None:
    """The caller's network address, as seen through the trusted proxies; None when it cannot be told."""
    try:
        return get_client_ip(request)
    except ImproperlyConfigured:  # fewer proxies wrote their line than we trust: somebody came round them
        return None
