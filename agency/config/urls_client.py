"""A client's host: its portal, its admin site for staff, its API."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from agency import views
from agency.admin.sites import client_site
from clients import admin as _clients  # noqa: F401 (they register their pages)
from incidents import admin as _incidents  # noqa: F401
from incidents.portal import alerts, reading
from reports import admin as _reports  # noqa: F401

api = [
    path("", include("clients.api.urls")),
    path("", include("incidents.api.urls")),
    path("", include("reports.api.urls")),
]

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("langue/", views.language, name="language"),
    path("touches/", views.keys, name="keys"),
    path("entrer/<str:token>/", views.enter, name="enter"),
    path("compte/", include("agency.config.urls_account")),
    path("api/v1/", include(api)),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api_docs.html"),
        name="api_docs",
    ),
    path("agence/", client_site.urls),
    path("alerte/<str:token>/", alerts.answer, name="alert_answer"),
    path("lu/<str:token>/", reading.read, name="briefing_read"),
    path("", include("reports.portal.urls")),
]
handler400 = "agency.views.bad_request"
handler403 = "agency.views.forbidden"
handler404 = "agency.views.not_found_page"
handler500 = "agency.views.server_error"
