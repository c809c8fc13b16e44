"""A second strike, on Ferries Tramontel, for the next start of the demo: another invented competitor, and a dog."""

from reports.demo.strikes import Line, Strike

_CM = "cm_ondivia"

ONDIVIA = Strike(
    "ondivia",
    "tramontel",
    tuple(
        Line(part, handle, text)
        for part, handle, text in (
            (
                "instigator",
                _CM,
                "Un passager nous montre son billet @tramontel : le teckel paie 38 €, le grand-père 36 €. "
                "Chez Ondivia, les chiens montent gratis et les grands-pères aussi. cc @odile_castagnet @TruffesABord",
            ),
            ("pack", "quai_numero_9", "Le teckel plus cher que papi, il fallait oser @tramontel. #TeckelGate"),
            ("popcorn", "gaufre_chaude", "Je ne prends jamais le bateau mais je reste pour le teckel. @tramontel"),
            ("pack", "veille_et_ragots", "Capture du billet @tramontel avant qu’il ne tombe à l’eau. #TeckelGate"),
            ("popcorn", "papi_data", "En tant que grand-père je me sens bradé. @tramontel"),
            (
                "customer",
                "famille_ortiz4",
                "@tramontel on embarque demain avec un labrador, c’est quel tarif finalement ?",
            ),
            (
                "instigator",
                _CM,
                "Le teckel mesure 22 cm, @tramontel. Au prix du centimètre, c’est une suite. #TeckelGate",
            ),
            ("popcorn", "popcorn_club", "Popcorn et gilet de sauvetage, @tramontel, je suis prêt."),
            ("pack", "agence_du_coin", "Un chien qui fait du community management mieux que @tramontel. #TeckelGate"),
            ("popcorn", "tonton_wifi", "Le teckel a-t-il un avocat ? Je demande pour @tramontel."),
            (
                "ally",
                "capitaine_jo",
                "Le chenil Tramontel est gardé toute la nuit, ça a un prix. J’y laisse mon chien les yeux fermés.",
            ),
            ("popcorn", "lea_social", "Deux ferries qui se disputent un teckel. Tramontel, ne change rien."),
            ("pack", "le_petit_brief", "Tramontel 0, teckel 1. #TeckelGate"),
            ("popcorn", "cafe_serre", "Je lis le fil Tramontel au chien, il est outré."),
            ("popcorn", "nuit_blanche33", "Courage à celui qui répond chez @tramontel."),
            (
                "pack",
                "pub_du_jour",
                "« Tarif animal affiché au paiement » : la formule est de @tramontel, l’émotion est de nous. #TeckelGate",
            ),
            ("popcorn", "zeste_citron", "Et le chat ? Personne ne pense au chat, @tramontel ?"),
            ("popcorn", "maud_b", "Quelqu’un résume le teckel Tramontel pour les retardataires ?"),
            ("pack", "marketing_cru", "Le silence de @tramontel a du roulis. #TeckelGate"),
            ("popcorn", "minuit_moins", "Team teckel. Désolé @tramontel."),
            (
                "instigator",
                _CM,
                "@TruffesABord un avis sur la grille tarifaire de @tramontel ? Le teckel attend. Il est couché.",
            ),
            ("popcorn", "jules_tw", "Je sors le popcorn et la laisse. @tramontel"),
            ("ally", "marin_du_samedi", "38 € pour un chenil chauffé, j’ai connu pire. Tramontel fait le travail."),
            ("popcorn", "bureau_2_poste", "Mon chef me voit rire devant un ferry. Tramontel me coûtera ma place."),
            (
                "pack",
                "growth_et_moi",
                "Leçon du jour : ne jamais facturer ce qui a des oreilles tombantes. @tramontel #TeckelGate",
            ),
            ("popcorn", "prof_eps", "Sujet de problème pour demain : un teckel, un grand-père, un bateau Tramontel."),
            ("popcorn", "chat_du_5e", "Le chat approuve tout ce qui dérange un chien. @tramontel"),
            (
                "customer",
                "luce_et_rex",
                "@tramontel j’ai payé deux fois le tarif animal hier, numéro de dossier à votre disposition.",
            ),
            ("popcorn", "oignon_rouge", "La réponse de Tramontel arrivera avec la marée."),
            ("pack", "stagiaire_2_luxe", "RT si ton chien a plus de jambe que toi chez Tramontel #TeckelGate"),
            ("popcorn", "petit_noir", "Fil Tramontel enregistré, le teckel aussi."),
            ("popcorn", "velo_cargo", "Et mon vélo, il paie comme un cousin ? @tramontel"),
            (
                "pack",
                "cm_en_colere",
                "Un tarif caché reste un tarif caché, @tramontel, à quatre pattes ou non. #TeckelGate",
            ),
            ("popcorn", "radio_palier", "Même ma voisine a un avis sur le teckel de Tramontel."),
            ("popcorn", "la_file_dattente", "Je parie sur une réponse Tramontel avec une ancre et un cœur."),
            ("ally", "le_cm_du_soir", "Un confrère qui rameute pour un teckel ? Courage @tramontel."),
            ("popcorn", "demain_promis", "Le teckel dort, moi bientôt. À demain Tramontel."),
            ("popcorn", "encore_un_fil", "On reprend demain à marée haute. @tramontel"),
            ("instigator", _CM, "Sans rancune @tramontel. Le teckel vous salue. Gratuitement."),
        )
    ),
)
