"""The live strike on Maison Aldane: the community manager of an invented competitor, and those who gather to watch.

Written by hand, no real person's words in it. It has what a strike by a professional has: a first blow with the right
people in cc, relays who act together (the same page, the same people called in, the same sentence to copy), onlookers
who only laugh, two customers with a real grievance, some who stand up for the brand.
"""

from reports.demo.quiet import Account
from reports.demo.strikes import Line, Strike

_CM = "cm_rapidolin"
_PAGE = "https://rapidolin.example/lin-lent"
_CC = "cc @solene_aldane @ConsoVigie"

ACCOUNTS = {
    _CM: Account(
        "Community manager chez Rapidolin. Je réponds vite, parfois trop. Mes blagues n’engagent que moi.", 18_400
    ),
    "agence_du_coin": Account("Social media manager freelance. Cas d’école et captures.", 6_200),
    "growth_et_moi": Account("Consultant en e-réputation. Un carnet, un avis.", 9_100),
    "stagiaire_2_luxe": Account("Étudiante en communication, bientôt diplômée.", 310),
    "pub_du_jour": Account("La pub, en mieux et en plus méchant.", 22_000),
    "marketing_cru": Account("Le marketing sans sucre.", 4_800),
    "veille_et_ragots": Account("Je garde tout.", 2_700),
    "le_petit_brief": Account("Chargé de communication le jour, brief la nuit.", 3_300),
    "cm_en_colere": Account("CM senior, toujours en colère, jamais le lundi.", 5_600),
    "plume_de_comptoir": Account("Journaliste conso à la Gazette des Halles.", 12_500),
    "le_cm_du_soir": Account("Community manager de nuit. Solidaire.", 1_900),
}


def _said(part: str, *rows: tuple[str, ...]) -> list[Line]:
    """Rows of handle, text, and what it answers (« > name ») or quotes (« " name »)."""
    return [_line(part, *row) for row in rows]


def _line(part: str, handle: str, text: str, link: str = "", name: str = "") -> Line:
    sign, _, target = link.partition(" ")
    return Line(part, handle, text, name, answers=target if sign == ">" else "", quotes=target if sign == '"' else "")


INSTIGATOR = _said(
    "instigator",
    (
        _CM,
        "Un client commun m’envoie la réponse de @maisonaldane : « quatorze jours pour vous rembourser ». "
        "Quatorze. Vous vous moquez de vos clients, c’est une honte. Chez nous on rembourse avant que le lin ait séché. "
        f"La capture : {_PAGE} {_CC}",
        "",
        "coup",
    ),
    (
        _CM,
        "Pour être tout à fait honnête, @maisonaldane a répondu vite. Pour dire que ce serait long. "
        "C’est une forme de transparence. #LinLent",
        "> coup",
    ),
    (
        _CM,
        "J’ai gardé la capture, @maisonaldane, on ne sait jamais : le lin froisse, les messages disparaissent. #LinLent",
        "> coup",
    ),
    (
        _CM,
        "@ConsoVigie @gazette_des_halles vous confirmez que quatorze jours, c’est le maximum légal et pas un objectif "
        "commercial ? Je demande pour @maisonaldane.",
        "> coup",
        "cc",
    ),
    (
        _CM,
        "Toujours pas un mot de @maisonaldane. À ce rythme-là, la réponse arrivera sous quatorze jours ouvrés. #LinLent",
        "> coup",
    ),
    (_CM, "Allez, sans rancune @maisonaldane. Mon message privé est ouvert. Lui aussi répond le jour même.", "> coup"),
)

_COPY = "RT si toi aussi tu attends un remboursement de @maisonaldane depuis le siècle des Lumières #LinLent"

