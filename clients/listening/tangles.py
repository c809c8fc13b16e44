"""Markup made to exhaust whoever builds its tree: told beforehand, in one pass, from an upper bound of the work.

A browser's parser opens every formatting element that is still open again in each block (HTML standard, "reconstruct
the active formatting elements"), and looks through all open elements at each block: 99 kB of fonts never closed took
36 s and 3 GB, 100,000 nested blocks 24 s.
"""

import re

MOST_REOPENED = 500_000  # elements that may be made on top of those written: about half a second, 120 MB
MOST_LOOKED_AT = 20_000_000  # open elements looked at: about 0.2 s
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)", re.I)
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"))
_VOID = frozenset(("br", "img", "hr", "wbr", "input", "meta", "link"))
# Among these an end tag ends what it names; within others (tables, drawings, raw text) it may be passed over.
_BLOCKS = frozenset(("blockquote", "div", "figcaption", "figure", "li", "ol", "p", "pre", "ul"))
_INLINE = frozenset(("a", "abbr", "cite", "h1", "h2", "h3", "h4", "h5", "h6", "q", "span", "sub", "sup"))
_PLAIN = _FORMATTING | _VOID | _BLOCKS | _INLINE


def is_tangled(markup: str) -> bool:
    """Whether building the tree of this markup could take more than a moment. Linear in its length."""
    tags = [(closing, name.lower()) for closing, name in _TAG.findall(markup)]
    believes_ends = "<!" not in markup and all(name in _PLAIN for _, name in tags)
    formats: dict[str, int] = {}
    open_formats = depth = reopened = looked_at = 0
    for closing, name in tags:
        step = -1 if closing else 1
        if closing and not believes_ends:
            continue
        if not closing:
            reopened += open_formats
            looked_at += depth
        if name in _FORMATTING:
            known = formats.get(name, 0)
            formats[name] = max(0, known + step)
            open_formats += formats[name] - known
        elif name not in _VOID:
            depth = max(0, depth + step)
    return reopened > MOST_REOPENED or looked_at > MOST_LOOKED_AT
