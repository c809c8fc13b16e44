"""Looking for words in what was said: words or their beginnings, without case or accents, anywhere in the past.

The index "mention_words" (migration 0013) is on this very expression. `simple` is PostgreSQL's plain dictionary: no
word is dropped as too common and none is cut down to its stem, so that what is found is what was typed.
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.db import connection, transaction
from django.db.models import BooleanField, F, Func, QuerySet, Value

from clients.listening.matching import plain
from clients.models import Author, Mention

# Few letters: each one costs at every character of every mention, and these are nearly all that French has.
ACCENTED = "éèêëàâäáãçîïíôöóõùûüúñ’"
UNACCENTED = "eeeeaaaaaciiioooouuuun'"
LONGEST = 200  # characters
RARE = 8_000  # mentions at most: fetched by their numbers; words in more of them are met soon enough along the list
_UNUSABLE = re.compile(r"[\\\0-\x1f\ud800-\udfff]")


class _WordsOf(Func):
    """The words of a mention, as the index has them."""

    template = (
        f"to_tsvector('simple'::regconfig, translate(lower(%(expressions)s), '{ACCENTED}', '{UNACCENTED[:-1]}'''))"
    )
    arg_joiner = " || ' ' || "
    output_field = SearchVectorField()


class _Sought(Func):
    template = "to_tsquery('simple'::regconfig, %(expressions)s)"
    output_field = SearchQueryField()


class _Holds(Func):
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()
    conditional = True


@dataclass(frozen=True)
class Sought:
    """What was typed: words to find in the texts, and accounts ("@name") whose words they must be."""

    words: tuple[str, ...]
    accounts: tuple[str, ...]

    @classmethod
    def read(cls, typed: str) -> "Sought":
        """The first 200 characters of what was typed; what no text can hold is dropped."""
        pieces = plain(_UNUSABLE.sub(" ", typed[:LONGEST])).split()
        return cls(
            tuple(piece for piece in pieces if piece[0] != "@" and any(char.isalnum() for char in piece)),
            tuple(piece[1:] for piece in pieces if piece[0] == "@" and piece != "@"),
        )

    def query(self) -> str:
        """The words in PostgreSQL's language: each one, or one that begins so."""
        return " & ".join("'" + word.replace("'", "''") + "':*" for word in self.words)


def by_accounts(found: QuerySet[Mention], sought: Sought) -> QuerySet[Mention]:
    """What was written by one of the accounts typed; everything when none was."""
    if not sought.accounts:
        return found
    return found.filter(author__in=[author for name in sought.accounts for author in _named(name)])


def _named(name: str) -> list[Author]:
    return list(Author.objects.filter(handle__iexact=name)[:RARE])


def holding(found: QuerySet[Mention], sought: Sought) -> QuerySet[Mention]:
    """The mentions that hold every word sought."""
    return found.filter(_holds(sought)) if sought.words else found


def rare(sought: Sought) -> list[int] | None:
    """The numbers of the mentions that hold every word, in no order; None when there are more than RARE.

    The index is forced: PostgreSQL guesses badly how many mentions hold the beginning of a word, and would rather read
    them all, which takes twenty seconds a million.
    """
    with transaction.atomic():
        _by_index_only(is_forced=True)
        numbers = list(Mention.objects.filter(_holds(sought)).order_by().values_list("pk", flat=True)[: RARE + 1])
        _by_index_only(is_forced=False)
    return numbers if len(numbers) <= RARE else None


def _by_index_only(*, is_forced: bool) -> None:
    """Until the transaction ends, or until told otherwise."""
    others = "off" if is_forced else "on"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('enable_seqscan', %(others)s, true), set_config('enable_indexscan', %(others)s, true)",
            {"others": others},
        )


def _holds(sought: Sought) -> Func:
    return _Holds(_WordsOf(F("title"), F("text")), _Sought(Value(sought.query())))
