"""By which words an account shows its professional capacity, in French and English: closed lists, never an opinion.

Patterns are matched in folded text (lower case, no accents, plain apostrophes). None names a party, a faith, an origin,
a state of health or a sexuality, and nothing but the words of a pattern is ever quoted.
"""

import re
from typing import NamedTuple


class Cue(NamedTuple):
    """Words of one role. `certainty` is what one such phrase is worth alone, between 0 and 1."""

    role: str
    pattern: re.Pattern[str]
    certainty: float


def _cue(role: str, certainty: float, *phrases: str) -> Cue:
    return Cue(role, re.compile(rf"(?<![\w@#])#?(?:{'|'.join(phrases)})(?!\w)"), certainty)


_COM = (
    r"(?:la |les |l')?(?:communications?|comm?s?|com'|reseaux sociaux|social[- ]media|community management"
    r"|e-?reputation)"
)
_PRESS = r"(?:relations?[- ](?:presse|medias?|publiques?|publics|influenceurs)|rp)"
_POST = (
    "manager|managers? adjointe?|lead|leader|specialist|strategist|officer|coordinator|director|consultant"
    "|executive|exec"
    "|advisor|adviser|pro|professional|producer|assistant|associate|analyst|editor|guru|expert|person|gal|guy"
)

PROFESSIONAL = (
    _cue(
        "professional",
        0.92,
        r"community[- ]?manag(?:er|eur|euse)(?: ?& ?\w+)?",
        r"(?:responsable|gestionnaire|animat(?:eur|rice)) (?:de |des )?(?:la )?communautes?(?: en ligne)?",
        rf"social[- ]?media (?:and \w+ |& \w+ )?(?:{_POST})",
        rf"(?:head|director|vp|manager|chief|lead|leader) of (?:\w+ (?:and|&) )?(?:social(?: media)?|comms"
        rf"|{_COM}|pr|public relations)",
        rf"(?:chargee?|chargees?|charge\(e\)|charge·e|charge-e)s? (?:de |d'|des )(?:mission )?(?:{_COM}"
        rf"|{_PRESS})",
        rf"(?:responsable|resp\.?|directeur|directrice|dir\.?|chef|cheffe|adjointe?|assistante?|conseill(?:er"
        rf"|ere)|"
        rf"consultante?|manageuse|manager|chargee?) (?:adjointe? )?(?:du service |du pole |de |d'|des |en "
        rf"|)(?:{_COM}|{_PRESS})",
        r"dir(?:ecteur|ectrice)?[- ]?com",
        r"attache(?:e|\(e\)|·e)? (?:de |aux )(?:presse|relations?[- ]presse)",
        rf"(?:communications?|comms|corporate communications?) (?:{_POST})",
        r"press (?:officer|secretary|attache|relations (?:officer|manager))",
        rf"(?:pr|public relations|media relations) (?:and \w+ |& \w+ )?(?:{_POST}|account \w+)",
        r"publicist",
        r"(?:digital|online|reputation|e-?reputation) (?:reputation|communications?) (?:manager|consultant"
        r"|strategist)",
        r"(?:e-?reputation|online reputation) (?:manager|consultante?|specialist)",
        r"communicante? (?:digitale?|publique?|territoriale?|corporate|de crise)",
        r"(?:expert|experte|specialiste|consultante?) (?:en |de la |de )?(?:communication (?:de crise|digitale"
        r"|corporate|publique)|gestion de crise|social selling)",
        r"(?:chef|cheffe) de projet (?:social[- ]media|communication|editorial web|reseaux sociaux)",
        r"crisis (?:communications?|comms) (?:\w+)",
        r"cm (?:freelance|independante?|senior|junior|chez|@\w+|pour|for|at)",
        r"freelance (?:cm|community manager|social media)",
        r"social media (?:chez|@\w+|pour|for|at)",
        r"je (?:tweete|poste|community-?manage) pour",
    ),
)
OFFICIAL = (
    _cue(
        "official",
        0.92,
        r"deputee?(?: europeen(?:ne)?)?",
        r"(?:eurodeputee?|depute\(e\))",
        r"senat(?:eur|rice)(?! des ondes)",
        r"(?:member of parliament|member of the european parliament|member of congress)",
        r"(?:mp|mep|msp|td) for [a-z]\w+",
        r"(?:u\.?s\.? |state )?senator (?:for|from|representing) \w+",
        r"(?:u\.?s\.? )?(?:congressman|congresswoman|congressperson)(?: for| from| representing)?",
        r"maire(?= (?:de |du |d'|des |adjoint|et president))(?: adjointe?)?",
        r"(?:1er |1ere |premier |premiere )?(?:adjointe?|adj\.) (?:au|a la|aux|du) maire",
        r"conseill(?:er|ere|er\.ere|er·ere) (?:municipal|departemental|regional|metropolitain|communautaire"
        r"|territorial|"
        r"d'arrondissement|de paris)e?(?: deleguee?)?",
        r"(?:vice-?)?presidente? (?:du conseil (?:departemental|regional)|du departement|de la region"
        r"|de la metropole|"
        r"de l'agglomeration|de la communaute (?:de communes|d'agglomeration))",
        r"(?:vice-?)?presidente? (?:de la |du )@(?:region|departement|metropole|agglo)\w*",
        r"premi(?:er|ere) ministre",
        r"(?<!premier )(?<!premiere )ministre(?= (?:de |du |des |d'|deleguee?|chargee?))",
        r"secretaire d'etat",
        r"mayor of \w+",
        r"(?:city|county|town|district|borough|parish) counc?il(?:l?or|man|woman|member| member)",
        r"councill?or for \w+",
        r"state (?:representative|rep\.?) (?:for|from|of|representing)",
        r"(?:lt\. |lieutenant )?governor of (?:the )?\w+",
        r"elue? (?:locale?|municipale?|departementale?|regionale?|metropolitaine?)",
    ),
)
MEDIA = (
    _cue(
        "media",
        0.9,
        r"(?:photo-?)?journaliste?",
        r"(?:photo|video)journalist",
        r"grande? reporter",
        r"(?:news|staff|senior|political|sports|crime|investigative|multimedia|tv|business|digital"
        r"|general assignment) "
        r"(?:reporter|correspondent|anchor|editor)",
        r"reporter (?:for|at|with|@\w+|chez|pour|a|au)",
        r"(?:foreign|war|chief|white house|europe|paris|london) correspondent",
        r"(?:redacteur|redactrice)s? en chef(?: adjointe?)?",
        r"editor[- ]in[- ]chief",
        r"(?:managing|deputy|news|sports|political) editor",
        r"news ?anchor",
        r"(?:presentat(?:eur|rice)|chroniqueur|chroniqueuse) (?:du jt|sur|chez|@\w+|tv|radio|a la radio"
        r"|a la tele)",
        r"correspondante? (?:permanente? )?(?:de|du|pour|a|au|en) \w+",
        r"agence (?:de presse|france-presse)",
        r"news agency",
        r"(?:quotidien|hebdomadaire|mensuel|media|journal|magazine|site) (?:independant |gratuit |national "
        r"|regional |"
        r"local |numerique |en ligne )*(?:d'information|d'actualites?|d'investigation|d'enquetes?)",
        r"(?:media|quotidien|hebdomadaire) (?:independant|regional|national|gratuit|local)",
        r"toute l'(?:actu|actualite|info|information)(?! de (?:mon|ma|mes))",
        r"l'(?:actu|actualite|info|information) (?:en continu|en direct|en temps reel|24h/24|locale|regionale)",
        r"chaine d'info(?:rmation)?(?:s)?(?: en continu)?",
        r"(?:breaking|latest|local|live) news (?:and|from|&|,|24|updates?|headlines|coverage)",
        r"your (?:source|home) for (?:\w+ )?news",
    ),
)
BRAND = (
    _cue(
        "brand",
        0.92,
        r"(?:compte|page|fil|profil|twitter|x) officiel(?:le)? ",
        r"(?:compte|page) officiel(?:le)?",
        r"official (?:twitter |x |mastodon |bluesky |instagram )?(?:account|page|feed|home|handle"
        r"|profile) (?:of|for)",
        r"(?:the )?official (?:twitter|x|account|page|feed|handle)(?: account| page| feed| handle)?",
        r"(?:votre |le )?service (?:clients?|relation clients?|apres[- ]vente|consommateurs)(?= (?:de |du |d'"
        r"|des |vous|a votre|\w+ officiel))",
        r"customer (?:service|care|support) (?:for|team|account|channel|hours|available|is|from)",
        r"(?:nos|notre|vos) (?:equipes?|conseillers?|community managers?|experts|agents) (?:vous|sont|est"
        r"|a votre|repond\w*)",
        r"nous (?:vous repondons|sommes (?:a votre|la pour|une|un|le|la|l')|repondons|accompagnons|fabriquons"
        r"|vendons|livrons)",
        r"on vous repond",
        r"vous repond(?:ent|ons)? (?:du lundi|de \d|7j/7|24h/24|ici)",
        r"we(?:'re| are) (?:here to help|a (?:\w+ )?(?:company|charity|non-?profit|team|brand|agency"
        r"|organi[sz]ation|family-owned))",
        r"(?:follow|tweet|dm|message|contact|email|call) us",
        r"(?:suivez|contactez|ecrivez|rejoignez|retrouvez|appelez)-nous",
        r"our (?:mission|team|products|stores?|customers|services) (?:is|are|to|will|can|here)",
        r"(?:bienvenue|welcome) (?:sur le compte|to the official|on the official)",
        r"(?:marque|entreprise|start-?up|societe) (?:francaise |europeenne |familiale |independante )(?:de|du"
        r"|des|fondee|creee|specialisee)",
        r"a (?:501\(?c\)?\(?3\)?|registered charity|non-?profit organi[sz]ation)",
    ),
)
AUTOMATED = (
    _cue(
        "automated",
        0.95,
        r"(?:i am|i'm|je suis) (?:a |an |un |une )?(?:\w+ )?(?:ro)?bot",
        r"(?:twitter|mastodon|bluesky|x|news|weather|meteo|rss|unofficial|non officiel|automated"
        r"|automatise) ?-?bot",
        r"bot (?:by|par|de|made by|created by|qui|that|which|for|run by|maintained by|non officiel"
        r"|automatique)",
        r"(?:automated|automatic) (?:account|bot|feed|tweets|posts|updates|service)",
        r"(?:tweets?|posts?|updates?) (?:are )?(?:automated|automatically|generated automatically)",
        r"(?:compte|fil|bot|robot|flux) automati(?:que|se)",
        r"(?:publie|tweete|poste|publications?|messages?|tweets?) (?:\w+ )?automati(?:quement|ques|ses?|que"
        r"|se)",
        r"(?:robot|bot) (?:twitter|mastodon|bluesky|de veille|d'information|meteo)",
        r"ceci est un (?:ro)?bot",
        r"this is a bot",
        r"beep boop",
    ),
)
CUES = (*AUTOMATED, *OFFICIAL, *PROFESSIONAL, *MEDIA, *BRAND)

