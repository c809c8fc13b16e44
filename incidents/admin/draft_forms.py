"""What a person types about a draft: its words, what they are for, where they were published."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agency import clock
from clients import later
from clients.models import Brand, Mention, Position
from clients.models.positions import LANGUAGES
from clients.selectors import positions
from incidents.admin.forms import HourField
from incidents.choices import DraftKind, Network
from incidents.models import Incident
from incidents.services.approvals import LONGEST_NOTE
from incidents.services.drafts import LONGEST, About


class TextForm(forms.Form):
    """The words themselves; null bytes are taken out by the service, which says what else is wrong."""

    text = forms.CharField(
        label=_("Words"),
        max_length=LONGEST,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the words first.")},
    )


class DraftForm(TextForm):
    """A new draft: where it goes, in which language, from which position."""

    subject = forms.CharField(label=_("What it is about, in a few words"), max_length=160)
    brand = forms.ModelChoiceField(label=_("Brand"), queryset=Brand.objects.none(), empty_label=None)
    network = forms.ChoiceField(
        label=_("Where it will be posted"), choices=[("", _("not said")), *Network.choices], required=False
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    position = forms.ModelChoiceField(
        label=_("Position used"), queryset=Position.objects.none(), required=False, empty_label=_("none")
    )
    token = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    field_order = ("subject", "text", "network", "language", "position", "brand")

    def __init__(self, *args: Any, incident: Incident | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].queryset = positions.usable(timezone.localdate())  # type: ignore[attr-defined]
        self.fields["brand"].queryset = Brand.objects.all()  # type: ignore[attr-defined]
        if incident is not None:
            del self.fields["brand"]

    def about(self, mention: Mention | None, incident: Incident | None) -> About:
        """What was said, once valid."""
        given = self.cleaned_data
        return About(
            brand=incident.brand if incident else given["brand"],
            subject=given["subject"],
            kind=DraftKind.REPLY if mention else DraftKind.STATEMENT,
            network=given["network"],
            language=given["language"],
            mention=mention,
            incident=incident,
            position=given["position"],
        )


class RewordForm(TextForm):
    """New words; `version` says from which ones they were begun."""

    why = forms.CharField(label=_("Why they change"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)


class NoteForm(forms.Form):
    """A refusal."""

    said = forms.CharField(max_length=LONGEST_NOTE, required=False)


class PublishedForm(forms.Form):
    """Where the words stand, since when: nothing is posted by us."""

    prefix = "published"

    url = forms.CharField(
        label=_("Its address"), max_length=1000, widget=forms.URLInput, help_text=_("Copied from the network.")
    )
    at = HourField(label=_("Published at"), required=False, help_text=_("21:42; empty: now."))


class LaterField(forms.CharField):
    """ "in 30 min", "demain 9 h", "18:30": a moment to come, in the client's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        self.zone = ZoneInfo("UTC")
        super().__init__(max_length=later.LONGEST, **kwargs)

    def clean(self, value: Any) -> datetime | None:  # type: ignore[override]
        """The moment, aware; None for nothing. Raises ValidationError for what names no moment to come."""
        typed = super().clean(value)
        if not typed.strip():
            return None
        found = later.moment(typed, now=clock.now(), zone=self.zone)
        if found is None:
            raise forms.ValidationError(_("Write a moment to come, such as in 30 min, or tomorrow 9:00."), "no_moment")
        return found


class SilenceForm(forms.Form):
    """Not answering: why, and when one looks again."""

    reason = forms.CharField(
        label=_("Why it is left unanswered"),
        max_length=500,
        error_messages={"required": _("Say why it is left unanswered: somebody will look again.")},
    )
    look_again = LaterField(
        label=_("Look again"),
        initial=_("in 2 h"),
        help_text=_("in 30 min, tomorrow 9:00, 18:30"),
        error_messages={"required": _("Say when somebody looks again.")},
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["look_again"].zone = zone  # type: ignore[attr-defined]


class LookForm(forms.Form):
    """Looked again: still no answer, and then until when; or we answer."""

    outcome = forms.ChoiceField(choices=[("silent", ""), ("answer", "")])
    next = LaterField(required=False)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["next"].zone = zone  # type: ignore[attr-defined]
