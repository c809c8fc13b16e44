"""The staff's pages of an incident, mounted in the client's admin site. Each act is one line around a service."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.admin.guard import needs, person_of, team_of
from agency.numbers import whole_numbers
from agency.roles import Can
from clients.selectors.hearing import hearing
from incidents.admin import forms
from incidents.admin.guard import done, errors_as_message, incident_or_404, page_of, refused, tried
from incidents.admin.page import laid_out, shown
from incidents.models import Briefing, Signal
from incidents.selectors import incidents as read
from incidents.selectors.gate import seen_by
from incidents.selectors.proposed_severity import proposed_for
from incidents.services import attachments, briefings, incidents
from incidents.services.refusals import Refused


@require_GET
def incident_list(request: HttpRequest) -> HttpResponse:
    """Every incident and every signal still to look at."""
    signals = Signal.objects.filter(incident__isnull=True, state="new").select_related("watch__brand")[:20]
    heard = hearing(clock.now())
    return shown(
        request, "list", _("Incidents"), incidents=read.listed(person_of(request))[:200], signals=signals, hearing=heard
    )


@require_GET
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """The page of an incident: bottom line, now, numbers, curve, log. 304 while nothing moved (X-Live polling)."""
    subject = incident_or_404(request, number)
    etag = f'"{subject.number}-{subject.revision}-{clock.now():%Y%m%d%H%M}-{request.LANGUAGE_CODE}"'  # type: ignore[attr-defined]
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    response = shown(request, "incident", subject.reference, etag=etag, **laid_out(request, subject))
    response["ETag"] = etag
    return response


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def open_by_hand(request: HttpRequest) -> HttpResponse:
    form = forms.ByHandForm(
        request.POST or None,
        team=team_of(request),
        initial={"lead": request.user.pk},
    )
    opened = tried(
        form,
        lambda: incidents.open_by_hand(
            brand=form.cleaned_data["brand"],
            title=form.cleaned_data["title"],
            started_at=form.cleaned_data["started"] or clock.now(),
            lead=form.cleaned_data["lead"],
            answers=form.answers(),
            nature=form.nature(),
            restricted_because=form.cleaned_data["restricted_because"],
            by=person_of(request),
            now=clock.now(),
        ),
    )
    if opened:
        return done(request, opened, _("Incident opened."))
    return shown(
        request,
        "form",
        _("Open an incident"),
        form=form,
        gesture=_("Open the incident"),
        page_keys=forms.ANSWER_KEYS,
    )


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = forms.OpeningForm(
        request.POST or None,
        team=team_of(request),
        initial={"title": subject.title, "lead": subject.lead_id or request.user.pk, **subject.answers},
        proposal=proposed_for(subject),
    )
    carried_out = tried(
        form,
        lambda: incidents.confirm(
            incident=subject,
            title=form.cleaned_data["title"],
            lead=form.cleaned_data["lead"],
            answers=form.answers(),
            nature=form.nature(),
            restricted_because=form.cleaned_data["restricted_because"],
            by=person_of(request),
            now=clock.now(),
        ),
    )
    if carried_out:
        return done(request, subject, _("Incident confirmed."))
    return shown(
        request,
        "form",
        _("Confirm the incident"),
        form=form,
        incident=subject,
        gesture=_("Confirm the incident"),
        page_keys=forms.ANSWER_KEYS,
    )


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def assess(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = forms.AnswersForm(request.POST or None, initial=subject.answers, proposal=proposed_for(subject))
    carried_out = tried(
        form,
        lambda: incidents.assess(
            incident=subject,
            answers=form.answers(),
            by=person_of(request),
            now=clock.now(),
        ),
    )
    if carried_out:
        return done(request, subject, _("Severity assessed."))
    return shown(
        request,
        "form",
        _("Assess the severity"),
        form=form,
        incident=subject,
        gesture=_("Assess"),
        page_keys=forms.ANSWER_KEYS,
    )


@require_POST
@needs(Can.RUN_INCIDENT)
def hand_lead(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = forms.LeadForm(request.POST, team=team_of(request))
    if not form.is_valid():
        errors_as_message(request, form)
        return redirect(page_of(subject))
    try:
        incidents.hand_lead(
            incident=subject,
            lead=form.cleaned_data["lead"],
            by=person_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("The lead is handed over."))


@require_POST
@needs(Can.RUN_INCIDENT)
def dismiss(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = forms.ReasonForm(request.POST)
    try:
        incidents.dismiss(
            incident=subject,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            by=person_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(
        request,
        subject,
        _("The proposal is set aside. It can be taken up again from this page."),
    )


@require_POST
@needs(Can.RUN_INCIDENT)
def take_up(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    try:
        incidents.take_up(incident=subject, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("The proposal stands again."))


@require_POST
@needs(Can.CLOSE_INCIDENT)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = forms.ReasonForm(request.POST)
    try:
        incidents.reopen(
            incident=subject,
            reason=form.cleaned_data["reason"] if form.is_valid() else "",
            by=person_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("Incident opened again."))


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def brief(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    form = forms.BriefingForm(
        request.POST or None,
        initial={
            "subject": f"[{subject.reference}] {subject.title}",
            "body": subject.summary,
        },
    )
    if form.is_valid():
        try:
            sent = briefings.brief(
                incident=subject,
                contacts=list(form.cleaned_data["contacts"]),
                subject=form.cleaned_data["subject"],
                body=form.cleaned_data["body"],
                by=person_of(request),
                now=clock.now(),
            )
            return done(
                request,
                subject,
                ngettext("%(count)d briefing on the way.", "%(count)d briefings on the way.", len(sent))
                % {"count": len(sent)},
            )
        except Refused as refusal:
            form.add_error(None, refusal.words)
    return shown(request, "form", _("Brief"), form=form, incident=subject, gesture=_("Send"))


@require_POST
@needs(Can.RUN_INCIDENT)
def brief_again(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    failed = get_object_or_404(Briefing, pk=pk, incident=subject)
    try:
        briefings.try_again(briefing=failed, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("The briefing leaves again."))


@require_POST
@needs(Can.TRIAGE)
def detach(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    ids = whole_numbers(request.POST.getlist("mention"))
    try:
        attachments.detach(incident=subject, mention_ids=ids, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("The mention goes back to the list to sort."))


@require_POST
@needs(Can.RUN_INCIDENT)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes a proposal of a signal that is too old for the machine to propose it by itself."""
    seen = Q(incident__isnull=True) | seen_by(person_of(request), "incident__")
    signal = get_object_or_404(Signal.objects.filter(seen).select_related("watch__brand"), pk=pk)
    subject = incidents.propose(signal=signal, now=clock.now())
    return redirect(page_of(subject))
