"""What wakes somebody alone, at its first mention: people really in danger, and a formal legal step.

The rules of `rules.py` name whatever sounds of danger or of law, so that a person reads it; most of it is a manner of
speaking ("rendez-vous au tribunal ?", "une explosion des pannes"). What is said here is narrower: somebody hurt, burnt,
poisoned, threatened to their face, or about to harm themselves; a complaint lodged, a lawyer instructed, a regulator
seized. The rest is heard once several accounts say it.
"""

import re
from collections.abc import Iterator, Sequence

from clients.listening.reading import rule_book
from clients.listening.reading.folding import composed, folded
from clients.listening.reading.phrases import outside

LONGEST_READ = 5_000  # characters: who is in danger says so early
# Safety words that mean nothing grave by themselves: alone they do not wake.
_WEAK = re.compile(
    r"accident\w*|explo\w+|incendies?|hopital|hospital|couteau|fusil|kalach\w*|bombes?|tuerie|mortel\w*"
    r"|court[- ]circuit\w*"
    r"|short[- ]circuit\w*|dangereu\w+ pour|dangerous for|unsafe|danger to|danger de mort|vomi\w*|throwing up|allerg\w+"
    r"|viole?\w*|raped?|assault|agression|suffoqu\w+|suffocat\w+|etouff\w+|chok\w+|noy\w+|drown\w*|bleeding"
    r"|punched|hit me"
    r"|wounded|bless\w+|injur\w+|brul\w+|burn\w*|ambulances?|samu|pompiers|souris .+|rat .+|cafards? .+|mouse .+"
    r"|roach.+"
    r"|menaces? de mort|death threats?|lots? rappeles?|rappel .+|recall of|product recall|produits? \w+"
    r"|(?:roue|plafond|rampe|nacelle)\w* .+|on sait ou .+|sais ou .+|je (?:le|la|les|te|vous) \w+|(?:veux"
    r"|envie de) mourir"
    r"|(?:vais|va|vont|allons|faut|envie de|voudrais) .+|(?:going to|gonna|will|'ll|want to|wanna) .+|want to die"
    r"|casser la (?:gueule|figure)|faire la peau|me (?:tuer|pendre|jeter sous|foutre en l'air)|suicid\w*|harcelement .+"
    r"|(?:almost|nearly|could have) .+|failli .+|(?:est|sont) morte?s?|en flammes|electrocut\w+|fuite .+|set fire"
)
# The same words where something or somebody is hurt.
_GRAVE = (
    r"(?:a|ont|avait|vient d'|m'a) explos\w+ (?:dans|sur|pendant|entre|pres|devant|a cote|au visage|chez|en charge)",
    r"explod\w+ (?:in|on|while|near|during)|explosion (?:dans|chez|de (?:gaz|la (?:batterie|bouteille|cocotte)))",
    r"incendies? (?:chez|dans|cause\w*|declenche\w*|a cause|provoque\w*)|electrocut(?:e|ee|es|ees|ed)|(?:en|in"
    r"|into) flam\w+",
    r"(?:a|de|vers|direction|emmene\w*) l'hopital(?! \()|(?:in|to|at) (?:the |a )?hospital",
    r"(?:suis|est|ete|etait|sont|a|ont|fils|fille|enfants?|bebe|neveu|niece|client\w*"
    r"|personnes?) (?:\w+ )?(?:gravement )?"
    r"(?:bless(?:e|ee|es|ees)|brule(?:e|s|es)?|etouff(?:e|ee|es)|noy(?:e|ee|es)|asphyxi\w+|intoxi\w+|empoisonn\w+)",
    r"brulures? (?:au|a la|aux|sur|du|de|graves?)|s'est (?:etouff|noy|brul|bless|coup)\w+|burns? (?:from|on)",
    r"(?:was|got|were|been|is|are|badly|he|she|dad|mom|mum|son|daughter|kid) (?:injured|wounded|burn(?:ed|t)"
    r"|choked|drowned)",
    r"(?:he|she|son|daughter|baby|kid|child) (?:\w+ )?(?:choked|suffocated|drowned)|degree burns?",
    r"(?:choc|reaction|crise) (?:anaphyla\w+|allergique)|allergic reaction|anaphyla\w+",
    r"appel\w+ (?:le |les )?(?:samu|pompiers|ambulance)|(?:samu|pompiers) (?:sont |est )?(?:venus?|intervenus?"
    r"|arrives?)",
    r"(?:m'a|l'a|ete|s'est faite?|nous a) (?:agress|viol|frapp|tabass)\w+|(?:assaulted|raped|punched) (?:me|her"
    r"|him|us)",
    r"was (?:assaulted|raped|punched)|harcelement (?:sexuel|moral) (?:de|par)",
    r"(?:recu|recois|recoit|recoive\w*|fait|avec|sous) (?:des |de |une )?menaces? de mort|menaces? de mort recues?",
    r"(?:received|receiving|got|sent) (?:\w+ )?death threats?|alerte a la bombe|colis piege|bomb threat|plant a bomb",
    r"(?:on sait|je sais|sais) ou (?:tu|vous) (?:habit|travaill|viv)\w*|know where (?:you|she|he|they) (?:live|work)s?",
    r"(?:vais|va|vont|allons) (?:venir )?(?:te|vous) (?:tuer|buter|egorger|planter|crever|casser la (?:gueule|figure))",
    r"(?:vais|va|vont|allons) (?:venir )?(?:te|vous) (?:tabasser|frapper)|(?:te|vous) faire la peau",
    r"(?:going to|gonna|will|'ll) (?:kill|shoot|stab|bomb) (?:you|them|him|her)\b",
    r"(?:vais|veux|envie de|pense a|songe a) (?:me (?:suicider|tuer|pendre|jeter sous|foutre en l'air)|en finir"
    r"|mourir)",
    r"(?:en finir|fini) avec (?:la|ma) vie|(?:s'est|ete|tentative de|idees?) suicid\w+|kill myself|end (?:my life"
    r"|it all)",
    r"(?:pere|mere|mari|femme|fils|fille|client\w*|enfants?|bebe|homme|personnes?) (?:\w+ )?(?:est"
    r"|sont) (?:morte?s?|decede\w*)",
    r"failli (?:mourir|y passer|etouffer|perdre la vie)|(?:almost|nearly|could have) (?:killed|died)",
    r"fuites? (?:de gaz|chimique|toxique)|(?:nacelle|roue|plafond|rampe)\w* (?:s'est|a) (?:detach|effondr|ecroul"
    r"|lach|arrach)\w+",
    r"(?:rappel|recall) (?:de|du|des|of) (?:lots?|produits?|product)",
)
_STEPS = (
    r"(?:j'ai|nous avons|on a|ai|avons|vient de|viens de) (?:\w+ )?(?:porte|depose) (?:une )?plainte"
    r"|plaintes? deposees?",
    r"(?:je|nous) (?:porte|portons|depose|deposons) plainte|(?:je|nous) (?:vais|allons) (?:porter"
    r"|deposer) (?:une )?plainte",
    r"(?:fonce|parti\w*|pars|vais|suis) (?:\w+ )?(?:porter|deposer) (?:une )?plainte|depot de plainte"
    r"|plainte (?:collective|penale)",
    r"(?:mon|notre|nos|mes) avocate?s?|avocate? (?:saisie?|mandatee?|prevenue?|va|vont|prend)",
    r"mises? en demeure (?:partie|envoyee|adressee|recommandee?)|vous (?:mets|mettons) en demeure|etes mis en demeure",
    r"(?:saisi|saisie|saisis|saisit|alerte|contacte|ecrit|ecris|signale) (?:a |au |la |le |aupres de |aupres du "
    r"|de |l')*(?:\w+ )?"
    r"(?:dgccrf|cnil|arpp|mediateur\w*|mediatrice|signal ?conso|repression des fraudes|defenseur des droits"
    r"|tribunal|ufc|que choisir)",
    r"signalement (?:\w+ ){0,12}?(?:dgccrf|cnil|signal ?conso|arpp)(?: \w+)? (?:fait|envoye|depose)"
    r"|signal ?conso (?:fait|envoye|saisi)",
    r"(?:attaque|attaquons|poursuis|poursuivons|assigne|assignons|traine) (?:\w+ )?(?:en justice|au tribunal|devant)",
    r"assignation (?:en|au|devant) (?:justice|le tribunal|tribunal|refere)|huissier (?:est )?(?:passe|mandate"
    r"|a constate)",
    r"actions? (?:de groupe|collectives?) (?:est |sont |en |contre )?(?:lancee?s?|cours|contre|deposee?s?)"
    r"|class action",
    r"procedures? (?:judiciaires? )?(?:lancee?|engagee?|en cours|ouverte)|rendez-vous aux prud'?hommes",
    r"(?:my|our) (?:lawyers?|attorneys?|solicitors?|barrister)|(?:am|are|'m|'re) (?:suing|going to sue"
    r"|pressing charges)",
    r"(?:have |has |'ve )?(?:filed|lodged) (?:a |an )?(?:lawsuit|suit|(?:formal |legal "
    r"|police )?complaint (?:with|against)|police report)",
    r"(?:will|'ll) (?:press|be pressing) charges|complaint with the (?:regulator|ombudsman|\w+ authority)",
    r"reported (?:\w+ )?(?:to|with) (?:the )?(?:trading standards|ombuds\w+|ftc|fcc|police|regulator|ico|asa)",
    r"ombuds\w+ has|cease and desist|small claims (?:court )?(?:next|filed|on|case)|served (?:with )?(?:papers|notice)",
)
# "si ça continue je porte plainte", "faut-il porter plainte", "rendez-vous au tribunal ?": nothing was done yet.
_UNDONE = (
    r"\b(?:si|sinon|s'il|faut|faudra\w*|devr\w+|pourr\w+|peut-etre|envisage\w*|hesite\w*|if|unless|should i|might"
    r"|maybe|could)\b"
    r"[^.!\n]{0,80}(?:plainte|avocat|tribunal|justice|demeure|mediateur|dgccrf|cnil|lawyer|attorney|sue|suing"
    r"|court|charges)\w*",
    r"(?:plainte|avocat|tribunal|justice|lawyer|court|sue)\w*[^.!?\n]{0,40}\?",
    r"(?:jamais|pas|never|not) (?:\w+ ){0,2}(?:porte|depose|saisi|filed|reported)",
)
_HARMLESS = (
    *rule_book.SAFETY_TRAPS,
    r"(?:ma|mon|mes|my) \w+ (?:va|vont|is going to|will) (?:me |nous )?(?:tuer|kill)\w*",
)
_LAUGHS = re.compile(r"\b(?:mdr+|ptdr+|lol|xd+|jpp|lmao|rofl)\b|(?:ha){3,}|[😂🤣😹💀]")


