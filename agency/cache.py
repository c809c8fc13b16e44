"""A cache that nobody has to wait for: with Valkey away it answers as an empty one, and what it counts is not counted.

It holds what may be lost: rate limits, who looks at what. Who signs in, or pushes mentions in a storm, must not be
refused because it cannot count.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("rempart.cache")

LEFT_ALONE_S = 5.0  # one request asks a dozen times: it must not wait for as many time-outs


class ForgivingCache(RedisCache):
    """Django's own, except that a server that is away is logged, and left alone for five seconds."""

    _away_until = 0.0

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(ForgivingCache, self).add(key, value, timeout, version), True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).get(key, default, version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._try(lambda: super(ForgivingCache, self).set(key, value, timeout, version), None)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._try(lambda: super(ForgivingCache, self).delete(key, version), False))

    def _try(self, act: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < ForgivingCache._away_until:
            return otherwise
        try:
            return act()
        except RedisError as error:
            ForgivingCache._away_until = time.monotonic() + LEFT_ALONE_S
            log.warning("The cache is away (%s): requests are let in uncounted.", type(error).__name__)
            return otherwise
