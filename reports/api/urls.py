from django.urls import path

from reports.api import views

urlpatterns = [
    path("reports", views.ReportList.as_view(), name="api_reports"),
    path("reports/<int:pk>", views.ReportDetail.as_view(), name="api_report"),
    path("reports/<int:pk>/pdf", views.ReportPdf.as_view(), name="api_report_pdf"),
]
