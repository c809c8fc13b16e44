"""Is this client ready for tonight? One sentence, then each thing with its state, why, and where it is mended."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.guard import client_of, person_of
from agency.admin.sites import client_site
from agency.hosts import agency_url
from agency.roles import Can
from clients.selectors.hearing import hearing
from incidents.admin.page import shown
from incidents.readiness import State
from incidents.selectors import readiness as read

# Where each thing is mended, in the client's site.
PLACES = {
    "contacts": "clients_contact_changelist",
    "ladder": "ladders",
    "approvals": "clients_approvalpolicy_changelist",
    "positions": "positions",
    "playbooks": "playbooks",
    "ears": "ears",
    "drill": "",
    "debriefs": "incidents",
    "follow_ups": "follow_ups",
}
LOOKS = {State.MISSING: ("is-stop", "stop"), State.LOOK: ("is-warning", "alerte"), State.READY: ("is-done", "check")}


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The ten lines, the worst said on top."""
    client, now = client_of(request), clock.now()
    told = read.of_client(client, hearing(now), person=person_of(request), now=now)
    language = "en" if get_language() == "en" else "fr"
    lines = [
        (
            line.what.say(language),
            line.why.say(language),
            line.state.value,
            *LOOKS[line.state],
            _place(request, line.code),
        )
        for line in told.lines
    ]
    sentence = told.sentence.say(language)
    return shown(request, "readiness", _("Ready for tonight?"), sentence=sentence, lines=lines, worst=told.worst.state)


def _place(request: HttpRequest, code: str) -> str:
    if code == "rota":
        return agency_url(request, reverse("agency_admin:rota", urlconf=settings.PUBLIC_SCHEMA_URLCONF))
    name = PLACES[code]
    return reverse(f"client_admin:{name}") if name else ""


client_site.mount("preparation/", page, "readiness")
client_site.add_section(pgettext_lazy("room", "Ready?"), "readiness", Can.READ_DESK, in_peace=True)
