"""The reading of an incident: who strikes, with whom, when, how it spreads, and whether it will pass."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.roles import Can, can
from incidents.admin.guard import incident_or_404
from incidents.admin.page import shown
from incidents.choices import IncidentRole
from incidents.models import ParticipantRole
from incidents.selectors import reading
from incidents.services import roles
from incidents.services.refusals import Refused


@require_GET
def incident_reading(request: HttpRequest, number: int) -> HttpResponse:
    """Every section that the machine has worked out, each with its ground, and what a person may change."""
    subject = incident_or_404(request, number)
    read = reading.reading_of(subject)
    may_run = can(request.user, client_of(request), Can.RUN_INCIDENT)
    title = _("Reading of %(reference)s") % {"reference": subject.reference}
    return shown(request, "reading", title, incident=subject, reading=read, may_run=may_run, roles=IncidentRole.choices)


@require_POST
@needs(Can.RUN_INCIDENT)
def incident_role(request: HttpRequest, number: int, author: int) -> HttpResponse:
    """A person confirms, changes or removes what an account presumably does."""
    role = request.POST.get("role", "?")  # a form without an answer is refused; an empty answer takes the role away
    said = _("Noted: your word counts, and the next reading starts from it.")
    return _settled(request, number, said, roles.decide, author_id=author, role=role)


@require_POST
@needs(Can.RUN_INCIDENT)
def incident_role_undo(request: HttpRequest, number: int, author: int) -> HttpResponse:
    """A person takes it back: the machine's word stands again."""
    return _settled(request, number, _("Undone: the machine’s word stands again."), roles.undo, author_id=author)


def _settled(
    request: HttpRequest, number: int, said: str, act: Callable[..., ParticipantRole], **values: Any
) -> HttpResponse:
    subject = incident_or_404(request, number)
    try:
        act(incident=subject, by=person_of(request), now=clock.now(), **values)
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, said)
    return redirect(reverse("client_admin:incident_reading", args=[number]) + f"#account-{values['author_id']}")
