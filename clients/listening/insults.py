"""Words that hurt whoever reads them all night: found, with the reason, so that a page may blur them until asked.

A list, not a judgement: it hides words from the reader's eyes and counts nothing. Pure: no Django here.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from clients.listening.words import Words

KINDS: dict[str, Words] = {
    "insult": Words("insulte", "insult"),
    "origin": Words("injure sur l’origine ou la religion", "slur about origin or religion"),
    "gender": Words("injure sur le sexe ou la sexualité", "slur about gender or sexuality"),
    "disability": Words("injure sur un handicap", "slur about a disability"),
    "threat": Words("menace ou appel à se faire du mal", "threat, or call to self-harm"),
}

# A blank stands for one to three blanks, hyphens or apostrophes; a letter for as many of it as were typed, a doubled
# one for two at least (Niger is a country). What is another word elsewhere (con, retard, fagot) is not listed alone.
_LISTED: dict[str, tuple[str, ...]] = {
    "insult": (
        "conard", "conards", "conase", "conases", "encule", "encules", "enfoire", "enfoires",
        "enfoiree", "salaud", "salauds", "salopard", "salopards", "abruti", "abrutis", "abrutie", "cretin", "cretins",
        "cretine", "imbecile", "imbeciles", "batard", "batards", "raclure", "raclures", "crevure", "crevures",
        "tocard", "tocards", "bolos", "bolose", "fdp", "ntm", "ftg", "ta gueule", "ferme ta gueule", "vos gueules",
        "fils de pute", "fils de putes", "fils de chien", "trou du cul", "trous du cul", "sous merde", "sous merdes",
        "grose merde", "groses merdes", "tas de merde", "va te faire foutre", "alez vous faire foutre",
        "va te faire enculer", "alez vous faire enculer", "nique ta mere", "nique ta race", "nique vos meres",
        "gros con", "sale con", "pauvre con", "pauvres cons", "quel con", "quels cons", "bande de cons", "t es con",
        "espece de con", "espece de cons", "vous etes des cons", "sale cone", "pauvre cone", "grose cone",
        "sale ordure", "espece d ordure", "bande d ordures", "sale pouriture", "sale fumier", "espece de fumier",
        "bande de fumiers", "sale porc", "gros porc", "sale rat", "sale vermine", "bande de chiens",
        "ashole", "asholes", "arsehole", "arseholes", "motherfucker", "motherfuckers", "fuck you", "fuck off",
        "go fuck yourself", "bastard", "bastards", "moron", "morons", "scumbag", "scumbags", "dickhead", "dickheads",
        "wanker", "wankers", "twat", "twats", "shithead", "shitheads", "piece of shit", "pieces of shit", "dumbas",
        "stfu", "son of a bitch", "sons of bitches", "prick", "pricks",
    ),
    "origin": (
        "bougnoule", "bougnoules", "bougnoul", "bicot", "bicots", "youpin", "youpins", "youpine", "negro de merde",
        "sale arabe", "sales arabes", "sale juif", "sales juifs", "sale noir", "sales noirs", "sale negre", "negre",
        "negrese", "negres", "chinetoque", "chinetoques", "bamboula", "bamboulas", "sale blanc",
        "romanichel de merde", "nigger", "niggers", "nigga", "niggas", "kike", "kikes", "paki", "pakis", "chink",
        "chinks", "towelhead", "towelheads", "wetback", "wetbacks",
    ),
    "gender": (
        "pute", "putes", "salope", "salopes", "petase", "petases", "poufiase", "poufiases", "pouf de merde",
        "sale chiene", "grose chiene", "espece de chiene", "grose vache", "grose truie", "sale truie", "sale trainee",
        "pede", "pedes", "pedale de merde", "sale pedale", "tapete", "tapetes", "gouine", "gouines", "tarlouze",
        "tarlouzes", "lopete", "lopetes", "travelo", "travelos", "mal baisee", "mal baisees", "suceuse", "suceuses",
        "bitch", "bitches", "cunt", "cunts", "whore", "whores", "slut", "sluts", "faggot", "faggots", "fag", "fags",
        "dyke", "dykes", "trany", "tranies",
    ),
    "disability": (
        "debile", "debiles", "debile mental", "debile mentale", "gros mongol", "sale mongol", "espece de mongol",
        "mongolien", "mongoliens", "triso", "trisos", "atarde", "atardes", "atardee",
        "retarded", "spastic", "spaz", "mongoloid", "mongoloids",
    ),
    "threat": (
        "je vais te tuer", "on va te tuer", "on va vous tuer", "je vais vous tuer", "je vais te crever",
        "on va te crever", "on va vous crever", "va crever", "alez crever", "crevez tous",
        "suicide toi", "suicidez vous", "pends toi", "pendez vous", "va te pendre", "jete toi d un pont",
        "on sait ou tu habites", "je sais ou tu habites", "on va te retrouver", "on va vous retrouver",
        "je vais te retrouver", "te faire violer", "vous faire violer", "kys", "kill yourself", "kill yourselves",
        "go die", "i will kill you", "i ll kill you", "we will kill you", "we know where you live",
        "i know where you live", "hang yourself", "rape you",
    ),
}  # fmt: skip
_HIDDEN_AS = {"a": "a@4*", "e": "e3*", "i": "i1*", "o": "o0*", "u": "u*", "s": "s$5"}  # c0nnard, s@lope, p*te
_LONGEST_RUN = 12  # connnnnard; the bound keeps the search linear


@dataclass(frozen=True, slots=True)
class Insult:
    """Where it stands in the text (characters from `start` to before `end`), and why it is listed."""

    start: int
    end: int
    kind: str

    @property
    def reason(self) -> Words:
        return KINDS[self.kind]


def insults(text: str) -> tuple[Insult, ...]:
    """What is listed in the text, in order, never overlapping; linear in its length.

    Accents, capitals, doubled letters and the usual disguises (c0nnard, s@lope, p*te) do not hide a word; a word
    inside another one is not found.
    """
    found = _searched().finditer(_folded(text))
    return tuple(Insult(one.start(), one.end(), one.lastgroup or "insult") for one in found)


def _folded(text: str) -> str:
    """The text in small plain letters, of the same length: a place in it is a place in the text."""
    return text.translate(_FOLD)


_KEPT_BELOW = 0x2100  # letters and punctuation: a text of every character there is does not fill the memory


class _Fold(dict[int, str]):
    """Each character once: its letter without accents, in small; what has none stays."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        plain = unicodedata.normalize("NFKD", character)[:1].lower() or character
        found = "'" if plain in "’‘`" else plain if len(plain) == 1 else character
        if code < _KEPT_BELOW:
            self[code] = found
        return found