# What comes before, in the same clause, and makes the words another's, or of another time, or no more than a
# wish.
NOT_ONE = re.compile(
    r"(?<![\w])(?:ex|anciens?|anciennes?|former|formerly|previously|retired|retraitee?|was|futur|future"
    r"|aspiring|wannabe|apprentie?"
    r"|etudiante?s?|student|studying|etudes|candidate?|candidat|running|not|pas|jamais|never|ni|anti|sans|no"
    r"|non|hate|hates"
    r"|deteste|mari|femme|epou(?:x|se)|wife|husband|fils|fille|mere|pere|son|daughter|dad|mom|mum|married"
    r"|compagne|compagnon"
    r"|fan|friend|amie?|recrute|cherche|recherche|hiring|seeking|need|looking|formation|formations|formateur"
    r"|formatrice|"
    r"cours|conseils|tips|fake|faux|fausse|pseudo|parody|parodie|meilleure?|best|mon|ma|mes|my|our|nos|vos"
    r"|votre|your|"
    r"leur|their|his|her|chez les|suppleante?|honoraire|by|par|collaborat(?:eur|rice)|assistante? parlementaire"
    r"|attachee?"
    r" parlementaire|cabinet|chief of staff|staffer|equipe|team|supporters?|soutien|supporting|against|contre"
    r"|vive|"
    r"ecole|school|institut|ancien eleve|like|comme|reve|dream|journee|worst|trop de|les|des|aux|all|fuck)(?:'s"
    r"|-)?(?![\w])"
)
ITS_OWN_ACCOUNT = re.compile(r"(?:compte|page) (?:officiel(?:le)?|personnel(?:le)?) (?:du|de la|de l'|de)\s*$")
# Before these alone an office belongs to somebody else: "du maire", "with the mayor".
OF_ANOTHER = re.compile(
    r"(?:^|\s)(?:du|de la|de l'|au|aupres du|a la|for|to|with|of|pour|pour le|pour la|for the|to the)\s*$"
)
AFTER_IT = re.compile(
    r"^[ ,]*(?:suppleante?|turned|devenue?|honoraire|retraitee?|en devenir|wannabe|in training|student"
    r"|en formation|de profession jadis|repentie?|d'un jour|du dimanche|de comptoir|en herbe|in my dreams"
    r"|parody|parodie)(?!\w)"
)
PARODY = re.compile(
    r"(?<!\w)(?:parod\w*|satir\w*|fake account|faux compte|compte humoristique|humour|not affiliated"
    r"|fan ?(?:page|account|club)|compte fan|troll)(?!\w)"
)

