"""How a mention is shown: as it came, made harmless; its changes; the words that a watch caught."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from clients.listening.changes import changes
from clients.listening.display import harmless
from clients.listening.explaining import Explanation

register = template.Library()

_TAGS = {"same": ("", ""), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}


@register.filter
def made_harmless(original: str) -> SafeString:
    """HTML of others, through the allow-list."""
    return mark_safe(harmless(original))  # noqa: S308 (the one place where it is: see clients.listening.display)


@register.filter
def changed_to(before: str, after: str) -> SafeString:
    """Both texts as one, with <del> and <ins>."""
    pieces = ((mark_safe(_TAGS[kind][0]), text, mark_safe(_TAGS[kind][1])) for kind, text in changes(before, after))  # noqa: S308
    return format_html_join("", "{}{}{}", pieces)


@register.filter
def highlighted(told: Explanation) -> SafeString:
    """The text with what let it in, or kept it out, in <mark>."""
    pieces, done = [], 0
    for span in told.spans:
        pieces.append(("", told.text[done : span.start], ""))
        opening = '<mark class="keeps-out">' if span.keeps_out else "<mark>"
        pieces.append((mark_safe(opening), told.text[span.start : span.end], mark_safe("</mark>")))  # noqa: S308
        done = span.end
    pieces.append(("", told.text[done:], ""))
    return format_html_join("", "{}{}{}", pieces)
