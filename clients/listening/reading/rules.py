"""What must not be missed, read by rules that come before any model: exact, explained by the words matched."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clients.listening.reading import rule_book
from clients.listening.reading.folding import composed, folded
from clients.listening.reading.labels import Axis, Doc, Label, Reason
from clients.listening.reading.phrases import PhraseBook, Span, outside

VERSION = "rules/1"
CONFIDENCE = 0.95  # declared, not measured: a person looks at every one of these


@dataclass(frozen=True)
class Rule:
    """One value of one axis, the expressions that call for it and the look-alikes that do not."""

    axis: Axis
    value: str
    wanted: tuple[str, ...]
    traps: re.Pattern[str] | None = None

    def kept(self, hits: Sequence[Span], plain: str) -> list[Span]:
        """Return the spans of folded text that call for this value, look-alikes excluded."""
        trapped = [trap.span() for trap in self.traps.finditer(plain)] if self.traps else []
        return outside(hits, trapped)


def _any_of(expressions: Sequence[str]) -> re.Pattern[str]:
    """Compile whole-word alternatives; an expression that opens on a sign (@, #, emoji) needs no word border."""
    return re.compile(r"(?:(?<!\w)|(?=\W))(?:" + "|".join(f"(?:{one})" for one in expressions) + r")(?!\w)")


def _rule(axis: Axis, value: str, wanted: Sequence[str], traps: Sequence[str] = ()) -> Rule:
    return Rule(axis, value, tuple(wanted), _any_of(traps) if traps else None)


RULES = (
    _rule("intent", "safety", rule_book.SAFETY, rule_book.SAFETY_TRAPS),
    _rule("intent", "legal_threat", rule_book.LEGAL, rule_book.LEGAL_TRAPS),
    _rule("intent", "call_to_action", rule_book.CALL, rule_book.CALL_TRAPS),
    _rule("intent", "popcorn", rule_book.POPCORN, rule_book.POPCORN_TRAPS),
    _rule("intent", "news", ()),  # by how it opens
    _rule("leverage", "press", rule_book.PRESS, rule_book.PRESS_TRAPS),
    _rule("leverage", "authority", rule_book.AUTHORITY),
)
_BOOK = PhraseBook([rule.wanted for rule in RULES])
_NEWS = next(which for which, rule in enumerate(RULES) if rule.value == "news")
_OPENING = re.compile(rule_book.NEWS_OPENINGS)


class RuleClassifier:
    """Reads every rule, French and English together (a text mixes them), on each document."""

    name = "rules"
    version = VERSION
    axes = frozenset({"intent", "leverage"})
    cost = 0

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return at most one intent per document (the gravest; the others stay among its reasons) and its leverages."""
        return [tuple(_labels(doc.text)) for doc in docs]


def _labels(text: str) -> Iterator[Label]:
    """Yield the labels of one text, the reason quoting what was written, accents and capitals kept."""
    written = composed(text)
    plain = folded(written)
    fired = _fired(plain)
    intents = [(rule, hits) for rule, hits in fired if rule.axis == "intent"]
    if intents:
        why = tuple(_reason(rule, hits, written) for rule, hits in intents)
        yield Label("intent", intents[0][0].value, CONFIDENCE, "rule", why, VERSION)
    for rule, hits in fired:
        if rule.axis == "leverage":
            yield Label("leverage", rule.value, CONFIDENCE, "rule", (_reason(rule, hits, written),), VERSION)


def _fired(plain: str) -> list[tuple[Rule, list[Span]]]:
    """Return the rules that fire, the gravest first, each with where it does."""
    met: dict[int, list[Span]] = {}
    for which, start, end in _BOOK.hits(plain):
        met.setdefault(which, []).append((start, end))
    if opening := _OPENING.match(plain):
        met[_NEWS] = [opening.span()]
    kept = ((RULES[which], RULES[which].kept(met[which], plain)) for which in sorted(met))
    return [(rule, hits) for rule, hits in kept if hits]


def _reason(rule: Rule, hits: Sequence[tuple[int, int]], written: str) -> Reason:
    quoted = dict.fromkeys(written[start:end].strip() for start, end in hits)
    return Reason("says", (rule.value, " / ".join(list(quoted)[:3])))
