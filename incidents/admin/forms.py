"""What a person types in an incident. Choices come from the client in whose schema the page runs."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.models import User
from clients import later
from clients.models import Brand, Contact
from incidents import log_line, pictures, severity
from incidents.admin.people_fields import PersonChoice
from incidents.choices import CrisisFamily, EntryKind, IncidentType
from incidents.selectors import incidents
from incidents.services.nature import Nature, usual_criteria
from incidents.severity_proposal import Proposal

_HOUR = re.compile(r"^(\d{1,2})\s*[:hH]\s*(\d{2})?$")


class HourField(forms.CharField):
    """ "21:42" or "21 h 42": that hour today, or yesterday when today's has not come yet; empty is now.

    `ahead`: the next one that comes, or "dans 10 min", "tomorrow 9:00".
    """

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        self.ahead = ahead
        super().__init__(max_length=later.LONGEST if ahead else 8, **kwargs)

    def clean(self, value: Any) -> datetime | None:  # type: ignore[override]
        """The moment meant by the hour typed, aware; None for nothing. Raises ValidationError for no hour."""
        value, now = super().clean(value), clock.now()
        if not value.strip():
            return None
        zone = ZoneInfo(timezone.get_current_timezone_name())
        match = _HOUR.match(value.strip().replace("\u00a0", " "))
        if not match and self.ahead and (said := later.moment(value, now=now, zone=zone)):
            return said
        if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise forms.ValidationError(_("Write an hour such as 21:42."), code="not_an_hour")
        hour = f"{match[1]}:{match[2] or '00'}"
        read = later.moment if self.ahead else log_line.moment  # the autumn night has an hour twice: they know which
        return read(hour, now=now, zone=zone)


ANSWER_KEYS = (
    ("a", _("take what the reading proposes")),
    ("1 2 3", _("answer the next question: the first, second or third answer")),
)


class AnswerPicker(forms.RadioSelect):
    """The answers to one question; the one that the reading proposes is marked, for the key that takes it."""

    def __init__(self, proposed: str) -> None:
        super().__init__()
        self.proposed = proposed

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if value == self.proposed:
            option["attrs"]["data-proposed"] = True
        return option


class AnswersForm(forms.Form):
    """The five questions; no answer is ticked beforehand, so that nobody confirms without reading.

    What the reading proposes stands under each question with its reason; one key takes all of it.
    """

    asks_severity = True

    def __init__(self, *args: Any, proposal: Proposal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: severity.Language = "en" if get_language() == "en" else "fr"
        self.proposed = proposal.summary(language) if proposal else ()
        choices = [(code, words[language]) for code, words in severity.ANSWERS.items()]
        for question in severity.QUESTIONS:
            self.fields[question.code] = forms.ChoiceField(
                label=question.asked[language],
                choices=choices,
                widget=AnswerPicker(_proposed_answer(proposal, question.code)),
                help_text=_proposed(proposal, question.code, language),
            )

    def answers(self) -> dict[str, str]:
        """The five answers, once valid."""
        return {code: self.cleaned_data[code] for code in severity.CODES}


def _proposed_answer(proposal: Proposal | None, code: str) -> str:
    """“I don’t know” where nothing is proposed: it is how the severity that is proposed was reckoned."""
    found = proposal.answers.get(code) if proposal else None
    return found.answer if found else "unknown"


def _proposed(proposal: Proposal | None, code: str, language: severity.Language) -> str:
    found = proposal.answers.get(code) if proposal else None
    return escape(found.said(language)) if found else ""


class NatureForm(forms.Form):
    """What the incident is, and when it is over."""

    type = forms.ChoiceField(
        label=_("Type"), choices=[("", _("Not said yet")), *IncidentType.choices], required=False,
        help_text=_("It chooses the playbook. It can be changed later."),
    )  # fmt: skip
    family = forms.ChoiceField(
        label=_("Crisis family"), choices=[("", _("Not said yet")), *CrisisFamily.choices], required=False,
        help_text=_("How far people lay it at the house’s door: the advice on posture follows from it."),
    )  # fmt: skip
    exit_criteria = forms.CharField(
        label=_("It is over when"), widget=forms.Textarea(attrs={"rows": 2}), max_length=1000,
        help_text=_("Written with a cool head, read when everybody would like to stop."),
    )  # fmt: skip

    def nature(self) -> Nature:
        """What was said, once valid."""
        given = self.cleaned_data
        return Nature(type=given["type"], family=given["family"], exit_criteria=given["exit_criteria"])


class OpeningForm(NatureForm, AnswersForm):
    """Confirms a proposal, or opens an incident by hand."""

    title = forms.CharField(label=_("Title: what is happening"), max_length=200)
    lead = PersonChoice(label=_("Lead"))
    restricted_because = forms.CharField(
        label=_("Restricted, because"), max_length=500, required=False,
        help_text=_("Empty: the whole team sees it. Otherwise only its lead, the directors, yourself and whoever is"
                    " named on its page."),
    )  # fmt: skip

    field_order = ("title", "lead", *severity.CODES, "type", "family", "exit_criteria", "restricted_because")

    def __init__(self, *args: Any, team: Iterable[User], initial: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial={"exit_criteria": usual_criteria(), **initial}, **kwargs)
        self.fields["exit_criteria"].required = False  # said nothing: the usual one is written
        self.order_fields(self.field_order)  # the questions, which decide, stand before what can wait
        self.fields["lead"].offer(team)  # type: ignore[attr-defined]


class ByHandForm(OpeningForm):
    brand = forms.ModelChoiceField(label=_("Brand"), queryset=Brand.objects.none())
    started = HourField(label=_("Began at"), required=False, help_text=_("21:42; empty: now."))
    field_order = (
        "brand", "title", "started", "lead", *severity.CODES, "type", "family", "exit_criteria", "restricted_because",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = Brand.objects.all()  # type: ignore[attr-defined]


class KindPicker(forms.RadioSelect):
    """The four kinds, each with the key that chooses it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-key"] = str(value)[0]
        return option


