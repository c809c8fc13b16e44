"""Ferries Tramontel, a ferry line. Everything here is invented, its ports included."""

from datetime import time

from agency.choices import Role
from clients.choices import Party, PositionKind
from reports.demo.cast import AgendaStory, BrandStory, ClientStory, ContactStory, KnownStory, PositionStory, Somebody

TRAMONTEL = ClientStory(
    schema_name="tramontel",
    name="Ferries Tramontel",
    path="tramontel",
    posts_a_day=9.0,
    weekdays=range(7),
    opens_at=time(7),
    closes_at=time(21),
    agenda=(AgendaStory("Ouverture des réservations d’été", 2, 9, 5),),
    known=(KnownStory("la_vigie_du_port", "La Vigie du port, presse locale", Party.PRESS, "Yann Le Goff"),),
    brands=(
        BrandStory(
            "Ferries Tramontel",
            ("@tramontel",),
            ("tramontel", "ferries tramontel"),
            "Ligne de ferries de nuit. Ton de la marque : marin, direct, on donne l’heure avant l’explication.",
        ),
    ),
    positions=(
        PositionStory(
            "T-01",
            "Traversée perturbée : attente",
            PositionKind.HOLDING,
            "Nous vérifions l’état de la traversée et donnons l’heure de départ confirmée ici même dans les trente minutes.",
            days_left=200,
        ),
        PositionStory(
            "T-02",
            "Ma traversée est annulée, que faire ?",
            PositionKind.QA,
            "Report sans frais sur la traversée suivante ou remboursement intégral sous 7 jours, au choix, depuis votre billet.",
            days_left=150,
        ),
        PositionStory(
            "T-03",
            "Mon chien voyage-t-il avec moi ?",
            PositionKind.QA,
            "Oui, en cabine réservée ou au chenil, gardé toute la nuit. Le tarif animal est affiché avant le paiement.",
            days_left=12,
        ),
        PositionStory(
            "T-04",
            "Météo et sécurité",
            PositionKind.DO_NOT_SAY,
            "Ne jamais dire « aucun risque » ni annoncer une heure que la passerelle n’a pas confirmée.",
        ),
    ),
    contacts=(
        ContactStory("Yann Keravel", "Directeur de la communication", "yann@tramontel.example", "+33 4 99 00 20 21"),
        ContactStory("Rémi Costabel", "Directeur des opérations", "remi@tramontel.example", "+33 4 99 00 20 22"),
        ContactStory(
            "Odile Castagnet", "Directrice générale", "odile@tramontel.example", "+33 4 99 00 20 23", decides=True
        ),
    ),
    people=(
        Somebody("yann@tramontel.example", "Yann Keravel", Role.APPROVER, ("tramontel",)),
        Somebody("odile@tramontel.example", "Odile Castagnet", Role.OWNER, ("tramontel",)),
        Somebody("bruno@tramontel.example", "Bruno Salvini", Role.READER, ("tramontel",)),
    ),
    slots={
        "port": ("Port-Miral", "Sainte-Ondine", "Calvane", "Rocheval", "Anse-Grise"),
        "bateau": ("l’Alizé", "le Ponant", "le Mistral Bleu", "la Belle Ondine"),
        "heure": ("7 h", "8 h 15", "19 h 30", "21 h", "22 h 45"),
        "retard": ("dix minutes", "vingt minutes", "une demi-heure", "trois quarts d’heure"),
        "prix": ("38 €", "54 €", "72 €", "110 €"),
    },
    said=(
        "Embarqué sur {bateau} @tramontel, lever de soleil magnifique en arrivant à {port}.",
        "@tramontel bonjour, à quelle heure ferme l’enregistrement pour {port} ?",
        "Traversée Tramontel vers {port} à l’heure, mer d’huile, équipage adorable.",
        "{retard} de retard au départ de {port}, Tramontel prévient par message, merci.",
        "Le café à bord des Ferries Tramontel reste un mystère.",
        "Ma cabine @tramontel était à côté des machines, nuit difficile.",
        "Tramontel ouvre les réservations d’été, {prix} l’aller vers {port}, j’hésite.",
        "Quelqu’un sait si {bateau} de Tramontel a une prise dans les cabines ?",
        "Bravo à l’équipage Tramontel qui a retrouvé le doudou de ma fille.",
        "@tramontel votre application refuse mon billet pour {port}, écran blanc.",
        "Deux heures de queue à {port} pour embarquer chez Tramontel, un dimanche de retour.",
        "Le chien a mieux dormi que moi sur {bateau}. Merci Tramontel.",
        "Ferries Tramontel cherche des saisonniers à {port}, à faire tourner.",
        "Photo du port de {port} prise du pont de {bateau}, Tramontel a les plus belles vues.",
        "@tramontel peut-on changer une voiture pour un van sans tout annuler ?",
        "Tramontel a remboursé ma traversée annulée en quatre jours, je le dis aussi quand ça va.",
        "Le buffet Tramontel à {prix}, franchement, apportez un sandwich.",
        "Départ de {heure} maintenu malgré le vent, Tramontel assure.",
        "Est-ce que Tramontel dessert encore {port} en hiver ?",
        "Mal de mer niveau expert sur {bateau}. Tramontel fournit les sacs, c’est déjà ça.",
        "@tramontel la clim de la cabine 214 souffle du froid depuis {heure}.",
        "Les matelots de Tramontel qui guident les camping-cars au centimètre, c’est un art.",
        "Article de la gazette, à {port}, sur la nouvelle passerelle Tramontel.",
        "Nuit sur {bateau} : étoiles, silence, et un enfant qui chante. Tramontel quoi.",
        "Carte d’abonnement Tramontel : quelqu’un l’a rentabilisée ?",
        "@tramontel l’embarquement des vélos à {port}, c’est par où ?",
        "Le bateau Tramontel de {heure} sonne si fort que tout {port} se lève.",
        "Perdu une écharpe rouge sur {bateau} hier, si quelqu’un de Tramontel passe par là.",
        "Tramontel a changé ses horaires sans le dire, heureusement que j’ai vérifié.",
        "Première traversée Tramontel avec trois enfants, tout le monde a survécu.",
        "On parle toujours des retards, jamais des arrivées en avance : merci Tramontel.",
        "@tramontel le tarif animal n’apparaît qu’au paiement, dommage.",
        "La houle entre {port} et le large ce matin, Tramontel a bien fait de ralentir.",
        "Le commandant de {bateau} qui raconte les phares au micro, merci Tramontel.",
        "Tramontel propose un petit déjeuner à {prix}. À {prix} !",
        "Groupe scolaire sur {bateau} ce soir, courage aux passagers Tramontel.",
        "@tramontel merci pour le fauteuil roulant prêt à {port}, service parfait.",
        "Réservé Tramontel pour les fêtes, j’espère que la mer sera gentille.",
    ),
)
