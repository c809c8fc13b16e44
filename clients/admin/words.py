"""Lists of words in one line of a form, separated by commas."""

import re
from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from clients.listening.matching import main_language

# A comma within quotes is part of the phrase.
_PIECE = re.compile(r'(?:"[^"\n]*"|«[^»\n]*»|“[^”\n]*”|[^,\n])+')
_LANGUAGE = re.compile(r"[a-z]{2,3}")


class WordsField(SimpleArrayField):
    """Commas separate, blanks and repeats are dropped: a comma too many is not an error."""

    widget: forms.Widget = forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.pop("base_field", None)
        options.pop("show_hidden_initial", None)  # Django asks for it because the default is a function
        super().__init__(forms.CharField(max_length=100), **options)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        given = value if isinstance(value, list) else _PIECE.findall(str(value or ""))
        return list(dict.fromkeys(word.strip() for word in given if word.strip()))


class LanguagesField(WordsField):
    """Codes of languages: "fr", "en"; "fr-CA" is taken as "fr"."""

    widget = forms.TextInput(attrs={"class": "vTextField"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        codes = [main_language(code) for code in super().to_python(value)]
        if wrong := [code for code in codes if not _LANGUAGE.fullmatch(code)]:
            raise forms.ValidationError(
                _("Languages are codes such as fr, en: “%(code)s” is none."), "bad_language", {"code": wrong[0]}
            )
        return list(dict.fromkeys(codes))
