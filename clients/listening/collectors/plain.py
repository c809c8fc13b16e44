"""Plain text out of the HTML that feeds carry, and plain links out of wrapped ones."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urljoin, urlsplit

import nh3

from clients.listening.raw import is_web_address, storable

_BLOCKS = {"p", "br", "div", "li", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "dt", "dd"}
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_BLOCKS))})>")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_LINE_ENDS = re.compile(r" ?\n[ \n]*")
_MARKUP = re.compile(
    r"<(?:/?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?|!--.*?--)>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);", re.S
)


def from_html(markup: str) -> str:
    """The text of a piece of HTML, one line a block. nh3 is a browser's parser: what it returns has plain tags only,
    and every other < is written &lt;, so the tags of blocks can be replaced by name."""
    cleaned = nh3.clean(markup, tags=_BLOCKS, attributes={}, link_rel=None)
    return tidy(html.unescape(_BLOCK_TAG.sub("\n", cleaned)))


def from_either(text: str) -> str:
    """The text of something that may be HTML or not: titles often are, without saying so."""
    return from_html(text) if _MARKUP.search(text) else tidy(text)


def tidy(text: str) -> str:
    """Runs of blanks as one, no blank lines, nothing that cannot be stored. No-break spaces are the author's: kept."""
    return _LINE_ENDS.sub("\n", _SPACES.sub(" ", storable(text))).strip()


def link(url: str, base: str = "") -> str:
    """The link that a reader would end on: absolute, Google's redirects unwrapped; "" when it is not a web address."""
    try:
        absolute = urljoin(base, url.strip()).replace(" ", "%20")
        parts = urlsplit(absolute)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", host) and parts.path == "/url":
        asked = parse_qs(parts.query)
        absolute = (asked.get("url") or asked.get("q") or [absolute])[0]
    return absolute if is_web_address(absolute) and len(absolute) <= 2_000 else ""
