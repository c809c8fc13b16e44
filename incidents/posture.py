"""Which posture to take, by crisis family: advice with its rule named, never automatic. A person decides.

For a crisis, the guidelines of situational crisis communication theory: W. T. Coombs, "Protecting Organization
Reputations During a Crisis", Corporate Reputation Review 10(3), 2007, pp. 163-176, table of guidelines 1 to 8:

| family (who is held responsible)  | nothing similar before | similar before, or bad reputation |
| --------------------------------- | ---------------------- | --------------------------------- |
| victim (hardly at all)            | 1: inform and adjust   | 3: diminish                       |
| accident (a little)               | 4: diminish            | 5: rebuild                        |
| preventable (strongly)            | 6: rebuild             | 6: rebuild                        |

A rumour may be denied when it is false (7), and denial is mixed with nothing else (8). Severity 1 counts as the right
column: the graver the damage, the more responsibility is laid on the house (Coombs, J. of Public Relations Research
10(3), 1998); reading it so is our own choice. For a paracrisis, the three answers of Coombs and Holladay, "The
paracrisis", Public Relations Review 38(3), 2012, pp. 408-415: refute, reform, refuse; which type calls for which is our
own reading. The machine does not know the reputation of the house: it says so.
"""

from dataclasses import dataclass
from typing import Literal

from clients.listening.words import Words

