"""What a reading is made of: a document in, labels out, each with its reasons in words (French and English)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Axis = Literal[
    "language", "sentiment", "intent", "attack", "leverage", "target", "arousal", "screenshot", "irony", "relevance"
]
Source = Literal["rule", "model"]
Language = Literal["fr", "en"]

UNCERTAIN = "uncertain"
SENTIMENTS = ("negative", "neutral", "positive")
INTENTS = (
    "complaint",
    "question",
    "attack_brand",
    "attack_cm",
    "mockery",
    "popcorn",
    "support",
    "news",
    "call_to_action",
    "legal_threat",
    "safety",
    "other",
)
LEVERAGES = ("press", "authority")
ATTACKS = ("no", "yes")
TARGETS = ("product", "cm", "executive", "agency", "third_party")  # the brand itself is what goes without saying

_VALUES: dict[str, tuple[str, str]] = {
    "negative": ("négatif", "negative"),
    "neutral": ("neutre", "neutral"),
    "positive": ("positif", "positive"),
    "uncertain": ("incertain", "uncertain"),
    "complaint": ("réclamation", "complaint"),
    "question": ("question", "question"),
    "attack_brand": ("attaque de la marque", "attack on the brand"),
    "attack_cm": ("attaque du CM", "attack on the CM"),
    "mockery": ("moquerie", "mockery"),
    "popcorn": ("popcorn", "popcorn"),
    "support": ("soutien", "support"),
    "news": ("information", "news"),
    "call_to_action": ("appel à agir", "call to action"),
    "legal_threat": ("menace juridique", "legal threat"),
    "safety": ("sécurité des personnes", "people’s safety"),
    "other": ("autre", "other"),
    "press": ("presse interpellée", "press called in"),
    "authority": ("autorité interpellée", "authority called in"),
    "yes": ("attaque publique", "public attack"),
    "no": ("pas d’attaque", "no attack"),
    "insult": ("insulte", "insult"),
    "shame": ("mots de honte ou de scandale", "words of shame or scandal"),
    "theft": ("accusation de vol ou de tromperie", "accusation of theft or deceit"),
    "contempt": ("mépris reproché", "contempt held against them"),
    "failure": ("condamnation de la marque", "condemnation of the brand"),
    "vulgar": ("mots grossiers", "coarse words"),
    "sarcasm": ("ironie possible", "possible irony"),
    "asking": ("demande ou politesse", "request or politeness"),
    "affairs": ("parole de marque, annonce ou conseil", "a brand’s own words, news or advice"),
    "signs": ("signes", "signs"),
    "product": ("le produit", "the product"),
    "cm": ("la personne qui tient le compte", "the person behind the account"),
    "executive": ("un dirigeant", "an executive"),
    "agency": ("l’agence", "the agency"),
    "third_party": ("un tiers", "a third party"),
    "high": ("ton monté", "raised tone"),
    "shown": ("capture d’écran", "screenshot"),
    "possible": ("ironie possible (indice)", "possible irony (a hint)"),
    "elsewhere": ("peut-être hors sujet", "perhaps beside the point"),
    "fr": ("français", "French"),
    "en": ("anglais", "English"),
}

_SENTENCES: dict[str, tuple[str, str]] = {
    "says": ("{0}\u00a0: «\u00a0{1}\u00a0»", "{0}: “{1}”"),
    "leans": ("penche vers «\u00a0{0}\u00a0» par {1}", "leans to “{0}” because of {1}"),
    "against": ("{0} va dans l’autre sens", "{0} points the other way"),
    "torn": ("hésite entre «\u00a0{0}\u00a0» et «\u00a0{1}\u00a0»", "torn between “{0}” and “{1}”"),
    "no_words": ("aucun mot connu à lire", "no known word to read"),
    "other_language": ("langue que ce modèle ne lit pas", "a language this model does not read"),
    "recognised": ("langue reconnue\u00a0: {0}", "language recognised: {0}"),
    "declared": ("langue annoncée par la source\u00a0: {0}", "language declared by the source: {0}"),
    "too_short": ("texte trop court pour en reconnaître la langue", "text too short to tell its language"),
    "no_blow": ("rien ne vise la réputation", "nothing aims at the reputation"),
    "resembles": ("ressemble à des attaques écrites pour exemple", "resembles attacks written as examples"),
    "looks_like": ("ressemble à «\u00a0{0}\u00a0» ({1})", "looks like “{0}” ({1})"),
    "looks_like_own": (
        "ressemble à la mention {0}, dite «\u00a0{1}\u00a0» par une personne",
        "looks like mention {0}, which a person called “{1}”",
    ),
    "taught": ("d’après ce que l’équipe a corrigé chez ce client", "from what people corrected for this client"),
    "raised": ("capitales, signes ou mots forts", "capitals, signs or strong words"),
    "unsettled": ("langue indécise", "language undecided"),
}
_NAMED = {
    "says": (0,),
    "leans": (0,),
    "torn": (0, 1),
    "recognised": (0,),
    "declared": (0,),
    "looks_like": (1,),
    "looks_like_own": (1,),
}


@dataclass(frozen=True, slots=True)
class Doc:
    """One text to read. `language`: the ISO 639-1 code announced by the source, empty when it said nothing."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a label was given: a code of the table above and the values that fill its sentence."""

    code: str
    values: tuple[str, ...] = ()

    def words(self, language: Language = "fr") -> str:
        """Return the reason as a short sentence fragment. Raises KeyError on an unknown code."""
        named = _NAMED.get(self.code, ())
        values = [value_words(v, language) if i in named else _joined(v, language) for i, v in enumerate(self.values)]
        return _SENTENCES[self.code][language == "en"].format(*values)


@dataclass(frozen=True, slots=True)
class Label:
    """One answer on one axis.

    `p`: probability in 0..1 that `value` is right, calibrated for models; for rules a declared 0.95, and for the answer
    "uncertain" the probability of the best value that was not retained. `version`: which rules or model answered.
    """

    axis: Axis
    value: str
    p: float
    source: Source
    why: tuple[Reason, ...] = field(default=())
    version: str = ""


class Classifier(Protocol):
    """Anything that reads documents on one or more axes; `cost` grows from 0 (rules) upwards."""

    name: str
    version: str
    axes: frozenset[str]
    cost: int

    def predict(self, docs: Sequence[Doc]) -> list[tuple[Label, ...]]:
        """Return the labels of each document, in the order given."""
        ...


def value_words(value: str, language: Language = "fr") -> str:
    """Return the words of a label's value; a value without words (a rare language code) is returned as it is."""
    return _VALUES[value][language == "en"] if value in _VALUES else value


def _joined(value: str, language: Language) -> str:
    """Quote each word of a value made of several (separated by tabs) in the typography of the language."""
    if "\t" not in value:
        return value
    quoted = (f"«\u00a0{word}\u00a0»" if language == "fr" else f"“{word}”" for word in value.split("\t") if word)
    return ", ".join(quoted)
