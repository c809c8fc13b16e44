"""Asking a network's API for JSON: counts calls and bytes, and turns every bad answer into a failure in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urljoin

from agency.http import DoorError, Response
from clients.listening.collectors.failures import from_door, from_status
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork, PassingFailure, Quota
from clients.listening.words import Words

_NOT_JSON = Words(
    "la réponse n’est pas lisible (JSON coupé, ou page d’erreur)",
    "the answer cannot be read (cut JSON, or an error page)",
)

ReadQuota = Callable[[Mapping[str, str], datetime], Quota | None]
Explain = Callable[[Response, CollectError], CollectError]


class Asking:
    """One reading's conversation with an API at `base`.

    `read_quota` reads the network's own rate headers; `explain` may turn a failed answer into a better worded failure.
    After the reading, `calls`, `bytes` and `quota` say what it took.
    """

    def __init__(
        self,
        http: OutgoingNetwork,
        base: str,
        *,
        now: datetime,
        headers: Mapping[str, str] | None = None,
        read_quota: ReadQuota | None = None,
        explain: Explain | None = None,
    ) -> None:
        self._http = http
        self._base = base
        self._now = now
        self._headers = {"Accept": "application/json", **(headers or {})}
        self._read_quota = read_quota
        self._explain = explain
        self.calls = 0
        self.bytes = 0
        self.quota: Quota | None = None

    def get(self, path: str, params: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """The JSON at `path` (relative to the base, or a whole URL). Raises CollectError."""
        return self.read(self.answer("GET", self.url(path, params), headers, None))

    def post(self, path: str, form: Mapping[str, Any] | None = None, *, body: Any = None, **headers: str) -> Any:
        """The JSON answered to a form, or to a JSON body. Raises CollectError."""
        if form is not None:
            content, kind = urlencode(form).encode(), "application/x-www-form-urlencoded"
        else:
            content, kind = json.dumps(body).encode(), "application/json"
        return self.read(self.answer("POST", self.url(path, None), {"Content-Type": kind, **headers}, content))

    def answer(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        """The answer itself when it is a success. Raises CollectError."""
        self.calls += 1
        sent = {**self._headers, **headers}
        try:
            if method == "GET":
                response = self._http.get(url, sent)
            else:
                response = self._http.request(method, url, headers=sent, content=content)
        except DoorError as error:
            raise from_door(error) from error
        self.bytes += len(response.body)
        if self._read_quota and (quota := self._read_quota(response.headers, self._now)):
            self.quota = quota
        if not 200 <= response.status < 300:
            failure = from_status(response, self._now)
            failure.quota = self.quota
            raise self._explain(response, failure) if self._explain else failure
        return response

    def read(self, response: Response) -> Any:
        """The answer's JSON. Raises PassingFailure when it is cut or is something else."""
        try:
            return json.loads(response.body)
        except (ValueError, RecursionError) as error:
            raise PassingFailure("not_json", _NOT_JSON) from error

    def url(self, path: str, params: Mapping[str, Any] | None = None) -> str:
        """The whole address of a path, for who needs the answer's headers too; empty parameters are left out."""
        url = urljoin(self._base.rstrip("/") + "/", path) if "://" not in path else path
        given = {name: value for name, value in (params or {}).items() if value not in (None, "")}
        if not given:
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode(given, doseq=True)}"


def reset_in_unix_seconds(remaining: str, reset: str) -> ReadQuota:
    """Reads a quota from two headers, the second a moment in unix seconds (X, Bluesky, YouScan)."""

    def read(headers: Mapping[str, str], now: datetime) -> Quota | None:
        try:
            return Quota(int(headers[remaining]), datetime.fromtimestamp(int(headers[reset]), UTC))
        except (KeyError, ValueError, OverflowError, OSError):
            return None

    return read


def reset_in_seconds_to_go(remaining: str, reset: str) -> ReadQuota:
    """Reads a quota from two headers, the second in seconds to go (Reddit)."""

    def read(headers: Mapping[str, str], now: datetime) -> Quota | None:
        try:
            return Quota(int(float(headers[remaining])), now + timedelta(seconds=float(headers[reset])))
        except (KeyError, ValueError, OverflowError):
            return None

    return read


def reset_as_date(remaining: str, reset: str) -> ReadQuota:
    """Reads a quota from two headers, the second an ISO 8601 date (Mastodon)."""

    def read(headers: Mapping[str, str], now: datetime) -> Quota | None:
        try:
            moment = datetime.fromisoformat(headers[reset])
            return Quota(int(headers[remaining]), moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (KeyError, ValueError):
            return None

    return read
