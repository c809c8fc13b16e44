"""A post as it came, made harmless where it is shown: what is stored is never changed."""

import re
from html import escape

import nh3

from clients.listening.tangles import is_tangled

_TAGS = {"p", "br", "a", "strong", "b", "em", "i", "s", "blockquote", "ul", "ol", "li", "code", "pre", "h3", "h4", "h5"}
_DROPPED_WITH_CONTENT = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"}
_LOOKS_LIKE_HTML = re.compile(r"<(?:[a-z][a-z0-9]*(?:\s[^<>]*)?/?|/[a-z][a-z0-9]*\s*|!--)>?", re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*(?:https?://|mailto:)", re.IGNORECASE)
LONGEST = 200_000  # characters


def is_html(original: str) -> bool:
    """Whether the text is to be read as HTML rather than letter by letter."""
    return _LOOKS_LIKE_HTML.search(original) is not None


def harmless(original: str) -> str:
    """HTML with paragraphs, lists, emphasis and links only: no image, style, script, form or frame, no other attribute.

    Links lead to http, https or mail addresses and tell them nothing of us. Markup made to exhaust its reader is shown
    letter by letter.
    """
    shown = original[:LONGEST]
    if is_tangled(shown):
        return escape(shown)
    return nh3.clean(
        shown,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"*": set(), "a": {"href"}},
        attribute_filter=_leads_outside,
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer noopener nofollow",
        strip_comments=True,
    )


def _leads_outside(tag: str, attribute: str, value: str) -> str | None:
    """A link without a scheme would lead into our own pages: it is none."""
    return value if attribute != "href" or _OUTSIDE.match(value) else None


def as_text(original: bytes | memoryview) -> str:
    """The bytes kept as text; what is not UTF-8 is shown as �."""
    return bytes(original).decode("utf-8", "replace")
