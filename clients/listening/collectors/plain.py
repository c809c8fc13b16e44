"""Plain text out of the HTML that feeds carry, and plain links out of wrapped ones."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urljoin, urlsplit

from clients.listening.raw import is_web_address, storable

_BLOCK = re.compile(  # ends a line
    "address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre"
    "|section|table|td|th|tr|ul",
    re.I,
)
_INSIDE = r"""(?:=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))|[^>=]++|=)*+(?:>|\Z)"""  # of a tag, to its end
# A browser's tokens, in one pass whatever the nesting: each alternative ends at the latest with the text, so that no
# place is looked at twice. A browser's tree of hostile markup may take minutes and gigabytes to build.
_TOKEN = re.compile(
    rf"<!--.*?(?:--!?>|\Z)|<!\[CDATA\[|\]\]>"
    rf"|<(?:script|style)(?=[\s/>]){_INSIDE}.*?(?:</(?:script|style)(?=[\s/>]){_INSIDE}|\Z)"
    rf"|</?([a-z][^\s/>]*+){_INSIDE}|<[!?/][^>]*+(?:>|\Z)",
    re.S | re.I,
)
_ENDLESS_NUMBER = re.compile(r"&#(?:\d{1000,}|x[0-9a-f]{1000,});?", re.I)  # Python refuses to read it
_SPACES = re.compile(r"[ \t\r\f\v]+")
_LINE_ENDS = re.compile(r" ?\n[ \n]*")
_MARKUP = re.compile(
    r"<(?:/?[a-zA-Z][\w:-]*(?:\s[^<>]*)?/?|!--.*?--)>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);", re.S
)


def from_html(markup: str) -> str:
    """The text of a piece of HTML, one line a block; scripts, styles and comments are no text. Time and memory grow
    with the length alone."""
    text = _TOKEN.sub(_between, markup) if "<" in markup else markup
    return tidy(html.unescape(_ENDLESS_NUMBER.sub("\ufffd", text) if "&#" in text else text))


def _between(token: re.Match[str]) -> str:
    """What a tag leaves in the text: the end of a line, or nothing."""
    return "\n" if _BLOCK.fullmatch(token.group(1) or "") else ""


def from_either(text: str) -> str:
    """The text of something that may be HTML or not: titles often are, without saying so."""
    return from_html(text) if _MARKUP.search(text) else tidy(text)


def rated(stars: str, title: str) -> str:
    """The title of a review with its stars before it: "2/5 · Trop lent"."""
    return f"{stars.strip()}/5 · {title}" if re.fullmatch(r"\s*[1-5]\s*", stars) else title


def tidy(text: str) -> str:
    """Runs of blanks as one, no blank lines, nothing that cannot be stored. No-break spaces are the author's: kept."""
    return _LINE_ENDS.sub("\n", _SPACES.sub(" ", storable(text))).strip()


def link(url: str, base: str = "") -> str:
    """The link that a reader would end on: absolute, Google's redirects unwrapped; "" when it is not a web address."""
    try:
        absolute = urljoin(base, storable(url).strip()).replace(" ", "%20")
        parts = urlsplit(absolute)
        if re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", parts.hostname or "") and parts.path == "/url":
            asked = parse_qs(parts.query)
            absolute = storable((asked.get("url") or asked.get("q") or [absolute])[0])
            _ = urlsplit(absolute).hostname  # what is unwrapped may be no address at all
    except ValueError:
        return ""
    return absolute if is_web_address(absolute) and len(absolute) <= 2_000 else ""
