"""The agency's host: sign-in, the agency's desk, and the doors to the clients."""

from django.urls import include, path

from agency import views
from agency.admin import absences, clients, keys, people, reply_box, rota, trail  # noqa: F401 (they register their pages)
from agency.admin.sites import agency_site
from incidents.admin import desk  # noqa: F401 (the first page of this host)

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("langue/", views.language, name="language"),
    path("touches/", views.keys, name="keys"),
    path("clients/<slug:schema_name>/entrer/", views.hand_over, name="hand_over"),
    path("compte/", include("agency.config.urls_account")),
    path("", agency_site.urls),
]
handler400 = "agency.views.bad_request"
handler403 = "agency.views.forbidden"
handler404 = "agency.views.not_found_page"
handler500 = "agency.views.server_error"