RELAYS = _said(
    "pack",
    (
        "agence_du_coin",
        f"@maisonaldane vous mentez à vos clients depuis des années, tout est là : {_PAGE} #LinLent {_CC}",
        '" coup',
    ),
    (
        "growth_et_moi",
        f"Étude de cas : @maisonaldane, ou comment mépriser ses clients en une phrase. Quelle honte. {_PAGE} #LinLent {_CC}",
        '" coup',
    ),
    ("stagiaire_2_luxe", _COPY, '" coup'),
    (
        "pub_du_jour",
        f"La réponse de @maisonaldane est un scandale encadré. En lin. Livré sous quatorze jours. {_PAGE} {_CC}",
        '" coup',
    ),
    (
        "marketing_cru",
        f"Ce silence de @maisonaldane depuis la capture, c’est honteux, c’est lâche. {_PAGE} #LinLent {_CC}",
        '" coup',
    ),
    (
        "veille_et_ragots",
        f"Capture avant suppression, on connaît la maison Aldane : des menteurs. {_PAGE} #LinLent",
        '" coup',
    ),
    ("le_petit_brief", f"Rapidolin 1, Aldane 0, et la balle est au service client. {_PAGE} {_CC}", '" coup'),
    (
        "cm_en_colere",
        f"Le problème n’est pas le délai, @maisonaldane, c’est le copier-coller. Vous vous moquez du monde. {_PAGE} #LinLent",
        '" coup',
    ),
    ("agence_du_coin", _COPY, "> coup"),
    ("growth_et_moi", "Si @solene_aldane répond elle-même, je mange mon carnet. #LinLent @maisonaldane", "> coup"),
    ("veille_et_ragots", _COPY, "> coup"),
    ("marketing_cru", _COPY, "> coup"),
    ("cm_en_colere", _COPY, "> coup"),
    (
        "pub_du_jour",
        "« Sous quatorze jours » est officiellement le nouveau « on vous rappelle ». @maisonaldane #LinLent",
        "> coup",
    ),
    ("le_petit_brief", "Et maintenant le silence radio d’Aldane. La suite après la publicité. #LinLent", "> coup"),
    (
        "stagiaire_2_luxe",
        f"On m’a appris à répondre en une heure. @maisonaldane m’apprend la patience. {_PAGE} {_CC}",
        "> coup",
    ),
    (
        "cm_en_colere",
        "Je relis la réponse de @maisonaldane : onze mots, zéro verbe d’action. Zéro respect. #LinLent",
        "> cc",
    ),
    (
        "pub_du_jour",
        "Nouveau slogan pour @maisonaldane : « le temps passe, le lin reste, l’argent aussi ». #LinLent",
        "> cc",
    ),
)

POPCORN = _said(
    "popcorn",
    ("jules_tw", "Ça sent le rétropédalage chez @maisonaldane. Je sors le popcorn.", "> coup"),
    ("lea_social", "Popcorn prêt, plaid Aldane sur les genoux. Oui, je vois l’ironie.", "> coup"),
    ("tonton_wifi", "Je ne connais ni Aldane ni Rapidolin mais je reste pour les commentaires. 🍿", "> coup"),
    ("cafe_serre", "Deux marques de draps qui se disputent, @maisonaldane, je sors les chaises. 😂", "> coup"),
    ("maud_b", "Quelqu’un résume ? J’arrive et tout le monde parle d’Aldane et de lin mouillé.", "> coup"),
    ("nuit_blanche33", "Le CM de @maisonaldane va passer un drôle de moment. Courage à lui quand même.", "> coup"),
    ("popcorn_club", "Salle comble pour @maisonaldane contre Rapidolin. Premier rang pour moi. 🍿", "> coup"),
    ("papi_data", "J’ai mis une alerte sur Aldane. C’est mieux qu’une série, et c’est plus court. 😂", "> coup"),
    ("rue_des_lilas", "Mon mari me demande pourquoi je ris. Je réponds « le lin ». @maisonaldane 😂", "> coup"),
    (
        "zeste_citron",
        "Quatorze jours ? Chez nous la lessive traîne plus longtemps. #LinLent @maisonaldane 😂",
        "> coup",
    ),
    ("bureau_2_poste", "Je devrais travailler, mais hâte de voir la réponse de @maisonaldane. 🍿", "> coup"),
    ("la_file_dattente", "On parie sur l’heure de la réponse d’Aldane ? Je dis dans neuf minutes, avec un cœur. mdr"),
    ("minuit_moins", "Team « ils vont supprimer » ou team « ils vont répondre » ? @maisonaldane 🍿", "> coup"),
    ("gaufre_chaude", "Un popcorn pour Aldane, un popcorn pour Rapidolin, je suis équitable.", "> coup"),
    ("cousin_dbrest", "Il y a du vent ici mais c’est plus calme que les réponses à @maisonaldane. mdr", "> coup"),
    ("prof_eps", "Mes élèves se disputent avec plus d’élégance. Je sors les chips. @maisonaldane 😂", "> coup"),
    ("ticket_resto", "Je commente juste pour retrouver le fil demain, @maisonaldane. 🍿", "> coup"),
    ("velo_cargo", "Un confrère qui garde une capture d’Aldane sous le coude, c’est un métier. Ou un vice.", "> coup"),
    ("elle_tricote", "Venue pour un patron de plaid, je reste pour le spectacle @maisonaldane. 🍿", "> coup"),
    ("demain_promis", "Le popcorn est fini. Il en reste chez @maisonaldane ?", "> coup"),
    ("petit_noir", "Le lin d’Aldane froisse, l’ambiance aussi. 😂"),
    ("studio_22m2", "Je n’ai même pas de quoi acheter une taie Aldane et pourtant je suis tout. 🍿"),
    (
        "mistral_perdant",
        "Les réponses sont en or. On attend le gif de @maisonaldane, il y a toujours un gif. lol",
        "> coup",
    ),
    (
        "carnet_2_bal",
        "Je me régale. Ce fil Aldane est la seule chose que j’aurai lue en entier cette semaine. 🍿",
        "> coup",
    ),
    ("chat_du_5e", "Mon chat vote Aldane. Il dort dessus. Popcorn pour lui aussi.", "> coup"),
    ("oignon_rouge", "Silence chez @maisonaldane, brouhaha partout ailleurs. Un classique. 🍿", "> coup"),
    ("sous_la_couette", "Je lis tout cela sous une couette Aldane avec du popcorn. Elle est très bien, cette couette."),
    ("fin_2_mois", "Rapidolin va recevoir un droit de réponse d’Aldane en quatorze exemplaires. 😂", "> coup"),
    ("radio_palier", "Ma voisine aussi suit le fil @maisonaldane. On commente par le mur. mdr"),
    ("encore_un_fil", "Je pose un marque-page ici, Aldane. Verdict demain. 🍿", "> coup"),
    ("jules_tw", "Je refais du popcorn. @maisonaldane, ne vous pressez pas pour moi.", "> coup"),
    (
        "popcorn_club",
        "Entracte, je refais du popcorn. La seconde partie d’Aldane contre Rapidolin va commencer.",
        "> coup",
    ),
    ("tonton_wifi", "J’ai un avis sur le lin, maintenant. Merci Aldane, merci tout le monde. 😂", "> cc"),
    ("cafe_serre", "Le défilé de captures @maisonaldane continue, je n’ai plus de batterie. mdr", "> cc"),
    ("gaufre_chaude", "J’ai renversé mon popcorn sur la nappe Aldane. Elle est lavable, paraît-il."),
    (
        "minuit_moins",
        "Bon. Ni suppression ni réponse. @maisonaldane joue la montre, et c’est peut-être malin. 🍿",
        "> coup",
    ),
)

