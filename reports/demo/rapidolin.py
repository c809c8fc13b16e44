"""The live strike on Maison Aldane: the community manager of an invented competitor, and those who gather to watch."""

from reports.demo.strikes import Line, Strike

_CM = "cm_rapidolin"


def _said(part: str, *pairs: tuple[str, str]) -> list[Line]:
    return [Line(part, handle, text) for handle, text in pairs]


INSTIGATOR = _said(
    "instigator",
    (
        _CM,
        "Un client commun m’envoie la réponse de @maisonaldane : « quatorze jours pour vous rembourser ». "
        "Quatorze. Capture ci-jointe. Chez nous on rembourse avant que le lin ait fini de sécher. "
        "cc @solene_aldane @ConsoVigie",
    ),
    (
        _CM,
        "Pour être tout à fait honnête, @maisonaldane a répondu vite. Pour dire que ce serait long. "
        "C’est une forme de transparence. #LinLent",
    ),
    (
        _CM,
        "J’ai gardé la capture, @maisonaldane, on ne sait jamais : le lin froisse, les messages disparaissent. #LinLent",
    ),
    (
        _CM,
        "@ConsoVigie vous confirmez que quatorze jours, c’est le maximum légal et pas un objectif commercial ? "
        "Je demande pour @maisonaldane.",
    ),
    (
        _CM,
        "Toujours pas un mot de @maisonaldane. À ce rythme-là, la réponse arrivera sous quatorze jours ouvrés. #LinLent",
    ),
    (_CM, "Allez, sans rancune @maisonaldane. Mon message privé est ouvert. Lui aussi répond le jour même."),
)

RELAYS = _said(
    "pack",
    ("agence_du_coin", "Le CM de Rapidolin qui sort la capture sans prévenir. @maisonaldane est servie. #LinLent"),
    (
        "growth_et_moi",
        "Étude de cas : comment perdre une semaine en une phrase. Merci @maisonaldane, je garde pour mes cours. #LinLent",
    ),
    ("stagiaire_2_luxe", "RT si toi aussi tu attends un remboursement d’Aldane depuis le siècle des Lumières #LinLent"),
    ("pub_du_jour", "La réponse de @maisonaldane mérite un cadre. En lin. Livré sous quatorze jours. #LinLent"),
    ("marketing_cru", "Ce silence de @maisonaldane depuis la capture, c’est beau. On entend le lin pousser. #LinLent"),
    ("veille_et_ragots", "Capture avant suppression, on connaît la maison Aldane. #LinLent"),
    ("le_petit_brief", "Rapidolin 1, Aldane 0, et la balle est au service client. #LinLent"),
    (
        "cm_en_colere",
        "Le problème n’est pas le délai, @maisonaldane, c’est le copier-coller. On l’a tous reconnu. #LinLent",
    ),
    (
        "agence_du_coin",
        "Mise à jour : toujours rien du côté de @maisonaldane. Le community manager a-t-il été plié et rangé ? #LinLent",
    ),
    ("growth_et_moi", "Si @solene_aldane répond elle-même, je mange mon carnet. #LinLent @maisonaldane"),
    (
        "pub_du_jour",
        "« Sous quatorze jours » est officiellement le nouveau « on vous rappelle ». @maisonaldane #LinLent",
    ),
    ("marketing_cru", "On rappelle que @maisonaldane a un mot-valise pour tout sauf pour « pardon ». #LinLent"),
    (
        "veille_et_ragots",
        "Troisième capture de @maisonaldane dans mon fil, la qualité baisse mais l’intention y est. #LinLent",
    ),
    ("le_petit_brief", "Et maintenant le silence radio d’Aldane. La suite après la publicité. #LinLent"),
    ("stagiaire_2_luxe", "On m’a appris à répondre en une heure. @maisonaldane m’apprend la patience. #LinLent"),
    ("cm_en_colere", "Je relis la réponse de @maisonaldane : onze mots, zéro verbe d’action. #LinLent"),
    (
        "agence_du_coin",
        "Quelqu’un a l’adresse d’Aldane ? Je voudrais y déposer une réclamation contre l’ennui. #LinLent",
    ),
    (
        "pub_du_jour",
        "Proposition de slogan pour @maisonaldane : « le temps passe, le lin reste, l’argent aussi ». #LinLent",
    ),
)