# Of what an account says of itself elsewhere: that the words are its own and not its employer's, or an address
# for work.
DISCLAIMER = re.compile(
    r"(?<!\w)(?:n'engage(?:nt)? que moi|(?:views|opinions|tweets|thoughts) (?:are )?(?:my|mine)(?: own)?"
    r"|(?:mes )?propos personnels|"
    r"compte (?:perso|personnel)|opinions? personnelles?|my own (?:views|opinions))(?!\w)"
)
HANDLE_CUES = (
    ("professional", re.compile(r"(?:^|_)(?:cm|com|rp|pr|comms|socialmedia|communitymanager|attachepresse)(?:_|$)")),
    ("brand", re.compile(r"(?:official|officiel|_?(?:sav|support|serviceclient|help|care|cares))$")),
    ("media", re.compile(r"(?:^|_)(?:news|actu|actus|info|infos|presse|journal|tv|radio)(?:_|$)|news$")),
    ("automated", re.compile(r"(?:^|_)(?:ro)?bot$|bot$")),
    ("official", re.compile(r"^(?:depute|senateur|maire)_?|(?:_mp|mp)$")),
)
CUSTOMER = re.compile(
    r"(?<!\w)(?:(?:je suis|j'etais) (?:votre |une? )?(?:fidele )?cliente?(?: (?:chez|depuis|fidele))?"
    r"|cliente? (?:chez vous )?depuis"
    r"|(?:ma|mes) (?:commandes?|livraisons?|factures?|reservations?|lignes? (?:fixe|mobile))|mon (?:colis"
    r"|abonnement|forfait|"
    r"contrat|compte client|remboursement|dossier|billet|vol|train)|(?:i'm|i am|i've been|been) a (?:loyal "
    r"|paying )?customer"
    r"|my (?:order|parcel|delivery|subscription|refund|bill|invoice|booking|flight|luggage"
    r"|account number))(?!\w)"
)
