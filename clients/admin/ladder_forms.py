"""The forms of a ladder, of a channel and of a contact: what cannot be climbed is refused in clear sentences."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.choices import ChannelKind
from clients.ladder import Step
from clients.models import Contact, ContactChannel, EscalationPolicy
from clients.services import ladders

SEVERITIES = [(level, str(level)) for level in (1, 2, 3, 4)]
QUALIFICATIONS = [
    ("signal", gettext_lazy("Signal")), ("paracrisis", gettext_lazy("Paracrisis")), ("crisis", gettext_lazy("Crisis")),
]  # fmt: skip


def _several(label: Any, choices: list[tuple[Any, Any]], coerce: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, choices=choices, coerce=coerce, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: for every case."),
    )  # fmt: skip


class PolicyForm(forms.ModelForm):
    severities = _several(gettext_lazy("Severities"), SEVERITIES, int)
    qualifications = _several(gettext_lazy("Qualifications"), list(QUALIFICATIONS), str)

    class Meta:
        model = EscalationPolicy
        fields = ("name", "severities", "qualifications", "is_active")


class StepFormSet(BaseInlineFormSet):
    """All the rungs together make a ladder that can be climbed."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [one.cleaned_data for one in self.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        kept.sort(key=lambda one: one["place"])
        places = [one["place"] for one in kept]
        if len(places) != len(set(places)):
            raise ValidationError(_("Two rungs have the same place: give each its own."))
        steps = [Step(one["delay_minutes"], one["target"], getattr(one["contact"], "pk", None)) for one in kept]
        if sentences := ladders.wrong(steps):
            raise ValidationError(sentences)


class ChannelForm(forms.ModelForm):
    """The address is sealed when it is saved and never shown again: left empty, it stays as it is."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "An e-mail address; for SMS and chat the address that Apprise gives the service, such as "
            "“octopush://…” or “slack://…”. It is kept sealed and not shown again."
        ),
    )

    class Meta:
        model = ContactChannel
        fields = ("contact", "person", "kind", "label", "address", "rank", "is_active")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        address, kind = given.get("address", ""), given.get("kind", ChannelKind.EMAIL)
        if not address and (not self.instance.sealed or "kind" in self.changed_data):
            self.add_error("address", _("Say by what address they are reached."))
        elif address:
            self.instance.kind = kind
            try:
                ladders.set_address(channel=self.instance, address=address)
            except ValidationError as refusal:
                self.add_error("address", refusal)
        return given


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = (
            "name", "position", "email", "phone", "language", "wants", "rank", "is_active",
            "quiet_from", "quiet_until", "backup",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("quiet_from"), given.get("quiet_until")
        if (begins is None) != (ends is None):
            self.add_error("quiet_until", _("Quiet hours have a beginning and an end."))
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", _("Quiet hours that end when they begin are none: choose another end."))
        backup = given.get("backup")
        loop = ladders.backup_fault(contact_id=self.instance.pk, backup_id=backup.pk if backup else None)
        if loop is not None:
            self.add_error("backup", _("The backups go round in a circle: following them leads back to this contact."))
        return given
