"""Which monitoring tool an export comes from, told by the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence

from clients.listening.origins import folded

# Columns that this tool's exports have together and that no other's do. Sources: exports and their descriptions seen
# for Meltwater and Brandwatch (tests/fixtures/meltwater, tests/fixtures/brandwatch), Talkwalker's field names.
_TELL_TALE: dict[str, frozenset[str]] = {
    "Meltwater": frozenset({"document id", "hit sentence", "opening text"}),
    "Brandwatch": frozenset({"query id", "query name", "thread id"}),
    "Talkwalker": frozenset({"published", "source type", "extra author attributes name"}),
}


def recognised(header: Sequence[str]) -> str:
    """The tool's name; "" for a table that could be anybody's."""
    columns = {folded(name) for name in header}
    return next((tool for tool, tell_tale in _TELL_TALE.items() if tell_tale <= columns), "")


def signature(header: Sequence[str]) -> str:
    """What the tables of one shape have in common, whatever their order of columns, case and accents."""
    return "|".join(sorted(folded(name) for name in header))