def _any_of(expressions: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{one})" for one in expressions) + r")(?!\w)")


_DANGER, _NO_DANGER = _any_of(_GRAVE), _any_of(_HARMLESS)
_SOUNDS = _any_of(rule_book.SAFETY)
_STEP, _NO_STEP = _any_of(_STEPS), re.compile("|".join((*_UNDONE, *rule_book.LEGAL_TRAPS)))


def wakes_alone(text: str) -> bool:
    """Tell whether a text says that people are in danger, or that a legal step is taken: one account is enough.

    Laughter takes the danger back ("je vais mourir mdr"), an `if` takes the step back. Never true of an empty text.
    """
    plain = folded(composed(text[:LONGEST_READ]))
    return _tells_of_danger(plain) or any(_met(_STEP, _NO_STEP, plain))


def _tells_of_danger(plain: str) -> bool:
    if _LAUGHS.search(plain):
        return False
    if any(_met(_DANGER, _NO_DANGER, plain)):
        return True
    return any(not _WEAK.fullmatch(said) for said in _met(_SOUNDS, _NO_DANGER, plain))


def _met(wanted: re.Pattern[str], traps: re.Pattern[str], plain: str) -> Iterator[str]:
    """Return what is said, look-alikes left out."""
    hits = [hit.span() for hit in wanted.finditer(plain)]
    trapped = [trap.span() for trap in traps.finditer(plain)] if hits else []
    return (plain[start:end] for start, end in outside(hits, trapped))
