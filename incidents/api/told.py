"""Signals, situation reports and briefings over REST: read only."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from agency.choices import Scope
from agency.models import ApiKey
from incidents.choices import IncidentState
from incidents.models import Briefing, Signal, SituationReport
from incidents.selectors import for_integrators as read

_CONFIRMED = {IncidentState.OPEN, IncidentState.CLOSED}


class ReasonsOut(serializers.Serializer[Any]):
    """Why, in words, in both languages."""

    fr = serializers.ListField(child=serializers.CharField())
    en = serializers.ListField(child=serializers.CharField())


class SignalOut(serializers.ModelSerializer[Signal]):
    """Something out of the habit, with why. A presumption of the machine's: a person decides what it is."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    watch = serializers.CharField(source="watch.name")
    brand = serializers.CharField(source="watch.brand.name")
    counted_in = serializers.CharField(source="stream", help_text="all, attack, urgent, pro, thread or topic")
    accounts = serializers.IntegerField(source="observed", help_text="How many accounts spoke in the window.")
    usual = serializers.FloatField(source="expected", help_text="How many usually do.")
    reasons = serializers.SerializerMethodField()
    first_mention = serializers.IntegerField(source="first_mention_id", allow_null=True, help_text="Its `seq`.")
    incident = serializers.SerializerMethodField(help_text="Number of the incident confirmed from it.")

    class Meta:
        model = Signal
        fields = (
            "seq", "watch", "brand", "counted_in", "state", "started_at", "detected_at", "raised_at", "accounts",
            "usual", "window_minutes", "reasons", "first_mention", "incident",
        )  # fmt: skip

    @extend_schema_field(ReasonsOut)
    def get_reasons(self, signal: Signal) -> dict[str, list[str]]:
        return {language: list(signal.reasons.get(language, [])) for language in ("fr", "en")}

    def get_incident(self, signal: Signal) -> int | None:
        incident = getattr(signal, "incident", None)
        return incident.number if incident and incident.state in _CONFIRMED else None


class SituationReportOut(serializers.ModelSerializer[SituationReport]):
    """One page on where we are, as it was issued."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    incident = serializers.IntegerField(source="incident.number", help_text="The incident's number.")
    reference = serializers.CharField(source="incident.reference", help_text="INC-0042")
    by = serializers.CharField(source="by.full_name")

    class Meta:
        model = SituationReport
        fields = (
            "seq", "incident", "reference", "number", "severity", "bottom_line", "expected", "done", "do_not",
            "issued_at", "next_at", "is_last", "by",
        )  # fmt: skip


class RecipientOut(serializers.Serializer[Any]):
    """A contact of the client."""

    name = serializers.CharField()
    email = serializers.CharField()


class BriefingOut(serializers.ModelSerializer[Briefing]):
    """A message to a contact, without its words: they hold a link that is its recipient's own."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    incident = serializers.IntegerField(source="incident.number", help_text="The incident's number.")
    situation_report = serializers.IntegerField(
        source="situation_report.number", default=None, allow_null=True, help_text="Number of the report it brought."
    )
    to = serializers.SerializerMethodField(help_text="Null unless the key may read contacts (contacts:read).")

    class Meta:
        model = Briefing
        fields = (
            "seq", "incident", "situation_report", "version", "language", "subject", "to", "state", "sent_at",
            "acknowledged_at",
        )  # fmt: skip

    @extend_schema_field(RecipientOut(allow_null=True))
    def get_to(self, briefing: Briefing) -> dict[str, str] | None:
        key = cast(ApiKey, self.context["request"].auth)
        if Scope.CONTACTS_READ not in key.scopes:
            return None
        return {"name": briefing.contact.name, "email": briefing.email}


@extend_schema(tags=["signals"], summary="List signals")
class SignalList(ListAPIView[Signal]):
    """Signals, by seq; never that of a restricted incident."""

    serializer_class = SignalOut
    scopes = {"GET": Scope.SIGNALS_READ}
    queryset = Signal.objects.none()

    def get_queryset(self) -> QuerySet[Signal]:
        return read.signals()


@extend_schema(tags=["briefings"], summary="List situation reports")
class SituationReportList(ListAPIView[SituationReport]):
    """Situation reports issued, by seq; never that of a restricted incident."""

    serializer_class = SituationReportOut
    scopes = {"GET": Scope.BRIEFINGS_READ}
    queryset = SituationReport.objects.none()

    def get_queryset(self) -> QuerySet[SituationReport]:
        return read.situation_reports()


@extend_schema(tags=["briefings"], summary="List the messages to contacts, and whether they left")
class BriefingList(ListAPIView[Briefing]):
    """Messages to the client's contacts, by seq; never of a restricted incident."""

    serializer_class = BriefingOut
    scopes = {"GET": Scope.BRIEFINGS_READ}
    queryset = Briefing.objects.none()

    def get_queryset(self) -> QuerySet[Briefing]:
        return read.briefings()
