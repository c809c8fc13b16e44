"""What integrators send about incidents."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from incidents import severity
from incidents.choices import CrisisFamily, EntryKind, IncidentState, IncidentType
from incidents.services.nature import LONGEST_CRITERIA

LARGEST = 2**63 - 1
LONGEST_LINE = 1800  # the log holds 2,000 characters, and the name of the key comes after these
MOST_MENTIONS = 500
ANSWERS = [("yes", "yes"), ("no", "no"), ("unknown", "unknown")]


_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)


def not_of_another_age(moment: datetime) -> None:
    """Nothing that this log is about was said before; and offsets of another century are of minutes and seconds."""
    if moment < _OLDEST:
        raise serializers.ValidationError(_("Check the year."), code="too_old")


class AnswersIn(serializers.Serializer[Any]):
    """The five questions that severity is read from; “unknown” is an answer."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            one.code: serializers.ChoiceField(choices=ANSWERS, help_text=one.asked["en"]) for one in severity.QUESTIONS
        }


class IncidentIn(serializers.Serializer[Any]):
    """An incident to open; its severity follows from the answers."""

    title = serializers.CharField(max_length=200, help_text="What is happening, in a sentence.")
    lead = serializers.EmailField(help_text="Address of somebody of the agency who may run this client's incidents.")
    answers = AnswersIn()
    brand = serializers.CharField(
        max_length=200, required=False, default="", allow_blank=True, help_text="Empty: the client's first."
    )
    started_at = serializers.DateTimeField(
        required=False, validators=[not_of_another_age], help_text="With its offset from UTC; now by default."
    )
    type = serializers.ChoiceField(choices=IncidentType.choices, required=False, default="", allow_blank=True)
    family = serializers.ChoiceField(choices=CrisisFamily.choices, required=False, default="", allow_blank=True)
    exit_criteria = serializers.CharField(
        max_length=LONGEST_CRITERIA, required=False, default="", allow_blank=True,
        help_text="When it is over, one sign a line; empty: the usual ones.",
    )  # fmt: skip
    mentions = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST),
        required=False,
        default=list,
        max_length=MOST_MENTIONS,
        help_text="The `seq` of the mentions that it is about; what only repeats them comes along.",
    )


class LineIn(serializers.Serializer[Any]):
    """A line for the log."""

    kind = serializers.ChoiceField(choices=EntryKind.choices, required=False, default=EntryKind.FACT)
    text = serializers.CharField(max_length=LONGEST_LINE)
    happened_at = serializers.DateTimeField(
        required=False, validators=[not_of_another_age], help_text="With its offset from UTC; now by default."
    )
    corrects = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="Number of the line that this one strikes."
    )


class TransitionIn(serializers.Serializer[Any]):
    """Where the incident goes, and why."""

    to = serializers.ChoiceField(choices=IncidentState.choices)
    why = serializers.CharField(
        max_length=1500, help_text="Closed: what we keep from it. Opened again: the reason. It is a line of the log."
    )
    unmet = serializers.CharField(
        max_length=500, required=False, default="", allow_blank=True,
        help_text="Why it closes although not every sign of its end is there.",
    )  # fmt: skip


class HolderIn(serializers.Serializer[Any]):
    """Who has the part from now on."""

    holder = serializers.EmailField(help_text="Address of somebody of the agency who may run this client's incidents.")
