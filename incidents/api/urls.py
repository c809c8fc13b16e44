from django.urls import path

from incidents.api import acts, drafts, follow_ups, told, views

urlpatterns = [
    path("incidents", views.IncidentList.as_view(), name="api_incidents"),
    path("incidents/<int:number>", views.IncidentDetail.as_view(), name="api_incident"),
    path("incidents/<int:number>/log", acts.LogList.as_view(), name="api_incident_log"),
    path("incidents/<int:number>/transitions", acts.Transitions.as_view(), name="api_incident_transitions"),
    path("incidents/<int:number>/duties", acts.DutyList.as_view(), name="api_incident_duties"),
    path("incidents/<int:number>/duties/<str:duty>", acts.DutyDetail.as_view(), name="api_incident_duty"),
    path("signals", told.SignalList.as_view(), name="api_signals"),
    path("situation-reports", told.SituationReportList.as_view(), name="api_situation_reports"),
    path("briefings", told.BriefingList.as_view(), name="api_briefings"),
    path("follow-ups", follow_ups.FollowUpList.as_view(), name="api_follow_ups"),
    path("drafts", drafts.DraftList.as_view(), name="api_drafts"),
    path("drafts/<int:pk>", drafts.DraftDetail.as_view(), name="api_draft"),
]
