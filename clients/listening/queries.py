"""The watches in each network's own words, so that it sends what they ask for, and as little else as can be.

A query may bring more than the watches want, which is filtered here afterwards; it should never bring less. Where a
network cannot say a condition, the condition is left out of its query. What cannot be looked for at all is told in
`Plan.unsaid`.

X: a query has at most 512 characters; words side by side are all required, and bind tighter than OR; quotes make a
phrase; `-` refuses one term; words are compared token by token, accents aside; `lang:` names a language and goes with
another term (docs.x.com/x-api/posts/search/integrate/build-a-query, developer.x.com/en/docs/x-api/enterprise/
search-api/guides/operators).
Bluesky: words side by side are all required, quotes make a phrase; nothing else is promised (lexicon
app.bsky.feed.searchPosts). Mastodon: timelines of hashtags, and a search of words and phrases where the instance has
one (docs.joinmastodon.org/methods/search). Reddit: AND, OR, quotes and parentheses, 512 characters (the site's search
help). YouTube: `|` between words is OR and binds tighter than a space (Data API, search.list, parameter q).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from clients.listening.matching import Term, Wanted, main_language, terms, word_terms
from clients.listening.reading.folding import folded
from clients.listening.words import Words

X_LIMIT = 512  # characters
REDDIT_LIMIT = 512
YOUTUBE_LIMIT = 400  # none is documented; addresses stay short
_X_HANDLE_LIMIT = 15
_OPERATORS = {"OR", "AND", "NOT"}
# The languages that X sees most: those that a watch does not want are refused. What X cannot name passes, as it does
# here; so do rarer languages, which are filtered here.
_BUSY_LANGUAGES = ("en", "es", "pt", "ja", "ar", "fr", "tr", "de", "ko", "it")

_PREFIX = Words(
    "{what}\u00a0: ce réseau ne cherche pas de débuts de mots",
    "{what}: this network does not look for beginnings of words",
)
_SIGNS = Words("{what}\u00a0: ce réseau ne cherche que des lettres", "{what}: this network looks for letters only")


@dataclass(frozen=True)
class Plan:
    """What a network would be asked, and what it cannot be asked. `takes_all`: a watch wants every post."""

    queries: tuple[str, ...]
    unsaid: tuple[Words, ...] = ()
    takes_all: bool = False


Say = Callable[[Term], list[str]]


def x(wanted: Sequence[Wanted], limit: int = X_LIMIT) -> list[str]:
    """Queries of X's API v2, each of at most `limit` characters; [] when a watch takes every post."""
    return list(x_plan(wanted, limit).queries)


def bluesky(wanted: Sequence[Wanted]) -> list[str]:
    """Queries of Bluesky's search, one for each thing looked for; [] when a watch takes every post."""
    return list(bluesky_plan(wanted).queries)


def mastodon_hashtags(wanted: Sequence[Wanted]) -> list[str]:
    """The hashtags, without #, whose timelines are to be read; [] when a watch takes every post."""
    return [] if _takes_all(wanted) else _unique(tag for one in wanted for tag in _tags(one))


def mastodon_searches(wanted: Sequence[Wanted]) -> list[str]:
    """Words and phrases for an instance's search; [] when a watch takes every post."""
    return list(mastodon_plan(wanted).queries)


def reddit(wanted: Sequence[Wanted], limit: int = REDDIT_LIMIT) -> list[str]:
    """Queries of Reddit's search, each of at most `limit` characters; [] when a watch takes every post."""
    return list(reddit_plan(wanted, limit).queries)


def youtube(wanted: Sequence[Wanted], limit: int = YOUTUBE_LIMIT) -> list[str]:
    """Queries for videos, under which comments are read; [] when a watch takes every post."""
    return list(youtube_plan(wanted, limit).queries)


def x_plan(wanted: Sequence[Wanted], limit: int = X_LIMIT) -> Plan:
    """See `x`."""
    return _grouped(wanted, limit, _x_terms, " ", _x_refusals)


def reddit_plan(wanted: Sequence[Wanted], limit: int = REDDIT_LIMIT) -> Plan:
    """See `reddit`. Exclusions stay here: there they would also refuse the names of people and forums."""
    return _grouped(wanted, limit, _reddit_terms, " AND ", lambda one: [])


def bluesky_plan(wanted: Sequence[Wanted]) -> Plan:
    """See `bluesky`."""
    found: list[str] = []
    unsaid: list[Words] = []
    for one in wanted:
        clauses = _clauses(one, _bluesky_terms, unsaid)
        if clauses:
            first, *others = clauses
            rest = [clause[0] for clause in others if len(clause) == 1]
            found += [" ".join([term, *rest]) for term in first]
    return _plan(wanted, _not_covered(_unique(found)), unsaid)


