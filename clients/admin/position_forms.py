"""What a person types about a position."""

import re
from dataclasses import fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agency.access import staff_of
from agency.models import Client, User
from agency.numbers import whole_number
from clients.choices import PositionKind
from clients.models import Brand, Mention, Position
from clients.models.positions import LANGUAGES, WORDS
from clients.services.copies import Wanted
from clients.services.positions import Facts, Terms

_ROWS = {"short_text": 4, "long_text": 6, "do_not_say": 3}
_BLANK_FIELD = re.compile(r"^blank-(.{1,60})$")
LONGEST = 20_000
FACTS = tuple(field.name for field in fields(Facts))


LABELS = {field.name: field.verbose_name for field in Position._meta.fields if field.name in WORDS}


def _words_field(name: str) -> forms.CharField:
    rows = _ROWS[name.removeprefix("other_")]
    return forms.CharField(
        label=LABELS[name],
        required=name == "short_text",
        max_length=600 if name.endswith("short_text") else LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class WordsForm(forms.Form):
    """The words in both languages, and why they change."""

    why = forms.CharField(label=_("Why they change"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {**{name: _words_field(name) for name in WORDS}, **self.fields}
        self.fields["short_text"].help_text = _("A blank to fill in when copying is written {{town}}.")

    def words(self) -> dict[str, str]:
        """The six texts, once valid."""
        return {name: self.cleaned_data[name] for name in WORDS}


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:  # type: ignore[override]
        return obj.full_name


class FactsForm(forms.Form):
    """What a position is about, for whom and from when."""

    brand = forms.ModelChoiceField(label=_("Brand"), queryset=Brand.objects.none())
    code = forms.CharField(label=_("Code"), max_length=12, help_text=_("P-07, for instance."))
    title = forms.CharField(label=_("Subject"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind"), choices=PositionKind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    audience = forms.CharField(label=_("Audience"), max_length=120, required=False)
    owner = PersonField(
        label=_("Owner"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Is written to before it expires."),
    )
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand"].queryset = Brand.objects.order_by("name", "id")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = staff_of(client)  # type: ignore[attr-defined]

    def facts(self) -> Facts:
        """What was typed, once valid."""
        return Facts(**{name: self.cleaned_data[name] for name in FACTS})


class NewPositionForm(FactsForm, WordsForm):
    """A position to be: what it is about, for whom, until when, and its words."""

    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("brand", "code", "title", "kind", "language", "audience", *WORDS, "owner", "valid_from")

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, client=client, **kwargs)
        del self.fields["why"]
        self.order_fields(self.field_order)

    def terms(self) -> Terms:
        """What it is about, once valid."""
        return Terms(**vars(self.facts()), valid_until=self.cleaned_data["valid_until"])


class RenewalForm(forms.Form):
    until = forms.DateField(
        label=_("New last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: no last day."),
    )


def wanted(given: QueryDict) -> Wanted:
    """Which words the form asks for; a number or a language that is none counts as not given."""
    language = given.get("language", "")
    mention, incident = whole_number(given.get("mention", "")), whole_number(given.get("incident", ""))
    clean = {name: str(value).replace("\0", "") for name, value in given.items()}
    return Wanted(
        language=language if language in dict(LANGUAGES) else "",
        is_long=given.get("length") == "long",
        values={match[1]: value for name, value in clean.items() if (match := _BLANK_FIELD.match(name))},
        reason=clean.get("reason", ""),
        mention=Mention.objects.filter(pk=mention).first() if mention is not None else None,
        incident_number=incident if incident is not None and incident < 2**31 else None,
    )
