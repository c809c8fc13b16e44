"""Running an incident: who takes it, what it is, when it is over. Each act is one line around a service."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import needs, person_of
from agency.roles import Can
from incidents.admin import forms
from incidents.admin.guard import done, incident_or_404, refused, tried
from incidents.admin.page import shown
from incidents.services import claims, nature
from incidents.services.refusals import Refused


@require_POST
@needs(Can.RUN_INCIDENT)
def claim(request: HttpRequest, number: int) -> HttpResponse:
    """“I take it”: one gesture, one key."""
    subject = incident_or_404(request, number)
    try:
        claims.claim(incident=subject, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("It is yours. Confirm it, or set it aside."))


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def describe(request: HttpRequest, number: int) -> HttpResponse:
    """Type, crisis family and exit criteria, said again."""
    subject = incident_or_404(request, number)
    said = {"type": subject.type, "family": subject.family, "exit_criteria": subject.exit_criteria}
    form = forms.NatureForm(request.POST or None, initial=said)
    carried_out = tried(
        form,
        lambda: nature.describe(incident=subject, nature=form.nature(), by=person_of(request), now=clock.now()),
    )
    if carried_out:
        return done(request, subject, _("Said, and written in the log."))
    title = _("What it is, when it is over")
    return shown(request, "form", title, form=form, incident=subject, gesture=_("Save"))
