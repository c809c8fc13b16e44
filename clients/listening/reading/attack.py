"""Whether a text is a public blow to the reputation of the brand or its people, beyond asking for one's own problem.

Three things add up, in log-odds: a linear model trained on our hand-written lines, families of words with declared
weights (`attack_book`), and the tone of the signs (shouting, emoji). The sum is brought to a probability by two
declared numbers; between two bounds the answer is "uncertain". The more hostile words, the higher p: never the reverse.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from clients.listening.reading.attack_book import FAMILIES, HOSTILE, SIGNS, Family
from clients.listening.reading.features import LONGEST, Floats, Occurrences, occurrences
from clients.listening.reading.folding import composed, folded, without_long_runs
from clients.listening.reading.labels import ATTACKS, UNCERTAIN, Label, Reason
from clients.listening.reading.linear import BATCH, LinearClassifier

VERSION = "attack-words/1"
YES, NO = 0.5, 0.3  # at least this probability is an attack, under that one none; between them, uncertain
_MODEL_SHARE = 0.5
_MODEL_AT_MOST, _MODEL_ALONE = 4.0, 1.5  # the model alone, no hostile word beside it, says "attack" less loudly
_SLOPE, _BASE = 1.3, -1.4  # of the sum to log-odds: chosen on 322 tweets labelled apart, none of them shipped
_PER_WORDS, _USUAL_WORDS = 0.8, 19  # a public telling is longer than a question; counted up to 60 words
_SECOND_HIT = 0.6  # what a second expression of a family adds, as a share of the first
_SHOUTING = 0.5
_MOST_ODDS = 30.0
_WORTH_SAYING = 0.5  # in log-odds, of what a client's people moved
_WORD = re.compile(r"(?<!\w)\w[\w']*")
_STARRED = re.compile(r"(?<!\w)\w+[*#@$0-9]+\w*(?:[*#@$0-9]\w*)?")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .\-_]){3,12}\w(?!\w)")
_MASKS = dict(zip("013457@$", "oieastas", strict=True))
_MASKED = (
    *("merde", "merdes", "connard", "connards", "encule", "encules", "enculer", "putain", "pute", "putes", "batard"),
    *("batards", "salaud", "salauds", "salope", "salopes", "voleur", "voleurs", "escroc", "escrocs", "arnaque", "cons"),
    *("fuck", "fucking", "shit", "bitch", "asshole"),
)


Begun = tuple[re.Pattern[str] | None, tuple[tuple[int, re.Pattern[str]], ...]]
_NOTHING: Begun = (None, ())


@dataclass(frozen=True, slots=True)
class Blow:
    """What counted in a text: the sum in log-odds, and by family what it added and the words that did.

    `raised`: how far the voice is, from capitals, strings of ! and ?, coarse and hostile words.
    """

    total: float
    families: tuple[tuple[Family, float, tuple[str, ...]], ...]
    signs: tuple[str, ...] = ()
    raised: float = 0.0

    def words(self, name: str) -> tuple[str, ...]:
        """Return what was written of one family."""
        return next((words for family, _, words in self.families if family.name == name), ())

    @property
    def is_hostile(self) -> bool:
        return any(family.name in HOSTILE for family, _, _ in self.families)


class AttackClassifier:
    """Axis "attack": yes, no or uncertain, with a probability that it is one."""

    name = "attack"
    axes = frozenset({"attack"})
    cost = 1

    classes = ATTACKS

    def __init__(self, model: LinearClassifier, moved: LinearClassifier | None = None) -> None:
        """Take the linear model of task "attack", and what a client's people moved of the whole answer (`refit`)."""
        self.model, self.moved = model, moved
        self.version = moved.version if moved else origin(model.version)

    @property
    def bits(self) -> int:
        """Of the features it wants found."""
        return self.model.bits

    def label(self, found: Occurrences, texts: Sequence[str], blows: Sequence[Blow]) -> list[Label]:
        """Return one label per text of a batch whose features are found already. `p`: that it is an attack."""
        moves = _toward_yes(self.moved, found) if self.moved else [0.0] * len(texts)
        return [
            self._label(_odds(model, text, blow), move, text, blow)
            for model, move, text, blow in zip(_toward_yes(self.model, found), moves, texts, blows, strict=True)
        ]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """Return how probable "no" and "yes" are, texts x 2."""
        yes = [label.p for label in self._all_labels(texts)]
        return np.array([[1 - p, p] for p in yes], np.float32).reshape(-1, 2)

    def log_odds(self, texts: Sequence[str]) -> Floats:
        """Return the log-odds that each text is an attack."""
        p = np.array([label.p for label in self._all_labels(texts)], np.float64)
        return (np.log(p) - np.log1p(-p)).astype(np.float32)

    def asked(self, probabilities: Floats, languages: Sequence[str]) -> Floats:
        """Return the least probability of the best answer that is one, for each text; the same in every language."""
        return np.where(probabilities[:, ATTACKS.index("yes")] >= YES, YES, 1 - NO).astype(np.float32)

    def _all_labels(self, texts: Sequence[str]) -> Iterator[Label]:
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            yield from self.label(occurrences(batch, bits=self.bits), batch, [blow_of(text) for text in batch])

    def _label(self, odds: float, move: float, text: str, blow: Blow) -> Label:
        p = 1 / (1 + math.exp(-max(-_MOST_ODDS, min(_MOST_ODDS, odds + move))))
        if not any(char.isalpha() for char in text[:LONGEST]) and not blow.signs:
            return Label("attack", UNCERTAIN, p, "model", (Reason("no_words"),), self.version)
        value = "yes" if p >= YES else "no" if p < NO else UNCERTAIN
        taught = (Reason("taught"),) if _is_moved(move, value) else ()
        return Label("attack", value, p, "model", (*taught, *_reasons(blow, value)), self.version)


