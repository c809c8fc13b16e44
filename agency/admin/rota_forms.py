"""What the rota is asked in: hours of Paris as people write them, people and clients as one may choose them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from agency.choices import AGENCY_ROLES, AbsenceKind, Rank
from agency.models import Client, Shift, User
from agency.rota_words import span
from agency.services.rota import MOST_WEEKS
from agency.templatetags.rempart import day
from agency.wall_clock import PARIS, Reading, midnight, moment_of

_DAY = timedelta(days=1)


class PersonField(forms.ModelChoiceField):
    """A person, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class ShiftField(forms.ModelChoiceField):
    """A shift, by its person and its hours."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person} · {span(obj.starts_at, obj.ends_at)}"


class DayField(forms.DateField):
    """A day of this century, by the browser's own calendar."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **more)

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        chosen: date | None = super().clean(value)
        if chosen is not None and not 2000 <= chosen.year < 2100:
            raise forms.ValidationError(_("That day is too far away."), code="far")
        return chosen


def hour_field(label: Any, **more: Any) -> forms.TimeField:
    """An hour of Paris, to the minute."""
    return forms.TimeField(label=label, widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **more)


class MomentsForm(forms.Form):
    """Days and hours of Paris as moments; `said` is what a change of the clock made of them."""

    said: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.said = []
        super().__init__(*args, **kwargs)

    def moment(self, on: date, at: time, field: str) -> datetime | None:
        """The moment; None, and an error on the field, for an hour that does not exist on that day."""
        found, reading = moment_of(on, at)
        told = {"hour": f"{at:%H:%M}", "day": day(on)}
        if reading is Reading.SKIPPED:
            words = _("%(hour)s does not exist on %(day)s: at 02:00 the clock goes on to 03:00.")
            self.add_error(field, words % told)
            return None
        if reading is Reading.TWICE:
            self.said.append(_("%(hour)s comes twice on %(day)s: the first one is taken.") % told)
        return found


class HoursForm(MomentsForm):
    """From a day and an hour to another; without a last day, the end is the first time that hour comes."""

    first_day = DayField(label=gettext_lazy("Begins on"))
    begins = hour_field(pgettext_lazy("hour", "At"))
    last_day = DayField(
        label=gettext_lazy("Ends on"), required=False, help_text=gettext_lazy("Empty: the first time that hour comes.")
    )
    ends = hour_field(pgettext_lazy("hour", "At"))
    rank = forms.ChoiceField(label=gettext_lazy("Rank"), choices=Rank.choices, initial=Rank.PRIMARY)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=200)

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not {"first_day", "begins", "ends"} - given.keys():
            same_or_next = given["first_day"] + (_DAY if given["ends"] <= given["begins"] else timedelta())
            self.starts_at = self.moment(given["first_day"], given["begins"], "begins")
            self.ends_at = self.moment(given.get("last_day") or same_or_next, given["ends"], "ends")
        return given


def hours_of(starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    """Two moments as the fields of HoursForm show them."""
    begins, ends = starts_at.astimezone(PARIS), ends_at.astimezone(PARIS)
    return {"first_day": begins.date(), "begins": begins.time(), "last_day": ends.date(), "ends": ends.time()}


class AddForm(HoursForm):
    """A new shift: who, for which client, when, for how many weeks."""

    person = PersonField(label=gettext_lazy("Who"), queryset=User.objects.none())
    client = forms.ModelChoiceField(
        label=gettext_lazy("Client"), queryset=Client.objects.none(), empty_label=gettext_lazy("every client")
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("For how many weeks"),
        min_value=1,
        max_value=MOST_WEEKS,
        initial=1,
        help_text=gettext_lazy("The same hours each week; each week can then be changed by itself."),
    )
    field_order = ("person", "client", "first_day", "begins", "last_day", "ends", "rank", "weeks", "note")

    def __init__(self, *args: Any, clients: QuerySet[Client], for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["client"]
        chosen.queryset, chosen.required = clients, not for_all  # type: ignore[attr-defined]
        if not for_all:
            chosen.empty_label = None  # type: ignore[attr-defined]
        self.fields["person"].queryset = staff_for(clients, for_all)  # type: ignore[attr-defined]


class ChangeForm(HoursForm):
    """Other hours, rank or note; `saw` is what the page showed."""

    prefix = "change"
    saw = forms.CharField(widget=forms.HiddenInput, required=False)


class ReplaceForm(MomentsForm):
    """Somebody else, for the whole shift or a part of it."""

    prefix = "replace"
    person = PersonField(label=gettext_lazy("Who"), queryset=User.objects.none())
    first_day = DayField(label=gettext_lazy("From"), required=False)
    begins = hour_field(pgettext_lazy("hour", "At"), required=False)
    last_day = DayField(label=gettext_lazy("Until"), required=False)
    ends = hour_field(pgettext_lazy("hour", "At"), required=False)
    saw = forms.CharField(widget=forms.HiddenInput, required=False)

    from_: datetime | None = None
    to: datetime | None = None

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.from_ = self._both(given, "first_day", "begins")
        self.to = self._both(given, "last_day", "ends")
        return given

    def _both(self, given: dict[str, Any], on: str, at: str) -> datetime | None:
        chosen = given.get(on), given.get(at)
        if chosen[0] is not None and chosen[1] is not None:
            return self.moment(chosen[0], chosen[1], at)
        if chosen != (None, None) and not self.errors:
            self.add_error(at, _("Give both the day and the hour, or neither."))
        return None


class CutForm(MomentsForm):
    """Where to cut a shift in two."""

    prefix = "cut"
    day = DayField(label=gettext_lazy("Cut on"))
    hour = hour_field(pgettext_lazy("hour", "At"))
    saw = forms.CharField(widget=forms.HiddenInput, required=False)

    at: datetime | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "day" in given and "hour" in given:
            self.at = self.moment(given["day"], given["hour"], "hour")
        return given


class SwapForm(forms.Form):
    """The shift to swap with."""

    prefix = "swap"
    other = ShiftField(label=gettext_lazy("With"), queryset=Shift.objects.none())

    def __init__(self, *args: Any, others: QuerySet[Shift], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """The colleague who is asked."""

    prefix = "offer"
    person = PersonField(label=gettext_lazy("Colleague"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class AbsenceForm(forms.Form):
    """Whole days, the last one included."""

    person = PersonField(label=gettext_lazy("Who"), queryset=User.objects.none(), empty_label=None)
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(label=gettext_lazy("Last day"), help_text=gettext_lazy("Included."))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=AbsenceKind.choices,
        help_text=gettext_lazy("Never a matter of health: that is nobody else’s business."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def moments(self) -> tuple[datetime, datetime]:
        """From the first day's midnight to the one that ends the last; once valid."""
        return midnight(self.cleaned_data["first_day"]), midnight(self.cleaned_data["last_day"] + _DAY)


def staff_for(clients: QuerySet[Client], for_all: bool) -> QuerySet[User]:
    """Active people of the agency who may be on call for at least one of the clients, by name."""
    everywhere = Q(memberships__client=None) | Q(memberships__client__in=clients.values("pk"))
    where = Q() if for_all else everywhere
    seen = User.objects.filter(where, memberships__role__in=AGENCY_ROLES, is_active=True)
    return seen.distinct().order_by("full_name", "id")
