"""Every operation of the document says what goes wrong, in the one shape, without its view having to remember."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

PROBLEM_JSON = "application/problem+json"
_CASES = {
    400: "The request cannot be read: not JSON, a field of another shape, an unknown cursor, a limit out of bounds.",
    401: "No key, or not a key of this client.",
    403: "The key lacks the scope.",
    404: "There is nothing here for this key.",
    406: "The answer cannot be given in that format.",
    409: "Not from where it is now: `errors` names what is possible; or the same request is still being answered.",
    412: "It changed since you read it: read it again, then decide.",
    413: "The body is larger than 20 MB.",
    415: "The body is not JSON.",
    422: "It does not stand: the code says why; or the Idempotency-Key was used for another request.",
    428: "Say with If-Match which version you decide on.",
    429: "Too many requests: see Retry-After.",
}
_ONCE = (400, 409, 413, 422)
NOT_SHOWN_ANY_MORE = "What was made under this Idempotency-Key is not shown any more."
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
    OpenApiParameter.HEADER,
    description="Made by you. The same key with the same request gets the same answer for 24 hours, and makes nothing "
    "again (`Idempotent-Replayed: true`).",
)
_IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what you have: 304 when nothing changed.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="The ETag of the incident as you read it, or `*`. Without it: 428. When it changed since: 412.",
)


def _told(name: str, words: str, kind: type = int) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, response=True, description=words)


_ANSWERED_WITH = [
    _told("X-Request-Id", "Yours when you sent one, else ours: say it when you ask us.", str),
    _told("RateLimit-Limit", "Requests that the key has in a window."),
    _told("RateLimit-Remaining", "Requests that it has left."),
    _told("RateLimit-Reset", "Seconds until it gets one back."),
]


def cases(*codes: int, words: str = "") -> dict[Any, Any]:
    """How the document says that an operation may answer so, in these words or in those of most operations."""
    return {
        (code, PROBLEM_JSON): OpenApiResponse(ProblemSerializer, description=words or _CASES[code]) for code in codes
    }


class RowErrorSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(
        allow_null=True, required=False, help_text="Place in the batch, from 0; null: the batch as a whole."
    )
    field = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457: every error has this shape."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable: test this one.")
    errors = RowErrorSerializer(many=True, required=False)  # type: ignore[assignment]
    request_id = serializers.CharField(required=False)


class HouseSchema(AutoSchema):  # type: ignore[no-untyped-call]
    """The stock schema, and what holds for any operation: the headers of its answers, the problems it may meet."""

    def get_override_parameters(self) -> list[Any]:
        asked = [_IDEMPOTENCY_KEY] if self._is_done_once() else []
        if self.method == "GET":
            asked.append(_IF_NONE_MATCH)
        return [*asked, *_ANSWERED_WITH]

    def _is_done_once(self) -> bool:
        return hasattr(getattr(self.view, self.method.lower(), None), "is_done_once")

    def _problems(self) -> set[int]:
        found = {406, 429} | ({401, 403} if self.view.authentication_classes else set())
        found.add(404 if "{" in self.path else 400)
        return found | (set(_ONCE) if self._is_done_once() else set())

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.method == "GET" and "200" in bodies:
            bodies["304"] = {"description": "Nothing changed since the ETag that was sent."}
        for code in sorted(self._problems()):
            if str(code) not in bodies:
                answer = OpenApiResponse(ProblemSerializer, description=_CASES[code])
                bodies[str(code)] = self._get_response_for_code(answer, str(code), media_types=[PROBLEM_JSON])
        return bodies
