"""An incident as integrators read it: what was decided, never drafts or machine scores."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from incidents.models import Incident, TimelineEntry


class IncidentOut(serializers.ModelSerializer[Incident]):
    """One incident, in short."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    reference = serializers.CharField(help_text="INC-0042")
    brand = serializers.CharField(source="brand.name")
    lead = serializers.CharField(source="lead.full_name", default=None, allow_null=True)

    class Meta:
        model = Incident
        fields = (
            "seq",
            "reference",
            "number",
            "kind",
            "state",
            "type",
            "family",
            "qualification",
            "severity",
            "brand",
            "title",
            "summary",
            "exit_criteria",
            "lead",
            "started_at",
            "proposed_at",
            "opened_at",
            "closed_at",
            "next_update_at",
            "revision",
        )


class LineOut(serializers.ModelSerializer[TimelineEntry]):
    """A line of the log with its two clocks and its hash."""

    by = serializers.CharField(source="by.full_name", default=None, allow_null=True)
    corrects = serializers.IntegerField(source="corrects.number", default=None, allow_null=True)

    class Meta:
        model = TimelineEntry
        fields = (
            "number",
            "kind",
            "text",
            "happened_at",
            "logged_at",
            "by",
            "corrects",
            "hash",
        )


class IncidentInFull(IncidentOut):
    """One incident with its log."""

    log = serializers.SerializerMethodField()

    class Meta(IncidentOut.Meta):
        fields = (*IncidentOut.Meta.fields, "log")  # type: ignore[assignment]

    @extend_schema_field(LineOut(many=True))
    def get_log(self, incident: Incident) -> list[dict[str, object]]:
        from_first = incident.entries.select_related("by", "corrects").order_by("number")
        return list(LineOut(from_first, many=True).data)
