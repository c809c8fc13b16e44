from django.urls import path

from incidents.api import views

urlpatterns = [
    path("incidents", views.IncidentList.as_view(), name="api_incidents"),
    path("incidents/<int:number>", views.IncidentDetail.as_view(), name="api_incident"),
]
