"""The rooms of an incident, mounted in the client's admin site."""

from django.utils.translation import gettext_lazy as _

from agency.admin.guard import person_of
from agency.admin.sites import client_site
from agency.roles import Can
from incidents.admin import command, log, reading, situation, views
from incidents.selectors import incidents

client_site.add_section(_("Incidents"), "incidents", Can.READ_DESK)
# The list to sort attaches mentions to these; it stands below us and cannot ask.
client_site.offer("incidents_around", lambda request: lambda mention: incidents.around(mention, person_of(request)))
client_site.offer("incidents_hidden", lambda request: incidents.hidden_from(person_of(request)))

for route, view, name in (
    ("incidents/", views.incident_list, "incidents"),
    ("incidents/ouvrir/", views.open_by_hand, "incident_open"),
    ("incidents/<int:number>/", views.incident, "incident"),
    ("incidents/<int:number>/lecture/", reading.incident_reading, "incident_reading"),
    ("incidents/<int:number>/lecture/roles/<int:author>/", reading.incident_role, "incident_role"),
    ("incidents/<int:number>/lecture/roles/<int:author>/annuler/", reading.incident_role_undo, "incident_role_undo"),
    ("incidents/<int:number>/prendre/", command.claim, "incident_claim"),
    ("incidents/<int:number>/confirmer/", views.confirm, "incident_confirm"),
    ("incidents/<int:number>/ecarter/", views.dismiss, "incident_dismiss"),
    ("incidents/<int:number>/reprendre/", views.take_up, "incident_take_up"),
    ("incidents/<int:number>/gravite/", views.assess, "incident_assess"),
    ("incidents/<int:number>/nature/", command.describe, "incident_describe"),
    ("incidents/<int:number>/pilote/", views.hand_lead, "incident_lead"),
    ("incidents/<int:number>/main-courante/", log.add, "incident_log"),
    ("incidents/<int:number>/main-courante/lire/", log.understood, "incident_log_read"),
    ("incidents/<int:number>/main-courante/<int:line>/image/", log.picture, "log_picture"),
    ("incidents/<int:number>/prevenir/", views.brief, "incident_brief"),
    (
        "incidents/<int:number>/prevenir/<int:pk>/",
        views.brief_again,
        "incident_brief_again",
    ),
    (
        "incidents/<int:number>/point/<int:report_number>/",
        situation.situation_report,
        "situation_report",
    ),
    ("incidents/<int:number>/detacher/", views.detach, "incident_detach"),
    ("incidents/<int:number>/rouvrir/", views.reopen, "incident_reopen"),
    ("signaux/<int:pk>/proposer/", views.propose, "signal_propose"),
):
    client_site.mount(route, view, name)
