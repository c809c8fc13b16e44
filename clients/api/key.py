"""What a key is and may do, told to whoever holds it."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agency.api.permissions import AnyKey
from agency.choices import Scope
from agency.models import ApiKey


class ScopeOut(serializers.Serializer[Any]):
    """Something that a key may be allowed."""

    scope = serializers.ChoiceField(choices=Scope.choices)
    words = serializers.CharField(help_text="In the language asked for (Accept-Language).")
    is_given = serializers.BooleanField(help_text="Whether this key may.")


class KeyOut(serializers.ModelSerializer[ApiKey]):
    """The key that asks; never its words."""

    client = serializers.CharField(source="client.name")
    begins_with = serializers.CharField(source="prefix")
    scopes = serializers.SerializerMethodField(help_text="Every scope there is, and whether this key has it.")

    class Meta:
        model = ApiKey
        fields = ("name", "client", "begins_with", "created_at", "expires_at", "rotated_at", "previous_until", "scopes")

    @extend_schema_field(ScopeOut(many=True))
    def get_scopes(self, key: ApiKey) -> list[dict[str, Any]]:
        return [{"scope": code, "words": str(words), "is_given": code in key.scopes} for code, words in Scope.choices]


class KeyDetail(GenericAPIView[ApiKey]):
    """`GET` tells the key what it may do, and until when it opens."""

    permission_classes = (AnyKey,)
    scopes: dict[str, str] = {}
    serializer_class = KeyOut
    pagination_class = None
    queryset = ApiKey.objects.none()

    @extend_schema(tags=["key"], operation_id="read_key", summary="Read what this key may do", responses=KeyOut)
    def get(self, request: Request) -> Response:
        return Response(KeyOut(cast(ApiKey, request.auth)).data)
