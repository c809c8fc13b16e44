"""A report as integrators read it: the version in force, as it was signed."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reports.models import Report


class ReportOut(serializers.ModelSerializer[Report]):
    """One published report, in short."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    reference = serializers.CharField(source="incident.reference", help_text="The incident's: INC-0042")
    incident = serializers.IntegerField(source="incident.number", help_text="The incident's number.")
    sha256 = serializers.CharField(source="content_hash", help_text="Of the canonical JSON of `content`.")
    signed_by = serializers.CharField(source="published_by.full_name")

    class Meta:
        model = Report
        fields = (
            "seq",
            "reference",
            "incident",
            "version",
            "language",
            "title",
            "published_at",
            "signed_by",
            "sha256",
        )


class ReportInFull(ReportOut):
    """One published report with everything that its page and its PDF say."""

    content = serializers.SerializerMethodField(
        help_text="The whole report, headed by its `schema` (rempart.report/1)."
    )

    class Meta(ReportOut.Meta):
        fields = (*ReportOut.Meta.fields, "content")  # type: ignore[assignment]

    @extend_schema_field(
        {
            "type": "object",
            "required": ["schema"],
            "properties": {"schema": {"type": "string"}},
            "additionalProperties": True,
        }
    )
    def get_content(self, report: Report) -> dict[str, Any]:
        return dict(report.content)
