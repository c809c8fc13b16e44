"""Which watches a text is about: whole words, named accounts and hashtags, without case or accents."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from clients.listening.reading.folding import composed, folded
from clients.listening.words import Words

TermKind = Literal["word", "handle", "hashtag"]
QUOTES = '"“”„«» '
_LINKED = ".bsky.social"  # where an account is often written with its domain and no @


@dataclass(frozen=True)
class Wanted:
    """What one watch listens for: see clients.models.Watch. `ignored_authors` are read and never counted."""

    watch_id: int
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    ignored_authors: Sequence[str] = ()
    required: Sequence[str] = ()
    handles: Sequence[str] = ()
    hashtags: Sequence[str] = ()
    languages: Sequence[str] = ()


@dataclass(frozen=True)
class Match:
    """A watch that a text is about, and whether its author counts in a surge."""

    watch_id: int
    is_counted: bool


@dataclass(frozen=True)
class Term:
    """One thing to look for. `text` is without quotes, @ or #, in one-space, composed form, case and accents kept."""

    kind: TermKind
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split())

    @property
    def has_prefix(self) -> bool:
        """Whether one of its words ends in *, which stands for any end of the word."""
        return any(len(word) > 1 and word.endswith("*") for word in self.words)

    @property
    def as_written(self) -> str:
        """With its @ or #, as a post would have it."""
        return {"word": "", "handle": "@", "hashtag": "#"}[self.kind] + self.text

    def put_in(self, words: Words) -> Words:
        """The sentence with the term at its {what}, words in quotes."""
        is_word = self.kind == "word"
        fr, en = (f"«\u00a0{self.text}\u00a0»", f"“{self.text}”") if is_word else (self.as_written,) * 2
        return Words(words.fr.format(what=fr), words.en.format(what=en))

    def pattern(self) -> str:
        """A regular expression over `folded(composed(text))`, without the boundary on its left."""
        if self.kind == "handle":
            return _handle_pattern(folded(self.text))
        if self.kind == "hashtag":
            return "[#\uff03]" + _word_pattern(folded(self.text))
        return r"\s+".join(_word_pattern(word, last=False) for word in folded(self.text).split()) + _end(self.text)


def terms(wanted: Wanted) -> list[Term]:
    """The words, accounts and hashtags of which one has to be there; empty when every text will do."""
    found = [term for word in wanted.include if (term := word_term(word))]
    found += [Term("handle", name) for handle in wanted.handles if (name := _bare(handle, "@"))]
    found += [Term("hashtag", name) for tag in wanted.hashtags if (name := _bare(tag, "#\uff03").replace(" ", ""))]
    return list(dict.fromkeys(found))


def word_terms(words: Iterable[str]) -> list[Term]:
    """Words or phrases as terms, empty ones and repeats left out."""
    return list(dict.fromkeys(term for word in words if (term := word_term(word))))


def word_term(word: str) -> Term | None:
    """The word or phrase without the quotes around it; None when nothing is left to look for."""
    text = " ".join(composed(word).strip(QUOTES).split())
    return Term("word", text) if text.strip("* ") else None


def _bare(name: str, signs: str) -> str:
    """The name without quotes and its @ or #; "" when nothing but a star is left."""
    bare = " ".join(composed(name).strip(QUOTES).lstrip(signs).split())
    return bare if bare.strip("* ") else ""


def _word_pattern(word: str, *, last: bool = True) -> str:
    if len(word) > 1 and word.endswith("*"):
        return re.escape(word.rstrip("*")) + r"\w*"
    return re.escape(word) + (r"(?!\w)" if last else "")


def _end(text: str) -> str:
    return "" if text.endswith("*") else r"(?!\w)"


def _handle_pattern(handle: str) -> str:
    """@name also stands for @name@instance and @name.domain, and @name@instance for the bare @name."""
    name, at, _instance = handle.partition("@")
    full = re.escape(handle)
    bare = rf"(?<![@.-]){full}"
    if at:
        return rf"(?:@{full}|{bare}|@{re.escape(name)}(?![\w@]|\.\w))(?!\w)"
    return rf"(?:@{full}|{bare})(?!\w)" if handle.endswith(_LINKED) else rf"@{full}(?!\w)"


def simple(text: str) -> str:
    """Lower case, no accents, plain apostrophes and spaces: what patterns are searched in."""
    return folded(composed(text))


def plain(text: str) -> str:
    """The `simple` form with single spaces: how texts and words are compared."""
    return " ".join(simple(text).split())


def pattern_of(wanted: Sequence[Term]) -> re.Pattern[str] | None:
    """Matches any of the terms in a `simple` text; None when there is none."""
    if not wanted:
        return None
    longest_first = sorted({term.pattern() for term in wanted}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(longest_first) + ")")


def _handle(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()


def main_language(code: str) -> str:
    """ "fr" of "fr-CA"; "" when the language is not known."""
    code = code.strip().lower().replace("_", "-").partition("-")[0]
    return "" if code in {"und", "zxx"} else code


class Rule:
    """A watch made ready to be asked about many texts."""

    def __init__(self, wanted: Wanted) -> None:
        self.watch_id = wanted.watch_id
        self.one_of = pattern_of(terms(wanted))
        self.all_of = tuple(
            pattern for term in word_terms(wanted.required) if (pattern := pattern_of([term])) is not None
        )
        self.none_of = pattern_of(word_terms(wanted.exclude))
        self.languages = frozenset(code for one in wanted.languages if (code := main_language(one)))
        self.ignored = frozenset(_handle(handle) for handle in wanted.ignored_authors)

    def speaks(self, language: str) -> bool:
        """Whether the language will do; "" for unknown does."""
        return not (self.languages and language and language not in self.languages)

    def holds(self, text: str, language: str) -> bool:
        """Whether the watch catches a `simple` text whose `main_language` is that one."""
        return (
            (self.one_of is None or self.one_of.search(text) is not None)
            and all(pattern.search(text) for pattern in self.all_of)
            and not (self.none_of is not None and self.none_of.search(text))
            and self.speaks(language)
        )


class Matcher:
    """All the watches of a client at once: `matches(text, author_handle, language)`."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._rules = [Rule(one) for one in wanted]

    def matches(self, text: str, author_handle: str = "", language: str = "") -> list[Match]:
        """The watches that the text is about, in the order given. `language` is a code, "" when unknown: it passes.

        Who wrote it never counts as an account named, only as one not to be counted.
        """
        ready, author, spoken = simple(text), _handle(author_handle), main_language(language)
        return [
            Match(rule.watch_id, not (author and author in rule.ignored))
            for rule in self._rules
            if rule.holds(ready, spoken)
        ]
