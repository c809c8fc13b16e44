"""The list to sort narrowed by what its address says: a source, a watch, a language, words, what repeats a mention."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import pgettext

from agency.numbers import whole_number
from clients.admin.labels import reading_language
from clients.listening.reading.labels import value_words
from clients.selectors import mentions, watches
from clients.selectors.mentions import Narrowed
from clients.selectors.search import LONGEST


def narrowed_by(asked: QueryDict) -> Narrowed:
    """What the address asks for. Raises Http404 for a number that is none."""
    return Narrowed(
        source=_number(asked, "source"),
        watch=_number(asked, "requete"),
        language=asked.get("langue", "")[:3],
        sought=" ".join(asked.get("q", "").replace("\0", " ")[:LONGEST].split()),
        root=_number(asked, "racine"),
    )


def _number(asked: QueryDict, name: str) -> int | None:
    written = asked.get(name)
    if not written:
        return None
    number = whole_number(str(written))
    if number is None:
        raise Http404
    return number


def as_query(narrowed: Narrowed) -> dict[str, Any]:
    """The same as the address writes it, without what is not asked."""
    values = {
        "source": narrowed.source,
        "requete": narrowed.watch,
        "langue": narrowed.language,
        "q": narrowed.sought,
        "racine": narrowed.root,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def choices(narrowed: Narrowed) -> Mapping[str, Any]:
    """What the boxes above the list offer."""
    language = reading_language()
    codes = dict.fromkeys([*mentions.languages(), *([narrowed.language] if narrowed.language else [])])
    return {
        "sources": [("", pgettext("sources, watches, languages", "All")), *mentions.source_names()],
        "watches": [("", pgettext("sources, watches, languages", "All")), *watches.names()],
        "languages": [
            ("", pgettext("sources, watches, languages", "All")),
            *((code, value_words(code, language)) for code in codes),
        ],
    }
