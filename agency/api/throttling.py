"""So many requests a minute for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from agency.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF imports this module while it loads its own views


class KeyThrottle(SimpleRateThrottle):
    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.auth, ApiKey):
            return None
        return f"throttle:key:{request.auth.pk}"
