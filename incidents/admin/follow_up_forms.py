"""What a person types of a follow-up: what we change, who, by which day."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from agency.models import User
from incidents.admin.people_fields import PersonChoice
from incidents.services import follow_ups


class OwnerForm(forms.Form):
    """Who, and by which day."""

    owner = PersonChoice(
        label=gettext_lazy("Who"), required=False,
        empty_label=gettext_lazy("somebody else, named below"),
    )  # fmt: skip
    owner_name = forms.CharField(
        label=gettext_lazy("Somebody else"), max_length=follow_ups.LONGEST_NAME, required=False,
        help_text=gettext_lazy("A person of the client’s; the incident’s lead is reminded in their place."),
    )  # fmt: skip
    due_on = forms.DateField(
        label=gettext_lazy("Before"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Say by which day.")},
    )  # fmt: skip

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(team)  # type: ignore[attr-defined]


class FollowUpForm(OwnerForm):
    """What we change, who, by which day."""

    words = forms.CharField(
        label=gettext_lazy("What we change"), max_length=follow_ups.LONGEST,
        error_messages={"required": gettext_lazy("Say what we change.")},
    )  # fmt: skip
    prefix = "follow"  # it shares the incident’s page with other forms
    field_order = ("words", "owner", "owner_name", "due_on")
