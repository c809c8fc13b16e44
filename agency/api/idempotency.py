"""`Idempotency-Key` on whatever makes something: sent again, the request gets the answer it had, and makes nothing.

After draft-ietf-httpapi-idempotency-key-header: the same key with the same request, the same answer for 24 hours
(`Idempotent-Replayed: true`); with another request 422; while the first is being answered 409. A refusal is not kept:
nothing was made, and the request may be corrected under the same key. What is not shown any more is not told again.
"""

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agency import clock
from agency.api.body import body_of
from agency.api.problems import Problem
from agency.models import ApiKey

HEADER = "Idempotency-Key"
_PLAIN = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("ETag", "Location")


class Keeper(Protocol):
    """Where answers are kept, in the client's own schema: clients.services.kept_answers."""

    StillRunning: type[Exception]
    UsedForAnother: type[Exception]

    def claim(self, *, api_key_id: int, key: str, request_sha256: str, now: datetime) -> Any: ...
    def keep(self, *, claimed: Any, status: int, headers: Mapping[str, str], body: str) -> None: ...
    def release(self, *, claimed: Any) -> None: ...


Post = Callable[..., Response]
Gate = Callable[..., object]


def once(keeper: Any, gate: Gate | None = None) -> Callable[[Post], Callable[..., HttpResponseBase]]:
    """`@once(kept_answers)` on a view's `post`: with an Idempotency-Key it is done once.

    What the view does is then one transaction; what it starts elsewhere waits for the commit. `gate(said, **of the
    address)` is asked before the kept answer `said` is given again, and raises Http404 when what it tells of is not
    shown any more: an incident may have been restricted since.
    """
    kept = cast(Keeper, keeper)  # a module

    def wrap(post: Post) -> Callable[..., HttpResponseBase]:
        @functools.wraps(post)
        def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if HEADER not in request.headers:
                return post(view, request, *args, **kwargs)
            claimed = _claimed(kept, request)
            if claimed.status is not None:
                if gate is not None:
                    gate(json.loads(claimed.body), **kwargs)
                return _again(claimed)
            return _first(kept, claimed, lambda: post(view, request, *args, **kwargs))

        answered.is_done_once = True  # type: ignore[attr-defined]  # the document says so: HouseSchema
        return answered

    return wrap


def _claimed(kept: Keeper, request: Request) -> Any:
    key = request.headers[HEADER]
    if not _PLAIN.fullmatch(key):
        raise Problem(400, "bad_idempotency_key", _("Idempotency-Key: 1 to 255 printable ASCII characters."))
    by = cast(ApiKey, request.auth)  # KeyHasScope let it in
    try:
        return kept.claim(api_key_id=by.pk, key=key, request_sha256=_fingerprint(request), now=clock.now())
    except kept.StillRunning as error:
        raise _still_running() from error
    except kept.UsedForAnother as error:
        words = _("This Idempotency-Key was used for another request less than a day ago.")
        raise Problem(422, "idempotency_key_reused", words) from error


def _fingerprint(request: Request) -> str:
    """SHA-256 of the method, the whole address and the body. Raises Problem (413)."""
    said = f"{request.method} {request._request.get_full_path()}\n".encode()
    return hashlib.sha256(said + body_of(request)).hexdigest()


def _first(kept: Keeper, claimed: Any, act: Callable[[], Response]) -> HttpResponseBase:
    try:
        with transaction.atomic():
            response = act()
            headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
            body = JSONRenderer().render(response.data).decode()
            kept.keep(claimed=claimed, status=response.status_code, headers=headers, body=body)
    except kept.StillRunning as error:
        raise _still_running() from error
    except BaseException:
        kept.release(claimed=claimed)
        raise
    return response


def _again(claimed: Any) -> HttpResponse:
    headers = {**claimed.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(claimed.body, status=claimed.status, content_type="application/json", headers=headers)


def _still_running() -> Problem:
    return Problem(409, "same_request_running", _("The same request is still being answered: ask again in a moment."))