def origin(model: str) -> str:
    """Name all that answers where nobody corrected: the linear model of that version, and the words' weights."""
    return f"{model}+{VERSION}"


def _toward_yes(model: LinearClassifier, found: Occurrences) -> list[float]:
    """Return how far a model's score for "yes" is above that for "no", of each text."""
    scores, yes = model.scores(found), ATTACKS.index("yes")
    return [float(row[yes] - row[1 - yes]) for row in scores]


def _odds(model: float, text: str, blow: Blow) -> float:
    """Return the log-odds of an attack from the model's score, the length and the words."""
    most = _MODEL_AT_MOST if blow.is_hostile else _MODEL_ALONE
    length = math.log((1 + min(text[:LONGEST].count(" "), 60)) / _USUAL_WORDS)
    model = _MODEL_SHARE * max(-_MODEL_AT_MOST, min(most, model))
    return _SLOPE * (model + _PER_WORDS * length + blow.total) + _BASE


def _is_moved(move: float, value: str) -> bool:
    """Tell whether what people taught is worth naming among the reasons of this answer."""
    return {"yes": move, "no": -move}.get(value, abs(move)) >= _WORTH_SAYING


def blow_of(text: str) -> Blow:
    """Add up what the words and signs of a text say, hostile and not; linear in its length, cut to 4,000 characters."""
    written = without_long_runs(composed(text[:LONGEST]))
    plain = folded(written)
    met: dict[int, dict[str, str]] = {}
    for which, start, end in _hits(plain):
        met.setdefault(which, {}).setdefault(plain[start:end], written[start:end].strip())
    for word in _unmasked(plain):
        met.setdefault(0, {}).setdefault(word, word)
    is_hostile = any(FAMILIES[which].name in HOSTILE for which in met)
    families = tuple((f, _added(f, len(words), is_hostile), tuple(words.values())) for f, words in _named(met))
    signs = tuple(sign for sign in SIGNS if sign in written)
    shouted, shown = _shouted(written), sum(SIGNS[sign] for sign in signs)
    raised = 2 * shouted + shown + sum(added / 3 for family, added, _ in families if family.name in HOSTILE)
    return Blow(sum(added for _, added, _ in families) + shown + shouted, families, signs, raised)


