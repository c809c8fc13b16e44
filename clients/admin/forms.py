"""The form of a source, drawn from what its collector declares."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from agency.templatetags.rempart import decimal
from clients.admin.words import WordsField
from clients.choices import SourceKind
from clients.listening.collectors.protocol import Collector, Setting
from clients.models import Source
from clients.services.sources import Wish, leads_elsewhere

PREFIX = "set_"  # a collector may well call one of its settings "name"
FORGET = "forget_"
MINUTE = 60
PACES = (MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)
ABOUT_SECRETS = ("token", "login", "sign_in", "scopes", "password", "key", "credential", "401", "unauthor")


class SourceForm(forms.Form):
    """What a person says of a source. A secret is never shown again: left empty, the one kept stays."""

    def __init__(
        self,
        *args: Any,
        collector: Collector,
        source: Source | None = None,
        kept: frozenset[str] = frozenset(),
        **kw: Any,
    ) -> None:
        self.collector, self.source, self.kept = collector, source, kept
        super().__init__(*args, **{**kw, "initial": _initial(source)})
        language = get_language() or "fr"
        if collector.kind == SourceKind.FEED:
            self.fields["url"] = forms.URLField(
                label=_("Address of the feed"), max_length=2_000, assume_scheme="https",
                help_text=_("The address of the RSS, Atom or JSON feed. The site’s own often names it."),
            )  # fmt: skip
        for setting in collector.settings:
            self._add(setting, language)
        self._add_manners(collector)

    def main(self) -> list[forms.BoundField]:
        """What has to be filled in, in the order of the collector."""
        return [self[name] for name in self.fields if name in self._main_names()]

    def more(self) -> list[forms.BoundField]:
        """What may be left as it is."""
        main = self._main_names()
        return [self[name] for name in self.fields if name not in main and name != "keep_anyway"]

    def has_errors_in_more(self) -> bool:
        return any(field.errors for field in self.more())

    def wish(self) -> Wish:
        """What was filled in, for the services. Only of a valid form."""
        given = self.cleaned_data
        settings = {one.name: _plain(given.get(PREFIX + one.name)) for one in self.collector.settings}
        forgotten = frozenset(name for name in self.kept if given.get(FORGET + name))
        return Wish(
            kind=self.collector.kind,
            name=given.get("name", ""),
            url=given.get("url", "") or (self.source.url if self.source else ""),
            settings=settings,
            every_seconds=int(given["every_seconds"]),
            monthly_budget=given.get("monthly_budget"),
            forgotten=forgotten,
        )

    def clean(self) -> dict[str, Any]:
        """A secret that is kept goes to the server that it was entered for, and to no other."""
        given: dict[str, Any] = super().clean() or {}
        if self.source is not None and not self.errors and leads_elsewhere(self.wish(), self.source):
            for name in sorted(self.kept):
                if not given.get(PREFIX + name) and not given.get(FORGET + name):
                    self.add_error(PREFIX + name, _("The server is another one: enter it again."))
        return given

    def refuse(self, code: str, words: str) -> None:
        """Says beside the field that is most likely at fault why the source could not be read."""
        self.add_error(self._field_at_fault(code), ValidationError(f"{words[:1].upper()}{words[1:]}.", code=code))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        same = Source.objects.filter(name=name)
        if self.source is not None:
            same = same.exclude(pk=self.source.pk)
        if name and same.exists():
            raise ValidationError(_("Another source has this name."))
        return name

    def _field_at_fault(self, code: str) -> str:
        of_kind = {
            kind: [PREFIX + s.name for s in self.collector.settings if s.kind == kind] for kind in ("secret", "url")
        }
        if any(part in code for part in ABOUT_SECRETS) and of_kind["secret"]:
            return of_kind["secret"][0]
        required = [PREFIX + s.name for s in self.collector.settings if s.is_required]
        candidates = ["url"] if "url" in self.fields else [*required, *of_kind["url"], *of_kind["secret"], "name"]
        return candidates[0]

    def _main_names(self) -> set[str]:
        """Up to the last one that is required, with the secret that follows it; where none is, up to the third."""
        settings = self.collector.settings
        last = max((i for i, one in enumerate(settings) if one.is_required), default=None)
        end = (0 if "url" in self.fields else 3) if last is None else last + 1
        if last is not None and end < len(settings) and settings[end].kind == "secret":
            end += 1
        return {"url", "monthly_budget"} | {PREFIX + one.name for one in settings[:end]}

    def _add(self, setting: Setting, language: str) -> None:
        field = _field(setting, language, is_kept=setting.name in self.kept)
        self.fields[PREFIX + setting.name] = field
        value = self.source.settings.get(setting.name) if self.source else None
        if setting.kind != "secret":
            self.initial[PREFIX + setting.name] = setting.default if value in (None, "") and not self.source else value
        elif setting.name in self.kept and not setting.is_required:
            label = _("Forget what is kept: %(label)s") % {"label": setting.label.say(language).lower()}
            self.fields[FORGET + setting.name] = forms.BooleanField(label=label, required=False)

    def _add_manners(self, collector: Collector) -> None:
        if collector.unit_price:
            self.fields["monthly_budget"] = forms.DecimalField(
                label=_("Budget a month (US dollars)"), min_value=0, max_digits=9, decimal_places=2,
                required=False, help_text=_budget_help(collector),
            )  # fmt: skip
        self.fields["name"] = forms.CharField(
            label=_("Name"), max_length=100, required=False, help_text=_("Empty: named after what it reads.")
        )
        self.fields["every_seconds"] = forms.TypedChoiceField(
            label=pgettext("how often", "Read"), choices=paces(self.source), coerce=int, initial=self._usual_pace()
        )
        self.fields["keep_anyway"] = forms.BooleanField(
            label=_("Keep it even if it does not answer now: it will be tried again"), required=False
        )

    def _usual_pace(self) -> int:
        return self.source.every_seconds if self.source else 5 * MINUTE


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _initial(source: Source | None) -> dict[str, Any]:
    if source is None:
        return {}
    return {"url": source.url, "name": source.name, "monthly_budget": source.monthly_budget}


def paces(source: Source | None) -> list[tuple[int, str]]:
    """How often a source may be read, in seconds and in words; its own pace too when it is another."""
    words: Mapping[int, str] = {
        MINUTE: _("every minute"),
        5 * MINUTE: _("every 5 minutes"),
        15 * MINUTE: _("every quarter of an hour"),
        60 * MINUTE: _("every hour"),
    }
    own = source.every_seconds if source else MINUTE
    others = [(own, _("every %(count)s seconds") % {"count": own})] if own not in words else []
    return [*others, *words.items()]


def _budget_help(collector: Collector) -> str:
    price = collector.unit_price.normalize()
    places = max(2, -int(price.as_tuple().exponent))
    return _(
        "This network bills each post that is read: $%(price)s, that is $%(thousand)s a thousand. Reading stops before "
        "the budget is passed, and says so. Empty: without a limit."
    ) % {"price": decimal(price, places), "thousand": decimal(1000 * price, 2)}


def _field(setting: Setting, language: str, *, is_kept: bool) -> forms.Field:
    told: dict[str, Any] = {
        "label": setting.label.say(language),
        "help_text": _sentence(setting.help.say(language)),
        "required": setting.is_required and not is_kept,
    }
    if setting.kind == "secret":
        told["help_text"] = _("Kept: leave it empty to keep it.") if is_kept else told["help_text"]
        attributes = {"autocomplete": "new-password", "spellcheck": "false"}
        return forms.CharField(
            widget=forms.PasswordInput(render_value=False, attrs=attributes), max_length=4_000, **told
        )
    if setting.kind == "choice":
        choices = [(value, words.say(language)) for value, words in setting.choices]
        return forms.ChoiceField(choices=choices, **told)
    if setting.kind == "flag":
        return forms.BooleanField(**{**told, "required": False})
    if setting.kind == "number":
        return forms.IntegerField(min_value=0, **told)
    if setting.kind == "words":
        told["help_text"] = " ".join(filter(None, [told["help_text"], _("Separated by commas.")]))
        return WordsField(**told)
    if setting.kind == "url":
        return forms.URLField(assume_scheme="https", max_length=2_000, **told)
    return forms.CharField(max_length=1_000, **told)


def _sentence(words: str) -> str:
    """The collector's hint as a sentence of ours."""
    if not words:
        return ""
    begun = f"{words[:1].upper()}{words[1:]}" if " " in words else words
    return begun if begun.endswith((".", "?", "…")) or " " not in words else f"{begun}."