class LogForm(forms.Form):
    """One line. Its moment and its kind may stand at its beginning; a moment given apart wins over one in the text."""

    text = forms.CharField(
        label=_("What happened"),
        max_length=2000,
        strip=True,
        error_messages={"required": _("Write the line before adding it.")},
        help_text=_("It may begin with its moment and its kind: “21:42 decision: …”, “5 min ago …”."),
        widget=forms.TextInput(attrs={"data-key": "l", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=EntryKind.choices, required=False, initial=EntryKind.FACT, widget=KindPicker
    )
    happened = forms.CharField(label=_("At"), max_length=40, required=False, help_text=_("Empty: now."))
    picture = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("Paste it in the line, or choose it: PNG, JPEG or WebP, 5 MB at most. It is kept as it is."),
    )  # fmt: skip
    token = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.line = zone, log_line.Line("")

    def clean_text(self) -> str:
        """The sentence without what was understood at its beginning, which `line` keeps."""
        typed: str = self.cleaned_data["text"]
        try:
            self.line = log_line.read(typed, now=clock.now(), zone=self.zone)
        except log_line.NotYet as error:
            raise forms.ValidationError(
                _("This has not happened yet: check the time."), code="in_the_future"
            ) from error
        if not self.line.text:
            raise forms.ValidationError(_("Write what happened after its moment."), code="no_sentence")
        return self.line.text

    def clean_kind(self) -> str:
        return self.line.kind or self.cleaned_data["kind"] or EntryKind.FACT

    def clean_picture(self) -> bytes | None:
        """Its bytes; one that is too heavy is refused before it is read."""
        given = self.cleaned_data["picture"]
        if given and given.size > pictures.MOST_BYTES:
            language = "en" if get_language() == "en" else "fr"
            raise forms.ValidationError(pictures.Unfit("too_heavy").words(language), code="too_heavy")
        return given.read() if given else None

    def clean_happened(self) -> datetime | None:
        typed = self.cleaned_data["happened"].strip()
        try:
            found = log_line.moment(typed, now=clock.now(), zone=self.zone)
        except log_line.NotYet as error:
            raise forms.ValidationError(
                _("This has not happened yet: check the time."), code="in_the_future"
            ) from error
        if typed and found is None:
            raise forms.ValidationError(_("Write a moment such as 21:42, or yesterday 23:10."), code="not_a_moment")
        return found or self.line.happened_at

    def day_and_hour(self, at: datetime) -> str:
        """ "21:42", or "yesterday 23:10", or "12/11 14:00", in the client's time zone."""
        local, today = at.astimezone(self.zone), clock.now().astimezone(self.zone).date()
        if local.date() == today:
            return f"{local:%H:%M}"
        is_yesterday = local.date() == today - timedelta(days=1)
        return f"{_('yesterday') if is_yesterday else f'{local:%d/%m}'} {local:%H:%M}"


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500)


class BriefingForm(forms.Form):
    contacts = forms.ModelMultipleChoiceField(
        label=_("Who is told"), queryset=Contact.objects.none(), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Nobody would be told: choose at least one contact.")},
    )  # fmt: skip
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}), max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = incidents.contacts()  # type: ignore[attr-defined]


class LeadForm(forms.Form):
    lead = PersonChoice(label=_("Lead"))

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].offer(team)  # type: ignore[attr-defined]
