"""So many requests a minute for each key."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from agency.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF imports this module while it loads its own views

log = logging.getLogger("rempart.api")


@dataclass(frozen=True, slots=True)
class Left:
    """How many requests the caller has left in the window, and in how many seconds it gets one back."""

    policy: str
    limit: int
    window_s: int
    remaining: int
    reset_s: int


class KeyThrottle(SimpleRateThrottle):
    """The last minute's requests are remembered one by one, so that there is no hour at which all come back at once."""

    scope = "key"
    policy = "key"
    num_requests: int  # set by the parent from the rate
    duration: int  # in seconds

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.auth, ApiKey):
            return None
        return f"throttle:key:{request.auth.pk}"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Lets the request in when nothing can be counted: what is pushed in a storm matters more than its rate."""
        try:
            is_allowed = bool(super().allow_request(request, view))
        except RedisError:
            log.warning("The cache is away: requests are not counted.")
            return True
        if self.key is not None:
            request._request.rate_left = self._left()  # type: ignore[attr-defined]  # told by ApiAnswerMiddleware
        return is_allowed

    def _left(self) -> Left:
        oldest = self.history[-1] if self.history else self.now
        return Left(
            policy=self.policy,
            limit=self.num_requests,
            window_s=self.duration,
            remaining=max(0, self.num_requests - len(self.history)),
            reset_s=max(1, math.ceil(self.duration - (self.now - oldest))),
        )