def _named(met: dict[int, dict[str, str]]) -> Iterator[tuple[Family, dict[str, str]]]:
    for which in sorted(met):
        yield FAMILIES[which], met[which]


def _added(family: Family, hits: int, is_hostile: bool) -> float:
    """A polite word beside an insult excuses half as much."""
    added = family.weight * (1 + _SECOND_HIT * (hits > 1))
    return added / 2 if is_hostile and family.name == "asking" else added


def _shouted(written: str) -> float:
    """Capitals in long words, and strings of ! or ?: half a point each, only as a hint."""
    words = re.findall(r"[A-ZÀ-Ý]{4,}", written)
    return _SHOUTING * ((len(words) >= 3) + ("!!" in written or "?!" in written or "!?" in written))


def _reasons(blow: Blow, value: str) -> tuple[Reason, ...]:
    """Name the words that counted, those of the answer first."""
    sign = -1 if value == "no" else 1
    ranked = sorted(blow.families, key=lambda one: -sign * one[1])
    said = [Reason("says", (family.name, " / ".join(words[:3]))) for family, _, words in ranked[:3]]
    if blow.signs:
        said.append(Reason("says", ("signs", " ".join(blow.signs[:3]))))
    return tuple(said) or (Reason("no_blow") if value == "no" else Reason("resembles"),)


def _hits(plain: str) -> Iterator[tuple[int, int, int]]:
    """Yield (family, start, end) of every expression, looked up by the first two characters of each word."""
    book = _book()
    for word in _WORD.finditer(plain):
        start = word.start()
        any_of_them, families = book.get(plain[start : start + 2], _NOTHING)
        if any_of_them is None or not any_of_them.match(plain, start):
            continue
        for which, pattern in families:
            if hit := pattern.match(plain, start):
                yield which, start, hit.end()


def _unmasked(plain: str) -> Iterator[str]:
    """Yield the insults written with stars, digits or spaces between the letters (m*rde, c0nnard, m e r d e)."""
    for spaced in _SPACED.finditer(plain):
        if (word := re.sub(r"[ .\-_]", "", spaced.group())) in _MASKED:
            yield word
    for starred in _STARRED.finditer(plain):
        if word := _behind(starred.group()):
            yield word


def _behind(masked: str) -> str:
    letters = "".join(_MASKS.get(char, char) for char in masked)
    if letters in _MASKED:
        return letters
    shape = re.compile("".join(r"\w{1,3}" if char in "*#" else re.escape(char) for char in letters))
    return next((word for word in _MASKED if shape.fullmatch(word)), "") if {"*", "#"} & set(masked) else ""


@cache
def _book() -> dict[str, Begun]:
    """Index the expressions by their first two characters: one pattern for them all, then one a family."""
    sorted_out: dict[str, dict[int, list[str]]] = {}
    for which, family in enumerate(FAMILIES):
        for one in (part for line in family.expressions for part in _alternatives(line)):
            sorted_out.setdefault(one[:2], {}).setdefault(which, []).append(one)
    return {
        beginning: (
            _any_of(one for ones in by_family.values() for one in ones),
            tuple((which, _any_of(ones)) for which, ones in by_family.items()),
        )
        for beginning, by_family in sorted_out.items()
    }


def _any_of(expressions: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(expressions)})(?!\\w)")


def _alternatives(line: str) -> Iterator[str]:
    """Split an expression at the bars that are outside its parentheses."""
    depth, begun = 0, 0
    for at, char in enumerate(line):
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            yield line[begun:at]
            begun = at + 1
    yield line[begun:]