_FOLD = _Fold()


@lru_cache(maxsize=1)
def _searched() -> re.Pattern[str]:
    groups = []
    for kind, phrases in _LISTED.items():
        groups.append(f"(?P<{kind}>{'|'.join(_beginning_alike(phrases))})")
    # Threats and slurs first: the graver reason is the one that is said.
    return re.compile(rf"(?<![\w@#])(?:{'|'.join(reversed(groups))})(?!\w)")


def _beginning_alike(phrases: Collection[str]) -> Iterator[str]:
    """Alternatives by their first letter, the longest first: most words are left after one look at their own."""
    for letter, alike in groupby(sorted(phrases, key=lambda one: (one[0], -len(one))), key=lambda one: one[0]):
        yield f"(?=[{_written(letter)}])(?:{'|'.join(_pattern(phrase) for phrase in alike)})"


def _written(letter: str) -> str:
    """What a letter is written as, disguised or not."""
    return re.escape(_HIDDEN_AS.get(letter, letter))


def _pattern(phrase: str) -> str:
    """One letter may be repeated, a blank may be a hyphen or an apostrophe."""
    runs = ((letter, len(list(run))) for letter, run in groupby(phrase))
    return "".join(
        r"[\s'\-]{1,3}" if letter == " " else f"[{_written(letter)}]{{{least},{_LONGEST_RUN}}}"
        for letter, least in runs
    )
