"""Every operation of the document says what goes wrong, in the one shape, without its view having to remember."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

PROBLEM_JSON = "application/problem+json"
_ALWAYS = {
    "401": "No key, or not a key of this client.",
    "403": "The key lacks the scope.",
    "429": "Too many requests: see Retry-After.",
}
_WITHOUT_KEY = {"429": _ALWAYS["429"]}
_LIST = {"400": "An unknown cursor, or a limit out of bounds."}
_DETAIL = {"404": "There is nothing here for this key."}


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
    """The stock schema, and the problems that any operation may answer with."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        always = _ALWAYS if self.view.authentication_classes else _WITHOUT_KEY
        for code, words in {**always, **(_DETAIL if "{" in self.path else _LIST)}.items():
            if code not in bodies:
                answer = OpenApiResponse(ProblemSerializer, description=words)
                bodies[code] = self._get_response_for_code(answer, code, media_types=[PROBLEM_JSON])
        return bodies
