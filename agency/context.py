"""What every template may know: whose house this is."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from agency.hosts import agency_url
from agency.models import Client
from agency.roles import is_staff


def house(request: HttpRequest) -> dict[str, Any]:
    """`client` (None on the agency's host), `demo`, `is_staff_member`, the product's version, the agency's address."""
    tenant = getattr(request, "tenant", None)
    return {
        "client": tenant if isinstance(tenant, Client) else None,
        "demo": settings.DEMO,
        "is_staff_member": is_staff(getattr(request, "user", None)),
        "product_version": settings.VERSION,
        "agency_home": agency_url(request),
    }
