"""One screen to write a situation report: proposed from the log and the reading, its outputs beside it, who gets it."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.models import Client
from agency.roles import Can
from clients.models import Contact
from incidents.admin.forms import HourField
from incidents.admin.guard import done, incident_or_404
from incidents.admin.page import shown
from incidents.bulletin import LONGEST, Bulletin, Language, NotReady
from incidents.models import Incident, SituationReport
from incidents.report_proposal import Noted, Proposal
from incidents.selectors import composing as read
from incidents.selectors import incidents
from incidents.services import composing, situation_reports
from incidents.services.refusals import Refused

JUST_PASSED = timedelta(hours=1)
LONGEST_DONE = 600
WRITTEN = ("bottom_line", "expected", "done", "do_not")


class ContactChoices(forms.ModelMultipleChoiceField):
    """Each contact with how the report would reach them now."""

    now: datetime
    zone: ZoneInfo

    def label_from_instance(self, obj: Contact) -> str:
        one = read.recipient(obj, self.now, self.zone)
        parts = [str(obj), _("e-mail to %(address)s") % {"address": obj.email}, obj.get_language_display()]
        parts.append(_("three lines") if one.is_executive else _("whole report"))
        if one.is_resting and obj.quiet_until:
            parts.append(
                _("resting until %(hour)s: the e-mail leaves all the same") % {"hour": f"{obj.quiet_until:%H:%M}"}
            )
        return " · ".join(parts)


class AlsoDone(forms.MultipleChoiceField):
    """Lines of the log to take in besides those proposed. One that has gone into a report meanwhile is left."""

    def offer(self, lines: Iterable[Noted]) -> None:
        self.words = {str(one.number): one.words for one in lines}
        self.choices = list(self.words.items())

    def valid_value(self, value: Any) -> bool:
        return True

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The words of those ticked, in the order of the log."""
        ticked = set(super().clean(value))
        return [words for number, words in self.words.items() if number in ticked]