def mastodon_plan(wanted: Sequence[Wanted]) -> Plan:
    """See `mastodon_searches`; the hashtags of `mastodon_hashtags` are not searched again."""
    found: list[str] = []
    unsaid: list[Words] = []
    for one in wanted:
        clauses = _clauses(one, _mastodon_terms, unsaid)
        tags = {f"#{tag}" for tag in _tags(one)}
        found += [term for term in (clauses[0] if clauses else []) if term not in tags]
    return _plan(wanted, _unique(found), unsaid)


def youtube_plan(wanted: Sequence[Wanted], limit: int = YOUTUBE_LIMIT) -> Plan:
    """See `youtube`. Only what one of must be there is asked: the rest may well be in a comment."""
    unsaid: list[Words] = []
    found = [term for one in wanted for clause in _clauses(one, _youtube_terms, unsaid)[:1] for term in clause]
    return _plan(wanted, ["|".join(part) for part in _parts(_unique(found), "|", limit)], unsaid)


def _plan(wanted: Sequence[Wanted], queries: Iterable[str], unsaid: Iterable[Words]) -> Plan:
    if _takes_all(wanted):
        return Plan((), (), takes_all=True)
    return Plan(tuple(queries), tuple(dict.fromkeys(unsaid)))


def _takes_all(wanted: Sequence[Wanted]) -> bool:
    return any(not terms(one) and not word_terms(one.required) for one in wanted)


def _clauses(one: Wanted, say: Say, unsaid: list[Words]) -> list[list[str]]:
    """Conditions that a post meets all of, each a list of terms of which one has to be there.

    The first is the one to ask for. A condition that the network cannot say whole is left to us, unless it is the only
    one: then the part that it can say is asked for.
    """
    conditions = [one_of for one_of in (terms(one), *([term] for term in word_terms(one.required))) if one_of]
    whole: list[list[str]] = []
    part: list[list[str]] = []
    for condition in conditions:
        said = [(term, say(term)) for term in condition]
        parts = _unique(form for _term, forms in said for form in forms)
        (whole if all(forms for _term, forms in said) else part).append(parts)
    if whole:
        return whole
    asked = next((number for number, parts in enumerate(part) if parts), None)
    left = conditions if asked is None else conditions[asked : asked + 1]
    unsaid += [_why_not(term) for condition in left for term in condition if not say(term)]
    return [] if asked is None else [part[asked]]


def _why_not(term: Term) -> Words:
    return term.put_in(_PREFIX if term.has_prefix else _SIGNS)


def _grouped(wanted: Sequence[Wanted], limit: int, say: Say, both: str, refuse: Callable[[Wanted], list[str]]) -> Plan:
    """Queries of groups joined by OR: the watches with the same conditions share one group, small groups one query."""
    unsaid: list[Words] = []
    groups: dict[tuple[str, ...], list[str]] = {}
    for one in wanted:
        if clauses := _clauses(one, say, unsaid):
            first, *others = clauses
            tail = _fitting([*map(_either, others), *refuse(one)], both, limit - max(map(len, first)) - len(both))
            groups.setdefault(tail, []).extend(first)
    written = [
        both.join([_either(part) if tail else " OR ".join(part), *tail])
        for tail, found in groups.items()
        for part in _parts(_unique(found), " OR ", limit - len(both.join(("", *tail))) - 2 * bool(tail))
    ]
    return _plan(wanted, _joined(written, limit), unsaid)


def _fitting(conditions: Sequence[str], both: str, room: int) -> tuple[str, ...]:
    """As many of the conditions as there is room for, beginning with the first."""
    kept: list[str] = []
    for condition in conditions:
        if len(both.join([*kept, condition])) + 2 <= room:
            kept.append(condition)
    return tuple(kept)


def _either(clause: Sequence[str]) -> str:
    return f"({' OR '.join(clause)})" if len(clause) > 1 else clause[0]


def _parts(found: Sequence[str], between: str, room: int) -> list[list[str]]:
    """The terms in lists that fit the room once joined."""
    parts: list[list[str]] = []
    for term in found:
        if parts and len(between.join([*parts[-1], term])) <= room:
            parts[-1].append(term)
        else:
            parts.append([term])
    return parts


