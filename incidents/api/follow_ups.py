"""What changes after incidents, over REST: read only, and only of incidents that a person confirmed."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from agency.choices import Scope
from incidents.models import FollowUp
from incidents.selectors import follow_ups


class FollowUpOut(serializers.ModelSerializer[FollowUp]):
    """What changes, who, by which day; and what became of it."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    incident = serializers.CharField(source="incident.reference", help_text="INC-0042")
    owner = serializers.SerializerMethodField(help_text="Somebody of the agency, or the name that was written.")
    ended_by = serializers.CharField(source="ended_by.full_name", default=None, allow_null=True)

    class Meta:
        model = FollowUp
        fields = ("seq", "incident", "words", "owner", "due_on", "state", "ended_at", "ended_by", "note")

    def get_owner(self, row: FollowUp) -> str:
        return follow_ups.owner_of(row)


@extend_schema(tags=["incidents"], summary="List follow-ups")
class FollowUpList(ListAPIView[FollowUp]):
    """Follow-ups of confirmed incidents, by seq; never those of a restricted one."""

    serializer_class = FollowUpOut
    scopes = {"GET": Scope.INCIDENTS_READ}
    queryset = FollowUp.objects.none()

    def get_queryset(self) -> QuerySet[FollowUp]:
        return follow_ups.seen(None).order_by("pk")
