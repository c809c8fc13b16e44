"""What the page of an incident shows, laid out once for all the acts that come back to it."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agency import clock
from agency.admin.guard import client_of, team_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from clients.selectors.hearing import hearing
from incidents.admin import (
    alerts,
    care_card,
    closing_card,
    draft_card,
    forms,
    milestones,
    restriction,
    team,
    telling,
    to_do,
)
from incidents.admin.drawing import draw
from incidents.models import Incident
from incidents.selectors import incidents as read
from incidents.services import timeline

Part = Callable[[HttpRequest, Incident], dict[str, Any]]
# A card of the page brings its own words and forms: `<module>.part`, with its template in incidents/page/.
PARTS: tuple[Part, ...] = (
    to_do.part,
    alerts.part,
    draft_card.part,
    team.part,
    restriction.part,
    milestones.part,
    closing_card.part,
    care_card.part,
    telling.part,
)

LINES_SHOWN = 20  # a long night has hundreds; each brings a form


def shown(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    """One of our own pages, with what the admin site knows of the person."""
    base = {**client_site.each_context(request), "title": title, "now": clock.now()}
    return render(request, f"incidents/{template}.html", {**base, **context})


def laid_out(request: HttpRequest, subject: Incident) -> dict[str, Any]:
    """All that the page of an incident shows."""
    drawn = read.curve(subject, clock.now())
    told = read.figures(subject, drawn)
    told_by_parts: dict[str, Any] = {}
    for part in PARTS:
        told_by_parts |= part(request, subject)
    return {
        **told_by_parts,
        "incident": subject,
        "hearing": hearing(clock.now()),
        "curve": drawn,
        "drawing": draw(subject, drawn, told, client_of(request)),
        "figures": told,
        **_log(request, subject),
        "mentions": read.mentions_of(subject, most=8),
        "reports": subject.situation_reports.select_related("by")[:10],
        "page_keys": [
            ("p", _("take the incident")),
            ("c", _("confirm it")),
            ("l", _("write in the log")),
            ("s", _("issue a situation report")),
            ("b", _("brief a contact")),
            ("f d a m", _("fact, decision, action, message")),
        ],
        "log_form": forms.LogForm(zone=ZoneInfo(client_of(request).timezone)),
        "lead_form": forms.LeadForm(team=team_of(request), initial={"lead": subject.lead_id}),
        "may_run": can(request.user, client_of(request), Can.RUN_INCIDENT),
        "may_close": can(request.user, client_of(request), Can.CLOSE_INCIDENT),
    }


def _log(request: HttpRequest, subject: Incident) -> dict[str, Any]:
    """Every line, for the count and the seal, and those shown: the newest, or all when the address asks for them."""
    log = read.log_of(subject)
    language = "en" if get_language() == "en" else "fr"
    broken = [one.words(language) for one in timeline.breaks_in(reversed(log))]
    whole = request.GET.get("journal") == "tout" or len(log) <= LINES_SHOWN
    return {"log": log, "log_lines": log if whole else log[:LINES_SHOWN], "is_log_whole": whole, "broken": broken}