def _joined(groups: Sequence[str], limit: int) -> list[str]:
    """The groups in as few queries as fit the limit."""
    parts = _parts([f"({group})" for group in groups], " OR ", limit)
    return [" OR ".join(part) if len(part) > 1 else part[0][1:-1] for part in parts]


def _unique(found: Iterable[str]) -> list[str]:
    """Without repeats: no network tells capitals from small letters."""
    first: dict[str, str] = {}
    for form in found:
        first.setdefault(form.lower(), form)
    return list(first.values())


def _not_covered(found: Sequence[str]) -> list[str]:
    """Without the queries that ask for more conditions than another one that asks for some of the same."""
    split = {query: frozenset(_pieces(query)) for query in found}
    return [query for query in found if not any(other < split[query] for other in split.values())]


def _pieces(query: str) -> list[str]:
    return [
        piece
        for is_phrase, group in groupby(enumerate(query.split('"')), key=lambda part: part[0] % 2 == 1)
        for _number, text in group
        for piece in ([f'"{text}"'] if is_phrase else text.split())
    ]


def _forms(text: str) -> list[str]:
    """As written, and without its accents: not every network sets them aside."""
    return _unique([text, folded(text)]) if folded(text) != text.lower() else [text]


def _is_word(text: str) -> bool:
    return text.replace("_", "a").isalnum()


def _phrase(text: str) -> str:
    """The text as one word or a quoted phrase; quotes inside it would end it."""
    bare = " ".join(text.replace('"', " ").split())
    return bare if bare.isalnum() and bare not in _OPERATORS else f'"{bare}"'


def _is_sayable(term: Term) -> bool:
    return not term.has_prefix and any(char.isalnum() for char in term.text)


def _x_terms(term: Term) -> list[str]:
    if term.has_prefix or not term.text.strip('" '):
        return []
    if term.kind == "word" and term.text[0] in "@#" and _is_word(term.text[1:]):
        return _forms(term.text)
    if term.kind == "word":
        return _unique(form for text in _forms(term.text) for form in [_phrase(text), *_as_names(text)])
    if term.kind == "hashtag":
        return [f"#{text}" if _is_word(text) else _phrase(text) for text in _forms(term.text)]
    name = term.text.partition("@")[0]
    bare = [f"@{name}"] if _is_x_handle(name) else []
    return bare if name == term.text and bare else [*bare, _phrase(term.text)]


def _as_names(text: str) -> list[str]:
    """One word also counts here as a hashtag or an account: ask for them too, in case X tells them apart."""
    tag = [f"#{text}"] if _is_word(text) and not text.isdigit() else []
    return tag + ([f"@{text}"] if _is_x_handle(text) else [])


def _is_x_handle(text: str) -> bool:
    return text.isascii() and _is_word(text) and len(text) <= _X_HANDLE_LIMIT


def _x_refusals(one: Wanted) -> list[str]:
    """Only what X refuses no more broadly than we do: single words, and the busiest of the languages not wanted."""
    words = [
        f"-{text}"
        for term in word_terms(one.exclude)
        if not term.has_prefix and (term.text.isalnum() or (term.text[0] in "@#" and _is_word(term.text[1:])))
        for text in _forms(term.text)
        if text not in _OPERATORS
    ]
    ours = {main_language(code) for code in one.languages} - {""}
    return words + [f"-lang:{code}" for code in _BUSY_LANGUAGES if ours and code not in ours]


def _reddit_terms(term: Term) -> list[str]:
    return [_phrase(text.lstrip("@#")) for text in _forms(term.text)] if _is_sayable(term) else []


def _bluesky_terms(term: Term) -> list[str]:
    if not _is_sayable(term):
        return []
    if term.kind == "hashtag" and _is_word(term.text):
        return [f"#{term.text}"]
    known_as = [f'"{term.text}.bsky.social"'] if term.kind == "handle" and _is_word(term.text) else []
    return [_phrase(term.text), *known_as]


def _mastodon_terms(term: Term) -> list[str]:
    if not _is_sayable(term):
        return []
    if term.kind == "hashtag" or (term.text[0] == "#" and _is_word(term.text[1:])):
        return ["#" + term.text.lstrip("#")]
    return [_phrase(term.text.lstrip("@"))]


def _tags(one: Wanted) -> list[str]:
    """The watch's hashtags, those written among its words included."""
    return [
        text
        for term in terms(one)
        if term.kind == "hashtag" or (term.kind == "word" and term.text[0] == "#")
        if _is_word(text := term.text.lstrip("#"))
    ]


def _youtube_terms(term: Term) -> list[str]:
    return [_phrase(term.text.lstrip("@#"))] if _is_sayable(term) else []
