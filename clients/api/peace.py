"""Brands, watches, sources and positions over REST: read only."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView

from agency import clock
from agency.choices import Scope
from clients.listening.health import STATES
from clients.models import Brand, Position, Source, Watch
from clients.models.positions import LANGUAGES
from clients.selectors import for_integrators as read
from clients.selectors.positions import text_of


class BrandOut(serializers.ModelSerializer[Brand]):
    """A brand of the client."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")

    class Meta:
        model = Brand
        fields = ("seq", "name", "handles")


class WatchOut(serializers.ModelSerializer[Watch]):
    """What is listened for on a brand."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    brand = serializers.CharField(source="brand.name")

    class Meta:
        model = Watch
        fields = (
            "seq", "brand", "name", "include", "handles", "hashtags", "required", "exclude", "languages", "is_active",
        )  # fmt: skip


class SourceOut(serializers.ModelSerializer[Source]):
    """An ear and how it is; never its address, its settings or its credentials."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    state = serializers.SerializerMethodField(help_text="As the client's page of its ears says it.")
    is_deaf = serializers.SerializerMethodField(help_text="True: nothing said there is heard at the moment.")
    last_heard_at = serializers.DateTimeField(source="last_success_at", allow_null=True)

    class Meta:
        model = Source
        fields = (
            "seq",
            "name",
            "kind",
            "is_active",
            "state",
            "is_deaf",
            "last_heard_at",
            "last_mention_at",
            "lag_seconds",
        )

    @extend_schema_field({"type": "string", "enum": list(STATES)})
    def get_state(self, source: Source) -> str:
        return str(self.context["health"][source.pk].state)

    def get_is_deaf(self, source: Source) -> bool:
        return bool(self.context["health"][source.pk].is_deaf)


class WordingOut(serializers.Serializer[Any]):
    """The words in one language."""

    language = serializers.ChoiceField(choices=LANGUAGES)
    short = serializers.CharField()
    long = serializers.CharField(allow_blank=True)


class PositionOut(serializers.ModelSerializer[Position]):
    """What the brand says on a subject: approved, and valid today."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    brand = serializers.CharField(source="brand.name")
    wordings = serializers.SerializerMethodField(help_text="One a language in which there are words.")

    class Meta:
        model = Position
        fields = ("seq", "code", "title", "kind", "brand", "audience", "valid_from", "valid_until", "wordings")

    @extend_schema_field(WordingOut(many=True))
    def get_wordings(self, position: Position) -> list[dict[str, str]]:
        told = [(one, text_of(position, one)) for one in self.context["languages"]]
        return [
            {"language": language, "short": short, "long": text_of(position, language, is_long=True)}
            for language, short in told
            if short
        ]


@extend_schema(tags=["client"], summary="List brands")
class BrandList(ListAPIView[Brand]):
    """The client's brands, by seq."""

    serializer_class = BrandOut
    scopes = {"GET": Scope.CLIENT_READ}
    queryset = Brand.objects.none()

    def get_queryset(self) -> QuerySet[Brand]:
        return read.brands()


@extend_schema(tags=["client"], summary="List watches")
class WatchList(ListAPIView[Watch]):
    """What is listened for, by seq."""

    serializer_class = WatchOut
    scopes = {"GET": Scope.CLIENT_READ}
    queryset = Watch.objects.none()

    def get_queryset(self) -> QuerySet[Watch]:
        return read.watches()


@extend_schema(tags=["client"], summary="List sources and how they are")
class SourceList(ListAPIView[Source]):
    """The client's ears, by seq."""

    serializer_class = SourceOut
    scopes = {"GET": Scope.CLIENT_READ}
    queryset = Source.objects.none()

    def get_queryset(self) -> QuerySet[Source]:
        return read.sources()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "health": read.health(clock.now())}


@extend_schema(
    tags=["positions"],
    summary="List the positions in force",
    parameters=[
        OpenApiParameter(
            "language", OpenApiTypes.STR, enum=[code for code, _name in LANGUAGES], description="These words only."
        )
    ],
)
class PositionList(ListAPIView[Position]):
    """What may be said today, by seq: approved, not expired, not retired."""

    serializer_class = PositionOut
    scopes = {"GET": Scope.POSITIONS_READ}
    queryset = Position.objects.none()

    def get_queryset(self) -> QuerySet[Position]:
        return read.sayable(clock.now())

    def get_serializer_context(self) -> dict[str, Any]:
        known = [code for code, _name in LANGUAGES]
        wanted = self.request.query_params.get("language") if self.request else None
        if wanted is not None and wanted not in known:
            raise ValidationError({"language": ", ".join(known)}, code="unknown_language")
        return {**super().get_serializer_context(), "languages": known if wanted is None else [wanted]}