POPCORN = _said(
    "popcorn",
    ("jules_tw", "Ça sent le rétropédalage chez @maisonaldane. Je sors le popcorn."),
    ("lea_social", "Popcorn prêt, plaid Aldane sur les genoux. Oui, je vois l’ironie."),
    ("tonton_wifi", "Je ne connais ni Aldane ni Rapidolin mais je reste pour les commentaires."),
    ("cafe_serre", "Deux marques de draps qui se disputent, @maisonaldane, je sors les chaises."),
    ("maud_b", "Quelqu’un résume ? J’arrive et tout le monde parle d’Aldane et de lin mouillé."),
    ("nuit_blanche33", "Le CM de @maisonaldane va passer un drôle de moment. Courage à lui quand même."),
    ("popcorn_club", "Salle comble pour @maisonaldane contre Rapidolin. Premier rang pour moi."),
    ("papi_data", "J’ai mis une alerte sur Aldane. C’est mieux qu’une série, et c’est plus court."),
    ("rue_des_lilas", "Mon mari me demande pourquoi je ris. Je réponds « le lin ». Il est reparti. @maisonaldane"),
    ("zeste_citron", "Quatorze jours ? Chez nous la lessive traîne plus longtemps. #LinLent @maisonaldane"),
    ("bureau_2_poste", "Je devrais travailler, mais hâte de voir la réponse de @maisonaldane."),
    ("la_file_dattente", "On parie sur l’heure de la réponse d’Aldane ? Je dis dans neuf minutes, avec un cœur."),
    ("minuit_moins", "Team « ils vont supprimer » ou team « ils vont répondre » ? @maisonaldane"),
    ("gaufre_chaude", "Un popcorn pour Aldane, un popcorn pour Rapidolin, je suis équitable."),
    ("cousin_dbrest", "Il y a du vent ici mais c’est plus calme que les réponses à @maisonaldane."),
    ("prof_eps", "Mes élèves se disputent avec plus d’élégance. Je sors les chips. @maisonaldane"),
    ("ticket_resto", "Je commente juste pour retrouver le fil demain, @maisonaldane."),
    ("velo_cargo", "Un confrère qui garde une capture d’Aldane sous le coude, c’est un métier. Ou un vice."),
    ("elle_tricote", "Venue pour un patron de plaid, je reste pour le spectacle @maisonaldane."),
    ("demain_promis", "Le popcorn est fini. Il en reste chez @maisonaldane ?"),
    ("petit_noir", "Le lin d’Aldane froisse, l’ambiance aussi."),
    ("studio_22m2", "Je n’ai même pas de quoi acheter une taie Aldane et pourtant je suis tout."),
    ("mistral_perdant", "Les réponses sont en or. On attend le gif de @maisonaldane, il y a toujours un gif."),
    ("carnet_2_bal", "Je me régale. Ce fil Aldane est la seule chose que j’aurai lue en entier cette semaine."),
    ("chat_du_5e", "Mon chat vote Aldane. Il dort dessus. Popcorn pour lui aussi."),
    ("oignon_rouge", "Silence chez @maisonaldane, brouhaha partout ailleurs. Un classique."),
    ("sous_la_couette", "Je lis tout cela sous une couette Aldane avec du popcorn. Elle est très bien, cette couette."),
    ("fin_2_mois", "Rapidolin va recevoir un droit de réponse d’Aldane en quatorze exemplaires."),
    ("radio_palier", "Ma voisine aussi suit le fil @maisonaldane. On commente par le mur."),
    ("encore_un_fil", "Je pose un marque-page ici, Aldane. Verdict demain."),
    ("jules_tw", "Je refais du popcorn. @maisonaldane, ne vous pressez pas pour moi."),
    (
        "popcorn_club",
        "Entracte, je refais du popcorn. La seconde partie d’Aldane contre Rapidolin commence dans un instant.",
    ),
    ("tonton_wifi", "J’ai un avis sur le lin, maintenant. Merci Aldane, merci tout le monde."),
    ("cafe_serre", "Le défilé de captures @maisonaldane continue, je n’ai plus de batterie."),
    ("gaufre_chaude", "J’ai renversé mon popcorn sur la nappe Aldane. Elle est lavable à 40, paraît-il."),
    ("minuit_moins", "Bon. Ni suppression ni réponse. @maisonaldane joue la montre, et c’est peut-être malin."),
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
    ("marion_coud", "Aldane m’a remboursée en six jours en mars. Voilà, c’est moins drôle mais c’est vrai."),
    (
        "le_cm_du_soir",
        "Un confrère qui tape un confrère, ce n’est pas élégant. Je soutiens @maisonaldane, courage à l’équipe.",
    ),
    ("bea_et_ses_draps", "Dix ans de draps Aldane, jamais eu un problème. Laissez-les travailler."),
    (
        "juriste_pressee",
        "Quatorze jours, c’est la règle pour tout le monde. Soutien à @maisonaldane, ils ont toujours été sérieux avec moi.",
    ),
    ("marion_coud", "Et ils m’ont rappelée au téléphone, chez Aldane. Ça aussi, je peux faire une capture ?"),
    ("le_cm_du_soir", "Rappel entre CM : demain c’est peut-être toi. Bon courage @maisonaldane."),
)


def _interleaved() -> tuple[Line, ...]:
    """The order of the evening: the blow, who relays it, who comes to watch, and the real questions in between."""
    waiting = [list(part) for part in (INSTIGATOR, RELAYS, POPCORN, CUSTOMERS, DEFENDERS)]
    lengths = [len(part) for part in waiting]
    order = [waiting[0].pop(0), waiting[1].pop(0), waiting[2].pop(0), waiting[1].pop(0)]
    while any(waiting):
        # Whoever has the largest share of their lines left speaks next: the parts stay mixed to the end.
        left = [len(part) / length for part, length in zip(waiting, lengths, strict=True)]
        order.append(waiting[left.index(max(left))].pop(0))
    return tuple(order)


RAPIDOLIN = Strike("rapidolin", "maison_aldane", _interleaved())
