"""The second strike, on Ferries Tramontel: a mocking cascade without a pack.

The brand boasts of its fare for dogs; people quote its own post to laugh, each for themselves, over and over. Nobody
leads, nobody calls the press in, two travellers ask a real question. Written by hand: most of it reads as neutral, which
is why a chart of sentiment would see nothing.
"""

from reports.demo.quiet import Account
from reports.demo.strikes import Line, Strike

_OURS = "tramontel"
# (handle, words, what it quotes or answers): the brand's own post unless said.
_LAUGHS: tuple[tuple[str, ...], ...] = (
    ("quai_numero_9", "Le teckel à 38 €, le grand-père à 36 €. Bravo @tramontel, papi descend en soute. 😂"),
    ("papi_data", "En tant que grand-père je me sens bradé. @tramontel"),
    ("gaufre_chaude", "Je ne prends jamais le bateau mais je reste pour le teckel. @tramontel 🍿"),
    ("prof_eps", "Sujet de problème : un teckel de 22 cm paie 38 €. Quel est le prix du centimètre ? @tramontel"),
    ("tonton_wifi", "Le teckel a-t-il droit au buffet ? Je demande pour @tramontel."),
    ("popcorn_club", "Popcorn et gilet de sauvetage, @tramontel, je suis prêt. 🍿"),
    ("velo_cargo", "Et mon vélo, il paie comme un cousin ? @tramontel"),
    ("zeste_citron", "Et le chat ? Personne ne pense au chat, @tramontel ? 😂"),
    ("lea_social", "« Comme un roi ». Le roi dort au chenil, donc. @tramontel"),
    ("minuit_moins", "Team teckel. Désolé @tramontel. 😂"),
    ("cafe_serre", "Mon teckel a lu le tarif, il préfère le train. @tramontel"),
    ("chat_du_5e", "Le chat approuve tout ce qui dérange un chien. @tramontel 🍿"),
    ("petit_noir", "Fil Tramontel enregistré, le teckel aussi. 🍿"),
    ("radio_palier", "Même ma voisine a un avis sur le teckel de Tramontel. mdr"),
    ("maud_b", "Quelqu’un résume le teckel Tramontel pour les retardataires ?"),
    ("bureau_2_poste", "Mon chef me voit rire devant un ferry. Tramontel me coûtera ma place. 😂"),
    ("nuit_blanche33", "Courage à celui qui répond ce soir chez @tramontel. 🍿"),
    ("jules_tw", "Je sors le popcorn et la laisse. @tramontel"),
    ("studio_22m2", "À 38 € la nuit, le teckel est mieux logé que moi. @tramontel"),
    ("oignon_rouge", "La réponse de Tramontel arrivera avec la marée. 😂"),
    ("la_file_dattente", "Je parie sur une réponse Tramontel avec une ancre et un cœur. mdr"),
    ("demain_promis", "Le teckel dort, moi bientôt. À demain Tramontel. 🍿"),
    ("encore_un_fil", "On reprend demain à marée haute. @tramontel 😂"),
    ("mistral_perdant", "Le teckel voyage comme un roi, le passager comme un teckel. @tramontel"),
    ("carnet_2_bal", "Ma grand-mère propose d’aboyer à l’embarquement. @tramontel 😂"),
    ("fin_2_mois", "Bientôt le tarif poisson rouge, au litre. @tramontel"),
    ("ticket_resto", "Je commente pour retrouver le fil du teckel demain, @tramontel. 🍿"),
    ("elle_tricote", "Je tricote un gilet de sauvetage taille teckel, @tramontel, on en parle ? 😂"),
    ("cousin_dbrest", "Ici on traverse à la rame et le chien ne paie pas. @tramontel mdr"),
    ("rue_des_lilas", "Mon mari demande le tarif belle-mère. @tramontel 😂"),
    ("sous_la_couette", "Deux fois que je relis « comme un roi », @tramontel, deux fois que je ris. 😂"),
    ("papi_data", "Le grand-père a relu : toujours moins cher que le chien. @tramontel 🍿"),
    ("quai_numero_9", "Mise à jour : le teckel est en tendance à la maison. @tramontel 😂"),
    ("prof_eps", "Correction : 1,73 € le centimètre. Rendez les copies, @tramontel. mdr"),
)


def _lines() -> tuple[Line, ...]:
    """The brand's post, then those who quote it; some laugh at one another's words instead."""
    own = Line(
        "brand",
        _OURS,
        "Chez Ferries Tramontel, votre chien voyage comme un roi ! Chenil chauffé, gardé toute la nuit, à 38 € seulement. 🐶⚓",
        name="own",
    )
    laughs = [
        Line("popcorn", handle, text, name=f"laugh-{index}", quotes="own" if index % 5 != 4 else "laugh-0")
        for index, (handle, text) in enumerate(_LAUGHS)
    ]
    asked = [
        Line(
            "customer",
            "famille_ortiz4",
            "@tramontel on embarque demain avec un labrador, c’est quel tarif finalement ?",
            answers="own",
        ),
        Line(
            "customer",
            "luce_et_rex",
            "@tramontel j’ai payé deux fois le tarif animal hier, personne ne répond au service client.",
        ),
    ]
    stands_up = Line(
        "ally",
        "capitaine_jo",
        "Le chenil Tramontel est gardé toute la nuit, j’y laisse mon chien les yeux fermés. Je les soutiens.",
        answers="own",
    )
    return (own, *laughs[:9], asked[0], *laughs[9:17], stands_up, *laughs[17:24], asked[1], *laughs[24:])


TECKEL = Strike(
    "teckel", "tramontel", _lines(), accounts={_OURS: Account("Compte officiel des Ferries Tramontel.", 41_000)}
)