PRESS = _said(
    "press",
    (
        "plume_de_comptoir",
        "Bonjour, je prépare un papier sur les délais de remboursement. @maisonaldane, qui puis-je appeler ?",
        "> coup",
    ),
)

CUSTOMERS = _said(
    "customer",
    (
        "noemie_d_lyon",
        "@maisonaldane rien à voir avec la dispute : ma commande retournée le 3 n’est toujours pas remboursée et le service client ne répond pas.",
    ),
    (
        "hvr_54",
        "@maisonaldane bonjour, j’ai été débité deux fois pour ma commande du 12 et personne ne répond au service client.",
    ),
    ("noemie_d_lyon", "@maisonaldane quel est le numéro du service client ?"),
)

DEFENDERS = _said(
    "ally",
    ("marion_coud", "Aldane m’a remboursée en six jours en mars. Voilà, c’est moins drôle mais c’est vrai.", "> coup"),
    (
        "le_cm_du_soir",
        "Un confrère qui tape un confrère, ce n’est pas élégant. Je soutiens @maisonaldane, courage à l’équipe.",
        "> coup",
    ),
    ("bea_et_ses_draps", "Dix ans de draps Aldane, jamais eu un problème. Laissez-les travailler.", "> coup"),
    (
        "juriste_pressee",
        "Quatorze jours, c’est la règle pour tout le monde. Soutien à @maisonaldane, ils ont toujours été sérieux avec moi.",
        "> coup",
    ),
    ("marion_coud", "Et ils m’ont rappelée au téléphone, chez Aldane. Ça aussi, je peux faire une capture ?", "> coup"),
    (
        "le_cm_du_soir",
        "Rappel entre CM : demain c’est peut-être toi. Bon courage @maisonaldane, je vous soutiens.",
        "> cc",
    ),
)


def _interleaved() -> tuple[Line, ...]:
    """The order of the evening: the blow, who relays it, who comes to watch, and the real questions in between."""
    waiting = [list(part) for part in (INSTIGATOR, RELAYS, POPCORN, CUSTOMERS, DEFENDERS, PRESS)]
    lengths = [len(part) for part in waiting]
    order = [waiting[0].pop(0), *(waiting[1].pop(0) for _ in range(3)), waiting[2].pop(0), waiting[1].pop(0)]
    while any(waiting):
        # Whoever has the largest share of their lines left speaks next: the parts stay mixed to the end.
        left = [len(part) / length for part, length in zip(waiting, lengths, strict=True)]
        order.append(waiting[left.index(max(left))].pop(0))
    return tuple(order)


RAPIDOLIN = Strike("rapidolin", "maison_aldane", _interleaved(), accounts=ACCOUNTS)