Stance = Literal["inform", "deny", "diminish", "rebuild", "refute", "reform", "refuse", "watch", "unsaid"]
RUMOUR, MISSTEP = "rumour", "misstep"


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an incident; `similar_before`: closed incidents of its family or type in three years."""

    qualification: str
    family: str
    type: str
    severity: int | None
    similar_before: int = 0


@dataclass(frozen=True, slots=True)
class Advice:
    """A posture: what it is, what to do and not to do, the rule it follows, and why it applies."""

    stance: Stance
    name: Words
    do: tuple[Words, ...]
    avoid: Words
    rule: Words
    because: tuple[Words, ...]


_FIRST = Words(
    "D’abord ce qui protège les gens (que faire, qui appeler), puis un mot pour ceux qui sont touchés.",
    "First what protects people (what to do, whom to call), then a word for those affected.",
)
_NAMES: dict[str, Words] = {
    "inform": Words("Informer et accompagner", "Inform and adjust"),
    "deny": Words("Démentir, preuves à l’appui", "Deny, with evidence"),
    "diminish": Words("Ramener à sa mesure", "Diminish"),
    "rebuild": Words("Reconnaître et réparer", "Rebuild"),
    "refute": Words("Réfuter", "Refute"),
    "reform": Words("Reconnaître et ajuster", "Recognise and adjust"),
    "refuse": Words("Ne pas répondre, et regarder", "Leave unanswered, and watch"),
    "watch": Words("Regarder, réponses prêtes", "Watch, with the words ready"),
    "unsaid": Words("Dites d’abord la famille de crise", "Say the crisis family first"),
}
_DO: dict[str, tuple[Words, ...]] = {
    "inform": (
        _FIRST,
        Words(
            "Dire ce que l’on sait et ce que l’on fait\u00a0; il n’y a pas à s’excuser d’être victime.",
            "Say what is known and what is being done; a victim has nothing to apologise for.",
        ),
    ),
    "deny": (
        Words("Dire que c’est faux, en une phrase, et montrer la preuve.", "Say that it is false, once, with proof."),
        Words(
            "Le faire dire aussi par un tiers que l’on croit.",
            "Have somebody trusted and independent say it too.",
        ),
    ),
    "diminish": (
        _FIRST,
        Words(
            "Expliquer la cause sans se défausser\u00a0: ni voulu, ni prévisible\u00a0; donner l’ampleur exacte.",
            "Explain the cause without shifting it: neither meant nor foreseeable; give the exact extent.",
        ),
    ),
    "rebuild": (
        _FIRST,
        Words("Reconnaître sa part, présenter des excuses entières.", "Own one’s part and apologise in full."),
        Words("Dire ce qui est réparé, et avant quand.", "Say what is put right, and before when."),
    ),
    "refute": (
        Words(
            "Corriger le fait faux, source à l’appui, une seule fois.", "Correct the false fact with its source, once."
        ),
    ),
    "reform": (
        Words("Reconnaître le tort, corriger, dire ce qui change.", "Own the wrong, correct it, say what changes."),
        Words("Répondre à qui est touché, pas à la meute.", "Answer whoever is affected, not the pack."),
    ),
    "refuse": (
        Words(
            "Ne rien publier tant que cela ne sort pas du cercle\u00a0; noter l’heure où l’on regarde à nouveau.",
            "Publish nothing while it stays within its circle; note the hour of the next look.",
        ),
        Words("Répondre normalement aux vrais clients.", "Answer real customers as on any day."),
    ),
    "watch": (
        Words("Préparer une position d’attente, sans la publier.", "Have a holding statement ready, unpublished."),
    ),
    "unsaid": (
        Words(
            "La famille se dit dans «\u00a0Ce que c’est\u00a0»\u00a0: victime, accident ou évitable.",
            "The family is said under “What it is”: victim, accident or preventable.",
        ),
    ),
}
_AVOID: dict[str, Words] = {
    "inform": Words("Accuser quelqu’un, ou jouer la victime.", "Accuse anybody, or play the victim."),
    "deny": Words(
        "Démentir ce qui est en partie vrai\u00a0; mêler démenti et excuses (règle nº\u00a08).",
        "Deny what is partly true; mix denial with apology (guideline 8).",
    ),
    "diminish": Words("Minimiser ce que vivent les gens touchés.", "Belittle what those affected live through."),
    "rebuild": Words("Se justifier avant de s’excuser.", "Justify oneself before apologising."),
    "refute": Words("Répéter la rumeur, débattre avec qui l’a lancée.", "Repeat the rumour, argue with its origin."),
    "reform": Words("Ironiser, supprimer sans le dire.", "Be ironic, delete without saying so."),
    "refuse": Words("Répondre à qui est à l’origine, plaisanter.", "Answer the account at the origin, joke."),
    "watch": Words("Répondre trop tôt\u00a0: une réponse fait voir.", "Answer too soon: an answer draws eyes."),
    "unsaid": Words("Choisir une posture au jugé.", "Choose a posture by feel."),
}


def advise(case: Case) -> Advice:
    """The posture that the rules advise for the case; `unsaid` while the family that decides it was not said."""
    if case.qualification == "signal":
        return _advice("watch", _own(), _level("un signal", "a signal"))
    if case.qualification == "paracrisis":
        return _paracrisis(case)
    if case.type == RUMOUR:
        false = Words("c’est une fausse nouvelle", "it is false news")
        return _advice("deny", _guideline(7), false)
    return _crisis(case)


def _crisis(case: Case) -> Advice:
    aggravating = _aggravating(case)
    if case.family == "victim":
        stance: Stance = "diminish" if aggravating else "inform"
        number, family = (3 if aggravating else 1), Words("la maison est victime", "the house is a victim")
    elif case.family == "accident":
        stance, number = ("rebuild", 5) if aggravating else ("diminish", 4)
        family = Words("c’est un accident", "it is an accident")
    elif case.family == "preventable":
        stance, number = "rebuild", 6
        family = Words("la maison aurait pu l’éviter", "the house could have avoided it")
    else:
        nobody = Words("personne n’a dit la famille", "nobody has said the family")
        return _advice("unsaid", _guideline(1, last=6), nobody)
    nothing = Words("rien de semblable en trois ans", "nothing similar in three years")
    return _advice(stance, _guideline(number), family, *(aggravating or (nothing,)), _REPUTATION)


def _paracrisis(case: Case) -> Advice:
    charge = Words("c’est une paracrise", "it is a paracrisis")
    if case.type == RUMOUR:
        return _advice("refute", _PARACRISIS, charge, Words("le fait est faux", "the fact is false"))
    if case.type in {MISSTEP, "complaints", "outage", "people", "boycott"} or case.family == "preventable":
        ours = Words("la demande porte sur ce que fait la maison", "the charge is about what the house does")
        return _advice("reform", _PARACRISIS, charge, ours)
    if case.type in {"mockery", "cm_attacked"}:
        aimed = Words("elle vise un ton ou une personne, pas un fait", "it aims at a tone or a person, not a fact")
        return _advice("refuse", _PARACRISIS, charge, aimed)
    return _advice("watch", _PARACRISIS, charge, Words("son type n’est pas dit", "its type is not said"))


def _aggravating(case: Case) -> tuple[Words, ...]:
    found = []
    if case.similar_before == 1:
        found.append(Words("un incident semblable en trois ans", "one similar incident in three years"))
    elif case.similar_before:
        several = Words("{count} incidents semblables en trois ans", "{count} similar incidents in three years")
        found.append(several.put(count=case.similar_before))
    if case.severity == 1:
        found.append(Words("la gravité est 1", "the severity is 1"))
    return tuple(found)


def _advice(stance: Stance, rule: Words, *because: Words) -> Advice:
    return Advice(stance, _NAMES[stance], _DO[stance], _AVOID[stance], rule, because)


def _guideline(number: int, *, last: int | None = None) -> Words:
    which = (
        Words(f"règles nº\u00a0{number} à {last}", f"guidelines {number} to {last}")
        if last
        else Words(f"règle nº\u00a0{number}", f"guideline {number}")
    )
    return Words(f"SCCT, {which.fr} (Coombs, 2007)", f"SCCT, {which.en} (Coombs, 2007)")


def _own() -> Words:
    return Words("règle de la maison\u00a0: un signal se regarde", "house rule: a signal is watched")


def _level(french: str, english: str) -> Words:
    return Words(f"c’est {french}", f"it is {english}")


_PARACRISIS = Words(
    "Paracrise\u00a0: réfuter, ajuster ou laisser (Coombs et Holladay, 2012)",
    "Paracrisis: refute, reform or refuse (Coombs and Holladay, 2012)",
)
_REPUTATION = Words(
    "la machine ne connaît pas la réputation de la maison\u00a0: si elle est déjà mauvaise, montez d’un cran",
    "the machine does not know the reputation of the house: if it is bad already, go one step up",
)
