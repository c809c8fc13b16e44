"""The URLs of a host that is nobody's: none."""

urlpatterns: list[object] = []
handler404 = "agency.views.not_found"
