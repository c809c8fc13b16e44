"""The two admin sites: the agency's on its own host, and one per client on the client's host."""

from collections.abc import Callable

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from agency.models import Client
from agency.roles import Can, can, is_staff


class HouseSite(AdminSite):
    """What both sites share: sign-in is allauth's, never the admin's own page."""

    site_title = "Rempart"
    site_header = "Rempart"
    enable_nav_sidebar = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._mounted: list[URLPattern] = []

    def mount(self, route: str, view: Callable[..., HttpResponse], name: str) -> None:
        """Adds one of our own staff views to the site: same sign-in, same permission to enter, `<site>:<name>` to reverse."""
        self._mounted.append(path(route, self.admin_view(view), name=name))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*self._mounted, *super().get_urls()]

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        response = redirect("account_login")
        response["Location"] += f"?next={request.get_full_path()}"
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return redirect("account_change_password")


class AgencySite(HouseSite):
    """The agency's desk: clients, people, keys, audit."""

    index_title = _("The desk")

    def has_permission(self, request: HttpRequest) -> bool:
        return not isinstance(request.tenant, Client) and is_staff(request.user)  # type: ignore[attr-defined]


class ClientSite(HouseSite):
    """One client's rooms, for the staff who may see it. The client's own people never get in."""

    index_title = _("The client's desk")

    def has_permission(self, request: HttpRequest) -> bool:
        tenant = request.tenant  # type: ignore[attr-defined]
        return isinstance(tenant, Client) and can(request.user, tenant, Can.READ_DESK)


agency_site = AgencySite(name="agency_admin")
client_site = ClientSite(name="client_admin")
