"""The reports room, mounted in the client's admin site."""

from django.utils.translation import gettext_lazy as _

from agency.admin.sites import client_site
from agency.roles import Can
from reports.admin import views

client_site.add_section(_("Reports"), "report_room", Can.READ_DESK)

for route, view, name in (
    ("rapports/", views.room, "report_room"),
    ("rapports/<int:pk>/", views.report, "report"),
    ("rapports/<int:pk>/apercu/", views.preview, "report_preview"),
    ("rapports/<int:pk>/rapport.pdf", views.pdf, "report_pdf"),
    ("rapports/<int:pk>/rapport.json", views.json, "report_json"),
    ("rapports/<int:pk>/publier/", views.publish, "report_publish"),
    ("rapports/<int:pk>/nouvelle-version/", views.new_version, "report_new_version"),
):
    client_site.mount(route, view, name)
