"""Incidents over REST: read only, and only those that a person confirmed."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView, RetrieveAPIView

from agency.choices import Scope
from incidents.api.serializers import IncidentInFull, IncidentOut
from incidents.models import Incident
from incidents.selectors import incidents


@extend_schema(tags=["incidents"], summary="List incidents")
class IncidentList(ListAPIView[Incident]):
    """Confirmed incidents, by seq."""

    serializer_class = IncidentOut
    scopes = {"GET": Scope.INCIDENTS_READ}
    queryset = Incident.objects.none()

    def get_queryset(self) -> QuerySet[Incident]:
        return incidents.confirmed()


@extend_schema(tags=["incidents"], summary="Read an incident with its log")
class IncidentDetail(RetrieveAPIView[Incident]):
    """One confirmed incident, with every line of its log."""

    serializer_class = IncidentInFull
    scopes = {"GET": Scope.INCIDENTS_READ}
    lookup_field = "number"
    queryset = Incident.objects.none()

    def get_queryset(self) -> QuerySet[Incident]:
        return incidents.confirmed()
