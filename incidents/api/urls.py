from django.urls import path

from incidents.api import drafts, follow_ups, views

urlpatterns = [
    path("incidents", views.IncidentList.as_view(), name="api_incidents"),
    path("incidents/<int:number>", views.IncidentDetail.as_view(), name="api_incident"),
    path("follow-ups", follow_ups.FollowUpList.as_view(), name="api_follow_ups"),
    path("drafts", drafts.DraftList.as_view(), name="api_drafts"),
    path("drafts/<int:pk>", drafts.DraftDetail.as_view(), name="api_draft"),
]
