"""Every error of the API in one shape, application/problem+json (RFC 9457): a stable code, words in FR or EN."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback


class Problem(exceptions.APIException):
    """An error with its own code: `raise Problem(422, "batch_refused", _("…"), errors=[…])`."""

    def __init__(self, status_code: int, code: str, title: str, errors: Iterable[Mapping[str, Any]] = ()) -> None:
        self.status_code = status_code
        self.problem_code = code
        self.errors = list(errors)
        super().__init__(title, code)


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


def _titles(code: int) -> tuple[str, str]:
    return {
        400: ("bad_request", _("The request cannot be read.")),
        401: ("not_authenticated", _("A valid key is needed: Authorization: Bearer rmp_…")),
        403: ("not_allowed", _("This key does not allow that.")),
        404: ("not_found", _("There is nothing here for this key.")),
        405: ("method_not_allowed", _("This address does not take that method.")),
        406: ("not_acceptable", _("The answer cannot be given in that format.")),
        413: ("too_large", _("The request is too large.")),
        500: ("server_error", _("The fault is ours, and it is noted.")),
        415: ("unsupported_media_type", _("Send JSON: Content-Type: application/json.")),
        429: ("too_many_requests", _("Too many requests. Wait before asking again.")),
    }.get(code, ("error", _("The request failed.")))


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None (a 500) for what is not the caller's mistake."""
    if isinstance(exception, Http404):
        exception = exceptions.NotFound()
    elif isinstance(exception, PermissionDenied):
        exception = exceptions.PermissionDenied()
    if not isinstance(exception, exceptions.APIException):
        return None
    set_rollback()
    response = Response(
        _body(exception, context), status=exception.status_code, content_type="application/problem+json"
    )
    if exception.status_code == status.HTTP_401_UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="rempart"'
    wait = getattr(exception, "wait", None)  # Throttled alone has one, in seconds
    if wait is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def plain(request: HttpRequest, status_code: int) -> JsonResponse:
    """The same shape for what never reaches DRF: an unknown address under /api/, or our own failure."""
    code, title = _titles(status_code)
    body = {"type": f"/api/docs/#{code}", "title": title, "status": status_code, "code": code}
    body["request_id"] = getattr(request, "request_id", "")
    return JsonResponse(body, status=status_code, content_type="application/problem+json")


def _body(exception: exceptions.APIException, context: dict[str, Any]) -> dict[str, Any]:
    code, title = _titles(exception.status_code)
    errors: list[Any] = []
    if isinstance(exception, Problem):
        code, title, errors = exception.problem_code, str(exception.detail), exception.errors
    elif isinstance(exception, exceptions.ValidationError):
        code, title, errors = "invalid", _("Some fields are wrong."), list(_flatten(exception.detail))
    request = context.get("request")
    body: dict[str, Any] = {"type": f"/api/docs/#{code}", "title": title, "status": exception.status_code, "code": code}
    if errors:
        body["errors"] = errors
    if request is not None:
        body["request_id"] = getattr(request._request, "request_id", "")
    return body


def _flatten(detail: Any, field: str = "") -> Iterable[dict[str, Any]]:
    if isinstance(detail, Mapping):
        for name, value in detail.items():
            yield from _flatten(value, f"{field}.{name}" if field else str(name))
    elif isinstance(detail, list):
        for value in detail:
            yield from _flatten(value, field)
    else:
        words = str(detail).encode("utf-8", "replace").decode()  # it may quote half a character, which no answer holds
        yield {"field": field, "code": getattr(detail, "code", "invalid"), "message": words}
