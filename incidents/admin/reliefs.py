"""The hand-over of an incident: its note made from the log, offered, read, accepted."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.models import User
from agency.roles import Can
from incidents.admin.guard import done, incident_or_404, page_of, refused, tried
from incidents.admin.page import shown
from incidents.admin.people_fields import PersonChoice
from incidents.models import Incident, Relief
from incidents.relief_note import LONGEST, Note
from incidents.selectors import reliefs as read
from incidents.selectors.gate import insiders
from incidents.services import reliefs
from incidents.services.refusals import Crossed, Refused
from incidents.two_writers import marks


def _words(name: str, label: Any, *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, widget=widget, max_length=LONGEST[name], required=required)


class ReliefForm(forms.Form):
    """The note of a hand-over, and who it is for."""

    situation = _words("situation", gettext_lazy("Where we are, who leads"), required=True)
    to_do = _words("to_do", gettext_lazy("What is open"))
    promised = _words("promised", gettext_lazy("What was said and promised"))
    do_not = _words("do_not", gettext_lazy("What not to do"))
    to = PersonChoice(
        label=gettext_lazy("For"), required=False,
        empty_label=gettext_lazy("whoever of the team accepts first"),
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)  # the marks of the note offered

    def __init__(self, *args: Any, incident: Incident, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].offer(insiders(incident).exclude(pk=person.pk))  # type: ignore[attr-defined]

    def note(self) -> Note:
        """What was said, once valid."""
        return Note(**{name: self.cleaned_data[name] for name in LONGEST})


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def relief(request: HttpRequest, number: int) -> HttpResponse:
    """The note: to write for whoever hands over, to read and accept for whoever comes."""
    subject, by, now = incident_or_404(request, number), person_of(request), clock.now()
    offered = read.offered(subject)
    if offered and request.method == "GET":
        reliefs.note_reading(relief=offered, by=by, now=now)
        offered = read.offered(subject)
    given = offered if offered and offered.by_id == by.pk else read.draft(subject, now)
    initial = {**{name: getattr(given, name) for name in LONGEST}, "to": offered.to_id if offered else None}
    initial["seen"] = marks(reliefs.words_of(offered))
    form = ReliefForm(request.POST or None, incident=subject, person=by, initial=initial)
    try:
        if tried(form, lambda: _offer(subject, form, by, now)):
            messages.success(request, _("Offered. You have the lead until somebody accepts."))
            return redirect(reverse("client_admin:relief", args=[subject.number]))
    except Crossed as clash:
        return _crossed(request, subject, form, clash)
    is_mine = bool(offered) and offered.by_id == by.pk  # type: ignore[union-attr]
    for_me = bool(offered) and not is_mine and offered.to_id in {None, by.pk}  # type: ignore[union-attr]
    return shown(
        request, "relief", _("Hand-over"), incident=subject, form=form, relief=offered, is_mine=is_mine, for_me=for_me,
        zone=client_of(request).timezone,
    )  # fmt: skip


def _offer(subject: Incident, form: ReliefForm, by: User, now: datetime) -> Relief:
    given = form.cleaned_data
    return reliefs.offer(incident=subject, note=form.note(), to=given["to"], by=by, now=now, seen=given["seen"])


def _crossed(request: HttpRequest, subject: Incident, form: ReliefForm, clash: Crossed) -> HttpResponse:
    """Both notes side by side, this person's in the form: nothing was offered, nothing is lost."""
    offered = read.offered(subject)
    theirs = reliefs.words_of(offered)
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["seen"] = marks(theirs)  # type: ignore[index]
    told = {
        "words": clash.words,
        "rows": [(form[name].label, theirs[name], clash.texts[name]) for name in clash.names],
        "by": offered.by if offered else None,
        "at": offered.offered_at if offered else None,
        "take": reverse("client_admin:relief", args=[subject.number]),
    }
    answer = shown(request, "relief", _("Hand-over"), incident=subject, form=form, relief=None, clash=told)
    answer.status_code = 409
    return answer


@require_POST
@needs(Can.RUN_INCIDENT)
def accept(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    row = get_object_or_404(Relief.objects.select_related("incident"), pk=pk, incident=subject)
    try:
        reliefs.accept(relief=row, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    return done(request, subject, _("It is yours: the lead and the parts are handed over."))


@require_POST
@needs(Can.RUN_INCIDENT)
def withdraw(request: HttpRequest, number: int, pk: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    row = get_object_or_404(Relief.objects.select_related("incident"), pk=pk, incident=subject)
    try:
        reliefs.withdraw(relief=row, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    messages.success(request, _("Withdrawn: nothing changes hands."))
    return redirect(page_of(subject))


for route, view, name in (
    ("incidents/<int:number>/releve/", relief, "relief"),
    ("incidents/<int:number>/releve/<int:pk>/accepter/", accept, "relief_accept"),
    ("incidents/<int:number>/releve/<int:pk>/retirer/", withdraw, "relief_withdraw"),
):
    client_site.mount(route, view, name)
