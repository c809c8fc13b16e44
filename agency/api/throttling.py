"""So many requests a minute for each key."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from agency.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF imports this module while it loads its own views

log = logging.getLogger("rempart.api")


class KeyThrottle(SimpleRateThrottle):
    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.auth, ApiKey):
            return None
        return f"throttle:key:{request.auth.pk}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Lets the request in when nothing can be counted: what is pushed in a storm matters more than its rate."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError:
            log.warning("The cache is away: requests are not counted.")
            return True
