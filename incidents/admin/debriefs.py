"""The debriefs of an incident: planned, written together, signed; what was signed stays readable."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of, team_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can, can
from incidents.admin.closing import MomentField, PlanForm, tomorrow_morning
from incidents.admin.follow_up_forms import FollowUpForm
from incidents.admin.guard import errors_as_message, incident_or_404
from incidents.admin.page import shown
from incidents.choices import DebriefKind
from incidents.debriefing import LONGEST, THREE_WEEKS, Told
from incidents.models import Debrief, DebriefVersion, Incident
from incidents.selectors import closing as read
from incidents.selectors import follow_ups
from incidents.services import debriefs
from incidents.services.debriefs import content_of
from incidents.services.refusals import Crossed, Refused
from incidents.two_writers import marks

KINDS = {"chaud": DebriefKind.HOT, "froid": DebriefKind.COLD}
SLUGS = {kind: slug for slug, kind in KINDS.items()}


def _words(name: str, label: Any, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=LONGEST[name], required=False)


class DebriefForm(forms.Form):
    """What a debrief says; the machine writes a first draft from the log."""

    prefix = "told"

    people = _words("people", gettext_lazy("Who was there"), 2)
    happened = _words("happened", gettext_lazy("What happened"), 10)
    worked = _words("worked", gettext_lazy("What worked"), 4)
    failed = _words("failed", gettext_lazy("What did not"), 4)
    changes = _words("changes", gettext_lazy("What we change"), 4)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)  # the marks of the texts shown

    def told(self) -> Told:
        """What was said, once valid."""
        return Told(**{name: self.cleaned_data[name] for name in LONGEST})


class SigningForm(forms.Form):
    """When it was held."""

    prefix = "signing"

    held_at = MomentField(label=gettext_lazy("Held at"))


@require_GET
def debrief(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """One debrief: when and who, what it says, its signature, its follow-ups; `?version=` one that was signed."""
    subject, kind = _subject(request, number, slug)
    row = read.debriefs_of(subject).get(kind)
    asked = whole_number(request.GET.get("version", ""))
    version = get_object_or_404(DebriefVersion, debrief=row, number=asked) if asked else None
    title = _("Hot debrief") if kind == DebriefKind.HOT else _("Cold debrief")
    return shown(request, "debrief", title, **_laid_out(request, subject, kind, row), slug=slug, version=version)


def _crossed(request: HttpRequest, subject: Incident, slug: str, clash: Crossed) -> HttpResponse:
    """The page again with both texts side by side and this person's in the form: nothing was kept, nothing is lost."""
    kind = KINDS[slug]
    row = read.debriefs_of(subject)[kind]
    context, theirs = _laid_out(request, subject, kind, row), content_of(row)
    typed = {f"told-{name}": text for name, text in clash.texts.items()} | {"told-seen": marks(theirs)}
    form = DebriefForm(typed)
    told = {
        "words": clash.words,
        "rows": [(form[name].label, theirs[name], clash.texts[name]) for name in clash.names],
        "by": row.written_by,
        "at": row.written_at,
        "take": reverse("client_admin:debrief", args=[subject.number, slug]),
    }
    title = _("Hot debrief") if kind == DebriefKind.HOT else _("Cold debrief")
    context |= {"told_form": form, "clash": told, "is_draft": False, "slug": slug}
    answer = shown(request, "debrief", title, **context)
    answer.status_code = 409
    return answer


def _laid_out(request: HttpRequest, subject: Incident, kind: str, row: Debrief | None) -> dict[str, Any]:
    client, now = client_of(request), clock.now()
    zone = ZoneInfo(client.timezone)
    usual = {
        "at": row.planned_at if row else _usual(kind, subject, zone),
        "host": row.host_id if row else subject.lead_id,
    }
    said = content_of(row) if row else {}
    is_empty = row is None or not any(said.values())
    words = vars_of(read.prefilled(subject)) if is_empty else said
    today = now.astimezone(zone).date()
    versions = list(DebriefVersion.objects.filter(debrief=row).select_related("by")) if row else []
    return {
        "incident": subject,
        "debrief": row,
        "kind": kind,
        "plan_form": PlanForm(team=team_of(request), initial=usual),
        "told_form": DebriefForm(initial={**words, "seen": marks(content_of(row), words)} if row else {}),
        "is_draft": is_empty,
        "signing_form": SigningForm(initial={"held_at": min(row.planned_at, now) if row else now}),
        "versions": versions,
        "has_changed": bool(versions) and versions[-1].content != said,
        "follow_ups": follow_ups.told(follow_ups.seen(person_of(request)).filter(debrief=row), today) if row else (),
        "follow_up_form": FollowUpForm(team=team_of(request)),
        "may_run": can(request.user, client, Can.RUN_INCIDENT),
    }


def vars_of(told: Told) -> dict[str, str]:
    """The words of a debrief by the name of their field."""
    return {name: getattr(told, name) for name in LONGEST}


def _usual(kind: str, subject: Incident, zone: ZoneInfo) -> Any:
    """Tomorrow morning while it is hot; three weeks after the closing for the cold one."""
    now = clock.now()
    if kind == DebriefKind.HOT:
        return tomorrow_morning(now, zone)
    since = subject.closed_at or now
    usual = tomorrow_morning(since, zone) + THREE_WEEKS
    return usual if usual > now else tomorrow_morning(now, zone)


def _subject(request: HttpRequest, number: int, slug: str) -> tuple[Incident, str]:
    if slug not in KINDS:
        raise Http404
    return incident_or_404(request, number), KINDS[slug]


def _back(subject: Incident, slug: str) -> HttpResponse:
    return redirect(reverse("client_admin:debrief", args=[subject.number, slug]))


@require_POST
@needs(Can.RUN_INCIDENT)
def plan(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    subject, kind = _subject(request, number, slug)
    form = PlanForm(request.POST, team=team_of(request))
    if not form.is_valid():
        errors_as_message(request, form)
        return _back(subject, slug)
    try:
        debriefs.plan(incident=subject, kind=kind, plan=form.plan(), by=person_of(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, _("Planned, and written in the log. It is asked for until it is signed."))
    return _back(subject, slug)


@require_POST
@needs(Can.RUN_INCIDENT)
def write(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """Keeps the words; with the button that signs, signs them too."""
    subject, kind = _subject(request, number, slug)
    row = get_object_or_404(Debrief.objects.select_related("incident"), incident=subject, kind=kind)
    form, signing = DebriefForm(request.POST), SigningForm(request.POST)
    signs = "sign" in request.POST
    if not form.is_valid():
        errors_as_message(request, form)
        return _back(subject, slug)
    by, now = person_of(request), clock.now()
    try:
        debriefs.write(debrief=row, told=form.told(), by=by, now=now, seen=form.cleaned_data["seen"])
        if signs and not signing.is_valid():  # its words are kept all the same
            errors_as_message(request, signing)
            return _back(subject, slug)
        if signs:
            debriefs.sign(debrief=row, held_at=signing.cleaned_data["held_at"], by=by, now=now, read=form.told())
    except Crossed as clash:
        return _crossed(request, subject, slug, clash)
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, _("Signed: this version no longer changes.") if signs else _("Kept."))
    return _back(subject, slug)


for route, view, name in (
    ("incidents/<int:number>/retex/<slug:slug>/", debrief, "debrief"),
    ("incidents/<int:number>/retex/<slug:slug>/prevoir/", plan, "debrief_plan"),
    ("incidents/<int:number>/retex/<slug:slug>/ecrire/", write, "debrief_write"),
):
    client_site.mount(route, view, name)
