"""Addresses of the agency and of its clients, as seen from the present request."""

from django.conf import settings
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
