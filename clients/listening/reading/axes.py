"""The smaller axes, by rules, told only when they say something: target, raised tone, screenshot, irony, relevance.

The brand itself is the target that goes without saying, a calm tone the default, and a mention is taken to be about
the brand: nothing is stored for those.
"""

import re
from collections.abc import Iterator, Sequence

from clients.listening.reading.attack import Blow
from clients.listening.reading.features import LONGEST
from clients.listening.reading.folding import composed, folded
from clients.listening.reading.labels import Axis, Label, Reason

VERSION = "axes/1"
CONFIDENCE = 0.8  # declared: hints for a person, never counted on alone


def _words(*expressions: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(expressions) + r")(?!\w)")


_TARGETS = (
    (
        "cm",
        _words(
            r"community manager\w*", r"le cm\b", r"votre cm\b", r"stagiaires?", r"gere ce compte", r"runs this acc\w+"
        ),
    ),
    (
        "executive",
        _words(r"pdg\b", r"ceo\b", r"votre (?:patron|directeur|directrice|president)\w*", r"direction generale"),
    ),
    ("agency", _words(r"agence de (?:com|pub)\w*", r"ad agency", r"pr agency", r"votre agence de \w+")),
    (
        "product",
        _words(r"(?:votre|cette|ce|cet) (?:appli\w*|produit|application|machine|box|telephone|voiture|emballage)"),
    ),
    ("third_party", _words(r"gouvernement", r"ministre\w*", r"macron", r"arbitre", r"la mairie", r"prefecture")),
)
_SCREENSHOT = _words(r"captures?(?: d'ecran)?", r"screen(?:s|shots?|ed)?", r"copie d'ecran", r"photo a l'appui")
_PROMOTION = _words(
    r"jeu[- ]?concours", r"a gagner", r"giveaway", r"code promo", r"rt \+ follow", r"follow \+ rt", r"bitcoin\w*",
    r"crypto\w*", r"onlyfans", r"lien en bio", r"link in bio", r"parrainage", r"code parrain\w*",
)  # fmt: skip
_RAISED = 2.0


def axes_of(text: str, blow: Blow) -> tuple[Label, ...]:
    """Return the labels of the smaller axes of one text, none when there is nothing to say."""
    written = composed(text[:LONGEST])
    return tuple(_labels(written, folded(written), blow))


def all_axes(texts: Sequence[str], blows: Sequence[Blow]) -> list[tuple[Label, ...]]:
    """Return the smaller axes of each text."""
    return [axes_of(text, blow) for text, blow in zip(texts, blows, strict=True)]


def _labels(written: str, plain: str, blow: Blow) -> Iterator[Label]:
    for value, words in _TARGETS:
        if hit := words.search(plain):
            yield _label("target", value, Reason("says", (value, written[hit.start() : hit.end()])))
            break
    if blow.raised >= _RAISED:
        yield _label("arousal", "high", Reason("raised"))
    if hit := _SCREENSHOT.search(plain):
        yield _label("screenshot", "shown", Reason("says", ("shown", written[hit.start() : hit.end()])))
    if ironic := blow.words("sarcasm"):
        yield _label("irony", "possible", Reason("says", ("possible", " / ".join(ironic[:3]))))
    if hit := _PROMOTION.search(plain):
        yield _label("relevance", "elsewhere", Reason("says", ("elsewhere", written[hit.start() : hit.end()])))


def _label(axis: Axis, value: str, why: Reason) -> Label:
    return Label(axis, value, CONFIDENCE, "rule", (why,), VERSION)
