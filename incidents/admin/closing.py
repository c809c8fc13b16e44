"""Closing an incident: the signs of its end ticked or answered, the hot debrief planned."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of, team_of
from agency.admin.sites import client_site
from agency.models import Client, User
from agency.numbers import whole_numbers
from agency.roles import Can
from incidents.admin.guard import done, incident_or_404, page_of, refused, tried
from incidents.admin.page import shown
from incidents.admin.people_fields import PersonChoice
from incidents.choices import DebriefKind
from incidents.models import ExitCriterion, Incident
from incidents.selectors import closing as read
from incidents.services import closing, criteria, incidents
from incidents.services.debriefs import Plan
from incidents.services.refusals import Refused

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and an hour on the client's wall, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M"], **kwargs)


class PlanForm(forms.Form):
    """When a debrief takes place and who holds it."""

    at = MomentField(label=gettext_lazy("Debrief at"))
    host = PersonChoice(label=gettext_lazy("Held by"))

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].offer(team)  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        """What was said, once valid."""
        return Plan(self.cleaned_data["at"], self.cleaned_data["host"])


class LeftChoices(forms.MultipleChoiceField):
    """Lines to tick. What somebody else settled while the page was open is no mistake: it is left as they left it."""

    def valid_value(self, value: Any) -> bool:
        return True


class ClosingForm(forms.Form):
    """What we keep; what was to be true, ticked or answered; the hot debrief, needed by severities 1 and 2."""

    note = forms.CharField(
        label=gettext_lazy("What we keep from it"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1500,
        help_text=gettext_lazy(
            "What happened, then, in a last sentence, the decision asked. The report begins with them."
        ),
    )  # fmt: skip
    met = LeftChoices(
        label=gettext_lazy("It is over when"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("Tick what is true now."),
    )  # fmt: skip
    unmet = forms.CharField(
        label=gettext_lazy("Why it closes all the same"), max_length=closing.LONGEST_REASON, required=False,
        help_text=gettext_lazy("Needed when one of these is not ticked."),
    )  # fmt: skip
    tasks = LeftChoices(
        label=gettext_lazy("Tasks no longer needed"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("Those not ticked stay to be done, on the page of the closed incident."),
    )  # fmt: skip
    unneeded = forms.CharField(
        label=gettext_lazy("Why they are no longer needed"), max_length=closing.LONGEST_REASON, required=False,
        help_text=gettext_lazy("A word for all those ticked; it goes into the log."),
    )  # fmt: skip
    papers = LeftChoices(
        label=gettext_lazy("Drafts to withdraw"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("Those not ticked stay where they are: approved, or waiting for an approval."),
    )  # fmt: skip
    hot_at = MomentField(
        label=gettext_lazy("Hot debrief at"), required=False,
        help_text=gettext_lazy("Within 48 hours, while everybody remembers."),
    )  # fmt: skip
    hot_host = PersonChoice(label=gettext_lazy("Held by"), required=False)

    def __init__(
        self, data: QueryDict | None, *, incident: Incident, client: Client, team: Iterable[User], now: datetime
    ) -> None:
        left = [row for row in read.criteria_of(incident) if row.met_at is None]
        is_needed = read.needs_debrief(incident, now)
        initial: dict[str, Any] = {"note": incident.summary, "hot_host": incident.lead_id}
        if is_needed:
            initial["hot_at"] = tomorrow_morning(now, ZoneInfo(client.timezone))
        super().__init__(data, initial=initial)
        self.fields["met"].choices = [(str(row.number), row.words) for row in left]  # type: ignore[attr-defined]
        self.fields["hot_host"].offer(team)  # type: ignore[attr-defined]
        self.left_open = read.left_open(incident, now)
        self._offer_to_clear()
        self._leave_out(left, is_planned=DebriefKind.HOT in read.debriefs_of(incident) and not is_needed)

    def _offer_to_clear(self) -> None:
        """A line for each task and each draft that is left; nothing is ticked beforehand."""
        tasks = [(str(one.task.number), one.task.words) for one in self.left_open.tasks]
        drafts = (*self.left_open.approved, *self.left_open.waiting)
        papers = [(str(one.pk), f"{one.subject} ({one.get_state_display()})") for one in drafts]
        for name, choices in (("tasks", tasks), ("papers", papers)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                del self.fields[name]
        if not tasks:
            del self.fields["unneeded"]

    def _leave_out(self, left: list[ExitCriterion], *, is_planned: bool) -> None:
        """What there is nothing left to say about is not asked."""
        if not left:
            del self.fields["met"], self.fields["unmet"]
        if is_planned:
            del self.fields["hot_at"], self.fields["hot_host"]

    def hot(self) -> Plan | None:
        """The debrief planned, once valid; None without an hour."""
        at = self.cleaned_data.get("hot_at")
        return Plan(at, self.cleaned_data.get("hot_host")) if at else None


def tomorrow_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """Ten o'clock the next day, on the wall of `zone`."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(10), zone)


@require_http_methods(["GET", "POST"])
@needs(Can.CLOSE_INCIDENT)
def close(request: HttpRequest, number: int) -> HttpResponse:
    subject, by, now = incident_or_404(request, number), person_of(request), clock.now()
    form = ClosingForm(
        request.POST or None, incident=subject, client=client_of(request), team=team_of(request), now=now
    )
    if tried(form, lambda: _close(subject, form, by, now)):
        return done(request, subject, _("Incident closed. Its report is being drafted."))
    title = _("Close the incident")
    return shown(request, "closing", title, form=form, incident=subject, gesture=title, left=form.left_open)


def _close(incident: Incident, form: ClosingForm, by: User, now: datetime) -> Incident:
    """What was ticked stays ticked, even when the closing is refused: it was true. What is cleared goes with it."""
    given = form.cleaned_data
    for number in whole_numbers(given.get("met", [])):
        criteria.tick(incident=incident, number=number, by=by, now=now)
    with transaction.atomic():
        closing.clear(
            incident=incident, tasks=whole_numbers(given.get("tasks", [])), why=given.get("unneeded", ""),
            papers=whole_numbers(given.get("papers", [])), by=by, now=now,
        )  # fmt: skip
        return incidents.close(
            incident=incident, note=given["note"], unmet=given.get("unmet", ""), hot=form.hot(), by=by, now=now
        )


@require_POST
@needs(Can.RUN_INCIDENT)
def tick(request: HttpRequest, number: int, criterion: int) -> HttpResponse:
    return _ticked(request, number, criterion, is_met=True)


@require_POST
@needs(Can.RUN_INCIDENT)
def untick(request: HttpRequest, number: int, criterion: int) -> HttpResponse:
    return _ticked(request, number, criterion, is_met=False)


def _ticked(request: HttpRequest, number: int, criterion: int, *, is_met: bool) -> HttpResponse:
    subject = incident_or_404(request, number)
    act = criteria.tick if is_met else criteria.untick
    try:
        act(incident=subject, number=criterion, by=person_of(request), now=clock.now())
    except Refused as refusal:
        return refused(request, subject, refusal)
    done(request, subject, _("Ticked, and written in the log.") if is_met else _("No longer ticked."))
    return redirect(f"{page_of(subject)}#closing")


for route, view, name in (
    ("incidents/<int:number>/clore/", close, "incident_close"),
    ("incidents/<int:number>/fini/<int:criterion>/cocher/", tick, "criterion_tick"),
    ("incidents/<int:number>/fini/<int:criterion>/decocher/", untick, "criterion_untick"),
):
    client_site.mount(route, view, name)
