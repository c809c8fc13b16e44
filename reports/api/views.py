"""Reports over REST: read only, and only the versions in force."""

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agency.api.files import FileRenderer
from agency.choices import Scope
from reports.api.serializers import ReportInFull, ReportOut
from reports.documents.pdf import render as render_pdf
from reports.models import Report
from reports.selectors import reports as read
from reports.services import reports


class PdfRenderer(FileRenderer):
    media_type = "application/pdf"
    format = "pdf"


@extend_schema(tags=["reports"], summary="List published reports")
class ReportList(ListAPIView[Report]):
    """The version in force of each published report, by seq."""

    serializer_class = ReportOut
    scopes = {"GET": Scope.REPORTS_READ}
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        return read.published().defer(*read.HEAVY)


@extend_schema(tags=["reports"], summary="Read a published report")
class ReportDetail(RetrieveAPIView[Report]):
    """One published report, as it was signed."""

    serializer_class = ReportInFull
    scopes = {"GET": Scope.REPORTS_READ}
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        return read.published()


class ReportPdf(GenericAPIView[Report]):
    """The same as a tagged PDF."""

    serializer_class = ReportInFull
    renderer_classes = [PdfRenderer, JSONRenderer]
    scopes = {"GET": Scope.REPORTS_READ}
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        return read.published()

    @extend_schema(
        tags=["reports"],
        summary="Download a published report as PDF",
        operation_id="reports_pdf",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> Response:
        published = self.get_object()
        headers = {"Content-Disposition": f'attachment; filename="{published.file_name}.pdf"'}
        return Response(render_pdf(reports.content_of(published)), headers=headers, content_type="application/pdf")
