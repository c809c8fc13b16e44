"""Blanks of a text to copy, written {{ville}}: which there are, and the text once each is filled in.

A text never leaves with a blank: "votre commande de {{ville}}" in public makes a crisis of its own.
"""

import re
from collections.abc import Mapping

_BLANK = re.compile(r"\{\{([^{}\n]{1,60})\}\}")
LONGEST_VALUE = 200


class Unresolved(ValueError):
    """Some blanks have no value, or braces are left that close nothing; `names` are those to fill in."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        super().__init__(", ".join(names))


def blanks_of(*texts: str) -> tuple[str, ...]:
    """The names of the blanks, each once, in reading order; {{ ville }} and {{Ville}} are the same."""
    found = (_named(name) for text in texts for name in _BLANK.findall(text))
    return tuple(dict.fromkeys(name for name in found if name))


def is_malformed(text: str) -> bool:
    """Whether braces are left that make no blank: "{{ville}" would go out as it is."""
    rest = _BLANK.sub(lambda match: "" if _named(match[1]) else match[0], text)
    return "{{" in rest or "}}" in rest


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks replaced. Raises Unresolved for an empty one, or for braces that are left."""
    given = {_named(name): " ".join(value.split())[:LONGEST_VALUE] for name, value in values.items()}
    missing = tuple(name for name in blanks_of(text) if not given.get(name) or set("{}") & set(given[name]))
    if missing or is_malformed(text):
        raise Unresolved(missing)
    return _BLANK.sub(lambda match: given[_named(match[1])], text)


def _named(written: str) -> str:
    return " ".join(written.split()).casefold()
