"""How the words of others are shown to the staff: whole and in order, what hurts blurred until asked for."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clients.listening.insults import KINDS, Insult, insults

register = template.Library()


@register.simple_tag(takes_context=True)
def spoken(context: Mapping[str, Any], text: str, most: int = 0, asks: bool = False) -> SafeString:
    """The text, escaped; in a `most` given, its first characters. Whoever asked to see insults at once sees them.

    In a list (with `most`) what hurts is only blurred, and a screen reader hears that a word is; whole, or where no
    page shows it whole (`asks`), a switch before the text shows it.
    """
    shown = Truncator(text or "").chars(most) if most else text or ""
    found = () if getattr(context.get("user"), "shows_insults", False) else insults(text or "")
    kept = len(shown) if shown == text else max(len(shown) - 1, 0)  # the last character is the ellipsis
    cut = [one for one in found if one.start < kept]
    if not cut:
        return mark_safe(escape(shown))  # noqa: S308 (escaped here)
    has_switch = asks or not most
    veiled = _veiled(shown, cut, kept, is_told=not has_switch)
    return veiled if not has_switch else format_html('<span class="veil">{}{}</span>', _switch(cut), veiled)


def _veiled(shown: str, found: list[Insult], kept: int, *, is_told: bool) -> SafeString:
    """The same characters in the same order, each insult in a span of its own; `is_told`: and said to be one."""
    pieces, done = [], 0
    for one in found:
        end = min(one.end, kept)
        pieces += [escape(shown[done : one.start]), _hidden(shown[one.start : end], is_told=is_told)]
        done = end
    return mark_safe("".join([*pieces, escape(shown[done:])]))  # noqa: S308 (each piece is escaped)


def _hidden(words: str, *, is_told: bool) -> str:
    blurred = format_html('<span class="insult" aria-hidden="true">{}</span>', words)
    if not is_told:
        return blurred
    return format_html('{}<span class="visually-hidden">{}</span>', blurred, _("(insult, blurred)"))


def _switch(found: list[Insult]) -> SafeString:
    """A checkbox: it works with a mouse, a keyboard and a screen reader, and without a script for the eyes."""
    language = "en" if get_language() == "en" else "fr"
    reasons = ", ".join(dict.fromkeys(KINDS[one.kind].say(language) for one in found))
    words = ngettext("Show %(count)d blurred word", "Show %(count)d blurred words", len(found)) % {"count": len(found)}
    return format_html(
        '<label class="veil-switch ui" title="{}"><input type="checkbox" data-veil> {} <span class="quiet">({})</span>'
        "</label>",
        _("Blurred so that nobody has to read it all night; nothing is removed."), words, reasons,
    )  # fmt: skip
