"""The two admin sites: the agency's on its own host, and one per client on the client's host."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.hosts import agency_url
from agency.models import Client, User
from agency.roles import Can, can, is_staff
from agency.selectors.rota_desk import desk_rota

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Section:
    """A room of the site in the header: its words, the URL's name within the site, and what it takes to see it."""

    label: str | Promise
    url_name: str
    needs: Can | None = None
    in_peace: bool = False  # a room where one prepares: under one word, so that those of the night stay on the line


class HouseSite(AdminSite):
    """What both sites share: sign-in is allauth's, rooms of our own beside the stock pages, no shared log."""

    site_title = "Rempart"
    site_header = "Rempart"
    enable_nav_sidebar = False

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self._mounted: list[URLPattern] = []
        self._sections: list[Section] = []
        self._offers: dict[str, Callable[[HttpRequest], Any]] = {}

    def mount(self, route: str, view: View, name: str) -> None:
        """Adds a staff view of our own, before the stock pages and behind the same door: `<site>:<name>`."""
        self._mounted.append(path(route, self.admin_view(view), name=name))

    def add_section(
        self, label: str | Promise, url_name: str, needs: Can | None = None, *, in_peace: bool = False
    ) -> None:
        """Adds a room to the header, for those who have `needs` here; under "Prepare" when one goes there in peace."""
        self._sections.append(Section(label, url_name, needs, in_peace))

    def offer(self, name: str, provider: Callable[[HttpRequest], Any]) -> None:
        """What a room offers to another's page (the incidents to attach a mention to): no room imports another."""
        self._offers[name] = provider

    def offered(self, name: str, request: HttpRequest) -> Any:
        """What was offered under that name, None when no room offers it."""
        return self._offers[name](request) if name in self._offers else None

    def get_urls(self) -> list[URLResolver | URLPattern]:  # type: ignore[override]
        # "view on site" goes from a number to any object of any table: nothing here needs it.
        stock = [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
        return [*self._mounted, *stock]

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """The stock door asks strangers to sign in; who is signed in and may not enter finds nothing here."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)  # type: ignore[return-value]

        return update_wrapper(guarded, view)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        palette = reverse(f"{self.name}:palette")
        rooms = self.sections_for(request)
        peaceful = [room for room in rooms if room["in_peace"]]
        return {
            **super().each_context(request),
            "sections": [room for room in rooms if not room["in_peace"]],
            "peaceful_rooms": peaceful,
            "is_preparing": any(room["is_current"] for room in peaceful),
            "palette_url": palette,
        }

    def sections_for(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The rooms that the person may enter: words, address, whether it is this one."""
        tenant = request.tenant  # type: ignore[attr-defined]
        client = tenant if isinstance(tenant, Client) else None
        shown = [one for one in self._sections if one.needs is None or can(request.user, client, one.needs)]
        return _marked(request, [(one, reverse(f"{self.name}:{one.url_name}")) for one in shown])

    def _after_sign_in(self, request: HttpRequest) -> str:
        return request.GET.get("next") or reverse(f"{self.name}:index")

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        query = urlencode({"next": self._after_sign_in(request)})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


def _marked(request: HttpRequest, rooms: list[tuple[Section, str]]) -> list[dict[str, Any]]:
    here = max((url for _room, url in rooms if request.path.startswith(url)), key=len, default="")
    return [
        {"label": capfirst(str(room.label)), "url": url, "is_current": url == here, "in_peace": room.in_peace}
        for room, url in rooms
    ]


class AgencySite(HouseSite):
    """The agency's own rooms: the day's desk, clients, people, keys, audit."""

    index_title = _("The desk")

    def has_permission(self, request: HttpRequest) -> bool:
        return not isinstance(request.tenant, Client) and is_staff(request.user)  # type: ignore[attr-defined]


class ClientSite(HouseSite):
    """One client's rooms, for the staff who may see it. The client's own people never get in."""

    index_title = _("The client’s desk")

    def has_permission(self, request: HttpRequest) -> bool:
        tenant = request.tenant  # type: ignore[attr-defined]
        return isinstance(tenant, Client) and can(request.user, tenant, Can.READ_DESK)

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The stock page, with who is on call for the client, and what the change of shift asks."""
        cards: dict[str, Any] = {"shift_notes": self.offered("shift_notes", request), "on_client": True}
        if isinstance(request.tenant, Client) and isinstance(request.user, User):  # type: ignore[attr-defined]
            cards["rota"] = desk_rota([request.tenant], request.user, clock.now())  # type: ignore[attr-defined]
        return super().index(request, {**cards, **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Staff enter by the agency's door, which brings them back to the page they asked for."""
        door = reverse(
            "hand_over",
            args=[request.tenant.schema_name],  # type: ignore[attr-defined]
            urlconf=settings.PUBLIC_SCHEMA_URLCONF,
        )
        return HttpResponseRedirect(f"{agency_url(request, door)}?{urlencode({'path': self._after_sign_in(request)})}")


agency_site = AgencySite(name="agency_admin")
client_site = ClientSite(name="client_admin")
agency_site.add_section(_("Desk"), "index")
agency_site.add_section(_("Rota"), "rota")
agency_site.add_section(_("Clients"), "agency_client_changelist", Can.MANAGE_CLIENTS)
agency_site.add_section(_("People"), "agency_user_changelist", Can.MANAGE_PEOPLE)
agency_site.add_section(_("API keys"), "agency_apikey_changelist", Can.MANAGE_KEYS)
agency_site.add_section(_("Calendar addresses"), "agency_rotafeed_changelist", Can.MANAGE_KEYS)
agency_site.add_section(_("Trail"), "agency_auditevent_changelist", Can.READ_TRAIL)
client_site.add_section(_("Desk"), "index")