class SituationForm(forms.Form):
    """Bottom line first, the next update mandatory; `token` makes two sendings one report."""

    bottom_line = forms.CharField(
        label=gettext_lazy("In short"), widget=forms.Textarea(attrs={"rows": 4}), max_length=600,
        help_text=gettext_lazy("Where we are, in three sentences at most."),
    )  # fmt: skip
    expected = forms.CharField(
        label=gettext_lazy("What is expected of you"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300,
        required=False, help_text=gettext_lazy("Who, what, before when. Empty: “nothing for now” is written."),
    )  # fmt: skip
    done = forms.CharField(
        label=gettext_lazy("Done"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_DONE, required=False
    )
    also = AlsoDone(
        label=gettext_lazy("Also done since the last report"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("What is ticked stands before what is written above."),
    )  # fmt: skip
    do_not = forms.CharField(
        label=gettext_lazy("Do not do"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300, required=False
    )
    next_hour = HourField(label=gettext_lazy("Next update at"), required=False, ahead=True)
    is_last = forms.BooleanField(label=gettext_lazy("This is the last one: nothing more is expected"), required=False)
    contacts = ContactChoices(
        label=gettext_lazy("Who receives it"),
        queryset=Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, client: Client, now: datetime, also: Collection[Noted] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.zone = now, ZoneInfo(client.timezone)
        self.fields["also"].offer(also)  # type: ignore[attr-defined]
        if not also:
            del self.fields["also"]
        chosen = self.fields["contacts"]
        chosen.now, chosen.zone = now, ZoneInfo(client.timezone)  # type: ignore[attr-defined]
        chosen.queryset = incidents.contacts()  # type: ignore[attr-defined]

    def clean_next_hour(self) -> datetime | None:
        """An hour that has just passed is a slip, not tomorrow's."""
        moment: datetime | None = self.cleaned_data["next_hour"]
        if moment and has_just_passed(moment, self.now, self.zone):
            raise forms.ValidationError(_("This hour has just passed: give a later one."), code="just_passed")
        return moment

    def clean(self) -> dict[str, Any]:
        """What was ticked goes before what was typed."""
        given = super().clean() or {}
        lines = [*given.get("also", []), given.get("done", "")]
        given["done"] = "\n".join(line for line in lines if line)
        if len(given["done"]) > LONGEST_DONE:
            words = _("With what is ticked this is too long by %(count)d characters.")
            self.add_error("also", words % {"count": len(given["done"]) - LONGEST_DONE})
        return given


def has_just_passed(moment: datetime, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the same hour a day before, on the wall of `zone`, is less than an hour ago; days of 23 and 25 hours too.

    moment, now: aware.
    """
    before = (moment.astimezone(zone) - timedelta(days=1)).astimezone(UTC)
    return timedelta(0) <= now - before < JUST_PASSED


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def compose(request: HttpRequest, number: int) -> HttpResponse:
    """The screen; without scripts its second button shows the outputs, and nothing leaves."""
    subject, now = incident_or_404(request, number), clock.now()
    if request.method == "GET":
        composing.begin(incident=subject, by=person_of(request), now=now)
        proposed = read.proposal(subject, now)
        return _page(request, subject, _fresh(request, subject, proposed, now), proposed, now)
    form = SituationForm(request.POST, client=client_of(request), now=now, also=read.also_done(subject))
    if "look" not in request.POST and form.is_valid():
        try:
            report = _issue(request, subject, form, now)
        except Refused as refusal:
            form.add_error(None, refusal.words)
        else:
            words = _("Situation report no. %(number)d issued.")
            if not form.cleaned_data["contacts"]:
                words = _("Situation report no. %(number)d is on the incident’s page; it was sent to nobody.")
            return done(request, subject, words % {"number": report.number})
    return _page(request, subject, form, read.proposal(subject, now), now)


@require_POST
@needs(Can.RUN_INCIDENT)
def look(request: HttpRequest, number: int) -> HttpResponse:
    """The outputs as the form stands, while it is typed; whoever types is seen by the others."""
    subject, now = incident_or_404(request, number), clock.now()
    composing.begin(incident=subject, by=person_of(request), now=now)
    form = SituationForm(request.POST, client=client_of(request), now=now, also=read.also_done(subject))
    return render(request, "incidents/_written.html", _outcome(request, subject, form, now))


def _issue(request: HttpRequest, subject: Incident, form: SituationForm, now: datetime) -> SituationReport:
    given = form.cleaned_data
    return situation_reports.issue(
        incident=subject,
        **{name: given[name] for name in WRITTEN},
        figures=_figures(request, subject, now),
        next_at=given["next_hour"],
        is_last=given["is_last"],
        contacts=list(given["contacts"]),
        by=person_of(request),
        now=now,
        token=given["token"],
        after=given["after"],
    )


def _fresh(request: HttpRequest, subject: Incident, proposed: Proposal, now: datetime) -> SituationForm:
    initial = {
        **{name: getattr(proposed, name) for name in WRITTEN},
        "next_hour": incidents.hm(proposed.next_at),
        "contacts": [one.pk for one in read.usual_recipients(subject)],
        "token": uuid4(),
        "after": _last_number(subject),
    }
    return SituationForm(initial=initial, client=client_of(request), now=now, also=read.also_done(subject))


def _last_number(subject: Incident) -> int:
    return subject.situation_reports.count()


def _figures(request: HttpRequest, subject: Incident, now: datetime) -> list[tuple[str, str, str]]:
    with translation.override(client_of(request).language):
        return incidents.bulletin_figures(subject, now)


def _page(
    request: HttpRequest, subject: Incident, form: SituationForm, proposed: Proposal, now: datetime
) -> HttpResponse:
    language = get_language() or "fr"
    why = {} if form.is_bound else {name: words.say(language) for name, words in proposed.why.items()}
    last = subject.situation_reports.select_related("by").order_by("-number").first()
    return shown(
        request,
        "compose",
        _("Situation report"),
        **_outcome(request, subject, form, now),
        form=form,
        fields=[(field, why.get(field.name, "")) for field in form.visible_fields()],
        posture=read.posture_words(subject, now),
        pace=read.pace_of(subject, now),
        last=last,
        issued=composing.tokens_issued(incident=subject, by=person_of(request)),
        after=last.number if last else 0,
        gesture=_("Issue and send"),
    )


def _outcome(request: HttpRequest, subject: Incident, form: SituationForm, now: datetime) -> dict[str, Any]:
    """What would leave now: the outputs or what keeps them back, how long it is, who receives it, who else writes."""
    given = _given(form)
    written = _bulletin(request, subject, given, now)
    language: Language = "en" if get_language() == "en" else "fr"
    outputs: list[tuple[str, str]] = []
    problems: tuple[str, ...] = ()
    try:
        outputs = situation_reports.outputs_of(written)
    except NotReady as error:
        problems = error.words(language)
    return {
        "incident": subject,
        "figures": written.figures,
        "outputs": outputs,
        "problems": problems,
        "length": written.length("en" if client_of(request).language == "en" else "fr"),
        "longest": LONGEST,
        "recipients": read.recipients(given["contacts"], now),
        "others": read.others_writing(subject, person_of(request).pk, now),
        "now": now,
    }


def _given(form: SituationForm) -> dict[str, Any]:
    """The fields as they stand, valid or not."""
    if not form.is_bound:
        moment = form.fields["next_hour"].clean(form.initial["next_hour"])
        chosen = form.fields["contacts"].queryset.filter(pk__in=form.initial["contacts"])  # type: ignore[attr-defined]
        return {**form.initial, "next_hour": moment, "is_last": False, "contacts": chosen}
    form.is_valid()
    fallen = dict.fromkeys(WRITTEN, "") | {"next_hour": None, "is_last": False, "contacts": ()}
    typed = {name: str(form.data.get(name, ""))[: 2 * LONGEST] for name in WRITTEN}
    return {**fallen, **typed, **form.cleaned_data}


def _bulletin(request: HttpRequest, subject: Incident, given: dict[str, Any], now: datetime) -> Bulletin:
    draft = SituationReport(
        incident=subject, number=_last_number(subject) + 1, severity=subject.severity or 4,
        figures=_figures(request, subject, now), issued_at=now, is_last=given["is_last"],
        next_at=None if given["is_last"] else given["next_hour"], **{name: given[name] for name in WRITTEN},
    )  # fmt: skip
    return situation_reports.as_bulletin(draft, still_open=situation_reports.still_open(subject))


for route, view, name in (
    ("incidents/<int:number>/point/", compose, "situation_compose"),
    ("incidents/<int:number>/point/apercu/", look, "situation_look"),
):
    client_site.mount(route, view, name)
