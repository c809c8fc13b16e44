"""What every answer of the API carries, whichever view gave it: a tag, how many requests are left, no shared cache."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from agency.api.throttling import Left

PREFIX = "/api/v1/"
_KEPT = ("Cache-Control", "ETag", "Vary", "Content-Language")


class ApiAnswerMiddleware:
    """ETag and 304 on what is read; RateLimit headers wherever requests were counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(PREFIX):
            return response
        response.headers.setdefault("Cache-Control", "private, no-cache")  # kept, but asked about each time
        patch_vary_headers(response, ["Authorization", "Accept", "Accept-Language"])
        if request.method == "GET" and response.status_code == 200:
            response = _if_changed(request, response)
        left = getattr(request, "rate_left", None)
        return _counted(response, left) if isinstance(left, Left) else response


def etag_of(body: bytes, *, prefix: str = "") -> str:
    """A strong tag of these very bytes."""
    return f'"{prefix}{hashlib.sha256(body).hexdigest()[:32]}"'


def _if_changed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if "no-store" in response["Cache-Control"]:
        return response
    response.headers.setdefault("ETag", etag_of(response.content))
    known = parse_etags(request.headers.get("If-None-Match", ""))
    # The comparison is the weak one (RFC 9110, 13.1.2): a proxy that compresses marks the tag as weak.
    if response["ETag"] in {tag.removeprefix("W/") for tag in known} or known == ["*"]:
        return HttpResponseNotModified(headers={name: response[name] for name in _KEPT if name in response})
    return response


def _counted(response: HttpResponse, left: Left) -> HttpResponse:
    """Both spellings: of draft-ietf-httpapi-ratelimit-headers-06, which most clients read, and the one of -08 on."""
    response["RateLimit-Limit"] = str(left.limit)
    response["RateLimit-Remaining"] = str(left.remaining)
    response["RateLimit-Reset"] = str(left.reset_s)
    response["RateLimit-Policy"] = f'"{left.policy}";q={left.limit};w={left.window_s}'
    response["RateLimit"] = f'"{left.policy}";r={left.remaining};t={left.reset_s}'
    return response
