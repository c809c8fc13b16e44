"""Lists of words in one line of a form, separated by commas."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField


class WordsField(SimpleArrayField):
    """Commas separate, blanks and repeats are dropped: a comma too many is not an error."""

    widget = forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.pop("base_field", None)
        options.pop("show_hidden_initial", None)  # Django asks for it because the default is a function
        super().__init__(forms.CharField(max_length=100), **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        given = value if isinstance(value, list) else str(value or "").replace("\n", ",").split(",")
        return list(dict.fromkeys(word.strip() for word in given if word.strip()))
