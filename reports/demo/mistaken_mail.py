"""Last week's incident at Ferries Tramontel: « traversée annulée », sent by mistake to everybody aboard."""

from datetime import timedelta

from reports.demo.strikes import Line, Strike

_OPENINGS = (
    "@tramontel bonjour, est-ce que la traversée de ce soir est maintenue ?",
    "Message de Tramontel : traversée de 21 h annulée. On est déjà sur le quai avec trois enfants.",
    "@tramontel votre message dit annulé, l’écran du port dit à l’heure. Qui croire ?",
    "Impossible de joindre le service client Tramontel et 200 voitures attendent en file.",
    "Tramontel annule par message à une heure du départ, bravo.",
    "@tramontel j’ai réservé un hôtel à cause de votre message, qui me rembourse ?",
    "Le standard Tramontel sonne occupé depuis vingt minutes.",
    "@tramontel mon père de 84 ans a fait demi-tour à cause de votre message.",
    "Service client Tramontel déplorable, personne au guichet ne sait si le bateau part.",
    "@tramontel on embarque ou pas ? Le bateau est là, je le vois.",
    "Message d’annulation Tramontel reçu aussi, pour une traversée de mars prochain. C’est un bogue, non ?",
    "@tramontel est-ce que le remboursement est automatique ou faut-il le demander ?",
    "@tramontel toujours aucune réponse, ma réservation est bloquée, très déçu.",
    "@tramontel merci de dire quelque chose, même « on ne sait pas ».",
    "J’ai rendu mon billet Tramontel pour rien, apparemment le bateau part.",
)
_CALLERS = ("aline", "bruno", "cecile", "denis", "estelle", "farid", "gwen", "hamid", "irene", "joel", "katia", "loic")
_PLACES = ("du_quai", "en_cale", "a_bord", "voie_3", "pont_b")

COUNT = 58


def _lines() -> tuple[Line, ...]:
    return tuple(
        Line(
            "customer",
            f"{_CALLERS[index % len(_CALLERS)]}_{_PLACES[index // len(_CALLERS)]}",
            _OPENINGS[index % len(_OPENINGS)],
        )
        for index in range(COUNT)
    )


MISTAKEN_MAIL = Strike("annulation", "tramontel", _lines(), length=timedelta(minutes=95))
