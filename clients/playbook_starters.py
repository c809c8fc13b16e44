"""The house's starter set of playbooks, in both languages: copied to a client in one act, then the client's own.

Written from what crisis desks do first: stop what makes it worse, say one true thing, tell whoever will be called,
keep the evidence, then repair. Times are minutes after the incident is opened. Codes of types and families are those
of the incidents, of duties those of the team.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en"]
Said = Mapping[Language, str]
N = "\u00a0"


@dataclass(frozen=True, slots=True)
class StarterStep:
    """One step: what and how, by which duty, within how many minutes."""

    words: Said
    how: Said
    duty: str
    due_minutes: int


@dataclass(frozen=True, slots=True)
class Starter:
    """One playbook of the set; what it names empty asks nothing."""

    code: str
    title: Said
    purpose: Said
    steps: tuple[StarterStep, ...]
    types: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    severities: tuple[int, ...] = ()


def _say(fr: str, en: str) -> Said:
    return {"fr": fr, "en": en}


def _step(duty: str, due_minutes: int, fr: str, en: str, how_fr: str = "", how_en: str = "") -> StarterStep:
    return StarterStep(_say(fr, en), _say(how_fr, how_en), duty, due_minutes)


_PAUSE = _step(
    "lead", 10,
    "Suspendre les publications programmées",
    "Pause scheduled posts",
    f"Tous les réseaux, publicité comprise{N}: une publication gaie au milieu d’une crise devient la crise.",
    "Every network, paid posts too: a cheerful post in the middle of a crisis becomes the crisis.",
)  # fmt: skip
_CAPTURE = _step(
    "scribe", 15,
    "Capturer ce qui a lancé l’affaire",
    "Capture what started it",
    "Le message d’origine, ses premières reprises, l’heure et l’adresse. Une suppression ne doit rien faire perdre.",
    "The first post, its first relays, the hour and the address. A deletion must lose us nothing.",
)  # fmt: skip

OUTAGE = Starter(
    code="outage",
    title=_say("Panne ou interruption de service", "Outage or interrupted service"),
    purpose=_say(
        "Le service ne marche plus et les clients le disent. Ils veulent savoir que nous savons, et quand nous "
        "reparlerons.",
        "The service is down and customers say so. They want to know that we know, and when we speak next.",
    ),
    types=("outage",),
    steps=(
        _step(
            "liaison", 10,
            f"Faire confirmer la panne{N}: quoi, où, depuis quand",
            "Have the outage confirmed: what, where, since when",
            "Une seule source au client. Noter ce qui est confirmé et ce qui ne l’est pas.",
            "One source at the client’s. Write down what is confirmed and what is not.",
        ),
        _step(
            "speaker", 15,
            "Publier le premier message d’attente",
            "Publish the first holding message",
            "Ce que nous savons, ce que nous faisons, l’heure du prochain point. Ni cause ni délai supposés.",
            "What we know, what we are doing, the hour of the next word. No guessed cause, no guessed delay.",
        ),
        _PAUSE,
        _step(
            "lead", 20,
            "Aligner service client, page d’état et réseaux sur la même phrase",
            "Give support, status page and networks the same sentence",
        ),
        _step(
            "speaker", 60,
            "Donner des nouvelles à l’heure dite, même sans nouveauté",
            "Give news at the hour announced, even when nothing is new",
        ),
        _step(
            "liaison", 240,
            "Obtenir la cause et le geste prévu pour les clients touchés",
            "Obtain the cause and what is planned for customers affected",
        ),
        _step(
            "speaker", 300,
            "Annoncer le retour, remercier, dire la suite",
            "Announce the return, thank people, say what follows",
            "Pas avant la confirmation technique. Répondre ensuite à qui attend encore.",
            "Not before it is confirmed technically. Then answer those who still wait.",
        ),
    ),
)  # fmt: skip

CM_ATTACKED = Starter(
    code="cm_attacked",
    title=_say("Attaque contre le CM ou notre prise de parole", "Attack on the CM or on our own words"),
    purpose=_say(
        "On vise celui qui répond, souvent un confrère, pour le faire trébucher. Le but est de ne pas devenir "
        "l’histoire.",
        "Whoever answers is the target, often of somebody of the trade, to make him stumble. The aim is not to become "
        "the story.",
    ),
    types=("cm_attacked", "misstep"),
    steps=(
        _step(
            "lead", 5,
            "Ne plus répondre à chaud dans ce fil",
            "Stop answering in that thread",
            f"Aucune réponse, aucun «{N}j’aime{N}», aucun blocage avant décision du pilote.",
            "No reply, no like, no block before the lead decides.",
        ),
        _CAPTURE,
        _step(
            "lead", 15,
            "Passer la main à un autre CM et prendre des nouvelles du premier",
            "Hand over to another CM and ask the first one how he is",
            "Qui a été visé ne répond plus de la soirée sur ce sujet. Sa personne n’est jamais nommée.",
            "Whoever was the target answers no more on it tonight. He is never named.",
        ),
        _step(
            "lead", 20,
            f"Décider{N}: répondre une fois, ou ne pas répondre, et quand on regarde à nouveau",
            "Decide: answer once or not at all, and when to look again",
        ),
        _step(
            "liaison", 30,
            "Prévenir ceux qui ont été mis en copie avant qu’ils n’appellent",
            "Tell those who were put in cc before they call",
            f"Direction, presse, autorité, partenaire{N}: qui, par qui, avec quelle phrase.",
            "Management, press, authority, partner: who, by whom, with which sentence.",
        ),
        _step(
            "approver", 45,
            "Faire relire par un deuxième regard toute réponse publiée",
            "Have a second person read any reply before it is published",
        ),
        _step(
            "scribe", 120,
            "Répondre aux vrais clients pris dans le fil, en privé s’il le faut",
            "Answer the real customers caught in the thread, in private where needed",
        ),
    ),
)  # fmt: skip

MOCKERY = Starter(
    code="mockery",
    title=_say("Moquerie en cascade", "Mockery that cascades"),
    purpose=_say(
        f"On rit de nous et cela circule. La plupart regardent passer{N}: le plus souvent, cela passe.",
        "People laugh at us and it travels. Most only look on: most often it passes.",
    ),
    types=("mockery",),
    steps=(
        _PAUSE,
        _step(
            "lead", 20,
            "Lire le pronostic et la part de ceux qui ne font que regarder",
            "Read the outlook and the share of those who only look on",
        ),
        _step(
            "lead", 30,
            f"Décider{N}: ne pas répondre, sourire une fois, ou corriger",
            "Decide: no reply, one smile, or a correction",
            "On ne rit que si personne n’est blessé et si les faits nous donnent raison d’en rire. Jamais deux fois.",
            "We smile only when nobody is hurt and the facts let us. Never twice.",
        ),
        _step(
            "scribe", 45,
            "Sortir du lot les vrais clients mécontents et leur répondre",
            "Pick out the real customers with a grievance and answer them",
        ),
        _step(
            "liaison", 60,
            "Dire au client ce que c’est, et ce que nous ne faisons pas",
            "Tell the client what it is, and what we are not doing",
        ),
        _step(
            "lead", 180,
            "Regarder à nouveau et dire si l’on continue de se taire",
            "Look again and say whether we stay silent",
        ),
    ),
)  # fmt: skip

LEGAL = Starter(
    code="legal",
    title=_say("Menace juridique", "Legal threat"),
    purpose=_say(
        "On parle d’avocat, de plainte ou d’autorité. Rien ne se reconnaît ni ne se conteste en public.",
        "Somebody speaks of a lawyer, a complaint or a regulator. Nothing is admitted or contested in public.",
    ),
    types=("legal",),
    steps=(
        _step(
            "lead", 10,
            "Geler toute réponse publique sur le fond",
            "Freeze every public reply on the substance",
            "Seul le message d’attente validé peut servir. Ni excuse qui vaut aveu, ni démenti.",
            "Only the approved holding statement may be used. No apology that admits, no denial.",
        ),
        _CAPTURE,
        _step(
            "liaison", 20,
            "Prévenir le service juridique du client, avec les captures",
            "Tell the client’s legal department, captures attached",
        ),
        _step(
            "scribe", 30,
            "Ne rien supprimer, de notre côté non plus",
            "Delete nothing, on our side either",
            f"Ni message, ni commentaire, ni échange privé{N}: ce sont des pièces.",
            "No post, no comment, no private exchange: they are evidence.",
        ),
        _step(
            "approver", 90,
            "Faire valider par le juridique une phrase et une adresse de contact",
            "Have legal approve one sentence and one address to write to",
        ),
        _step(
            "speaker", 120,
            "Inviter la personne à écrire à cette adresse, une seule fois",
            "Invite the person to write to that address, once",
        ),
    ),
)  # fmt: skip

SAFETY = Starter(
    code="safety",
    title=_say("Sécurité des personnes", "Safety of people"),
    purpose=_say(
        "Quelqu’un peut être blessé, malade ou menacé. Les personnes d’abord, la marque ensuite.",
        "Somebody may be hurt, ill or threatened. People first, the brand after.",
    ),
    types=("safety",),
    steps=(
        _step(
            "lead", 5,
            "Appeler le responsable sécurité du client, par téléphone",
            "Telephone the client’s head of safety",
            "En cas de danger immédiat, d’abord les secours (112). Ne pas attendre d’avoir tout vérifié.",
            "Where danger is immediate, emergency services first (112). Do not wait until all is checked.",
        ),
        _PAUSE,
        _step(
            "speaker", 20,
            "Publier la consigne utile aux personnes, validée",
            "Publish the approved instruction that helps people",
            "Que faire, que ne pas faire, qui appeler. Elle passe avant toute image de marque.",
            "What to do, what not to do, whom to call. It comes before any image.",
        ),
        _step(
            "scribe", 30,
            "Transmettre chaque témoignage de danger, un par un",
            "Pass on every report of danger, one by one",
            "Répondre en privé à chacun. Aucun nom ni donnée de santé dans la main courante.",
            "Answer each in private. No name and no health data in the log.",
        ),
        _step(
            "liaison", 30,
            "Demander au client s’il a prévenu ou doit prévenir une autorité",
            "Ask the client whether it has told, or must tell, an authority",
        ),
        _step(
            "speaker", 60,
            "Donner un deuxième point, même court",
            "Give a second update, however short",
            "Dire la peine, ce qui est fait, l’heure du prochain mot. Ni bilan ni cause avant les autorités.",
            "Say the concern, what is done, the hour of the next word. No toll and no cause before the authorities.",
        ),
        _step(
            "lead", 120,
            "Prévoir la relève de l’équipe",
            "Plan who relieves the team",
        ),
    ),
)  # fmt: skip

LEAK = Starter(
    code="leak",
    title=_say("Fuite de données", "Data leak"),
    purpose=_say(
        "Des données de clients circulent ou l’on dit qu’elles circulent. Le délai légal court dès que le client le "
        "sait.",
        "Customers’ data are about, or are said to be. The legal clock runs from when the client knows.",
    ),
    types=("leak",),
    steps=(
        _step(
            "liaison", 10,
            "Prévenir le délégué à la protection des données et la sécurité du client",
            "Tell the client’s data protection officer and its security team",
            f"Noter l’heure{N}: la notification à l’autorité se fait sous 72 heures (RGPD, article 33). "
            "C’est le client qui notifie.",
            "Write down the hour: the authority is notified within 72 hours (GDPR, article 33). The client notifies.",
        ),
        _step(
            "scribe", 15,
            "Ne jamais reprendre ni ouvrir les données publiées",
            "Never repeat or open the data that were published",
            "Ni lien, ni capture où l’on lit des données. L’adresse suffit à la sécurité.",
            "No link, no capture in which data can be read. The address is enough for security.",
        ),
        _PAUSE,
        _step(
            "approver", 45,
            "Faire valider le message d’attente par le juridique et le délégué",
            "Have the holding statement approved by legal and the officer",
        ),
        _step(
            "speaker", 60,
            "Publier le message d’attente",
            "Publish the holding statement",
            "Nous vérifions, voici quand nous reparlons, voici quoi faire d’ici là. Ni "
            f"«{N}aucune donnée touchée{N}», ni nombre.",
            "We are checking, this is when we speak next, this is what to do meanwhile. Neither “no data affected” "
            "nor a number.",
        ),
        _step(
            "liaison", 180,
            "Savoir si les personnes touchées seront averties, comment et quand",
            "Learn whether the people concerned will be told, how and when",
        ),
        _step(
            "lead", 1440,
            "Vérifier que la notification à l’autorité est partie ou décidée",
            "Check that the notification to the authority has left or is decided",
        ),
    ),
)  # fmt: skip

STARTERS = (OUTAGE, CM_ATTACKED, MOCKERY, LEGAL, SAFETY, LEAK)
