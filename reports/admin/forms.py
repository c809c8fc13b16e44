"""What a person words in a report: the finding, the bottom line, the decision asked, and what changes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from incidents.two_writers import marks
from reports.documents.content import Change
from reports.models import Report
from reports.selectors.follow_ups import MOST_CHANGES, changes_of, written
from reports.services import reports

WORDS = ("title", "bottom_line", "decision_asked")


class WordsForm(forms.Form):
    title = forms.CharField(
        label=_("Finding"), max_length=200, help_text=_("The title says what was found, in one sentence.")
    )
    bottom_line = forms.CharField(
        label=_("In short"),
        widget=forms.Textarea(attrs={"rows": 9}),
        max_length=800,
        help_text=_("Four lines at most, one sentence each. No account is named."),
    )
    decision_asked = forms.CharField(
        label=_("Decision asked of the client"),
        max_length=300,
        required=False,
        help_text=_("Empty: the report says that nothing is asked."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)  # the marks of the texts shown


class ChangeForm(forms.Form):
    """Who does what before when: all three, or an empty row."""

    what = forms.CharField(label=_("What changes"), max_length=300, required=False)
    who = forms.CharField(label=_("Who does it"), max_length=120, required=False)
    before = forms.DateField(
        label=_("Before"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in self.fields if cleaned.get(name)]
        if given and not self.errors:
            for name in self.fields:
                if name not in given:
                    self.add_error(name, _("Who, what, before when: all three."))
        return cleaned

    def change(self) -> Change | None:
        """The change typed in this row, None for an empty one."""
        data = self.cleaned_data
        return Change(data["what"], data["who"], data["before"]) if data.get("what") else None


ChangeRows = formset_factory(ChangeForm, extra=2, max_num=MOST_CHANGES, absolute_max=MOST_CHANGES, validate_max=True)


def changes_in(rows: "BaseFormSet[ChangeForm]") -> list[Change]:
    """The rows that are filled, once valid."""
    return [change for form in rows.forms if (change := form.change()) is not None]


def words_of(report: Report) -> dict[str, str]:
    """What the form starts with, and the marks of it."""
    stored = reports.texts_of(report)
    shown = {**stored, "changes": reports.in_lines(rows_of(report))}
    return {**{name: stored[name] for name in WORDS}, "seen": marks(stored, shown)}


def rows_of(report: Report) -> Sequence[dict[str, Any]]:
    """What the report says already, then the follow-ups of its incident that it does not say yet."""
    said = [dict(one) for one in report.changes]
    known = {one["what"] for one in said}
    more = [change for change in changes_of(report.incident) if change.what not in known]
    return [*said, *written(more)][:MOST_CHANGES]
