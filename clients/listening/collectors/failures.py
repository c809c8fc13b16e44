"""Turns a failed request, or an answer that is a refusal, into a failure in words."""

from __future__ import annotations

from datetime import datetime

from agency.http import Busy, DoorError, Refused, Response, TooLarge, TooSlow
from agency.pauses import retry_after
from clients.listening.collectors.protocol import CollectError, HeldBack, PassingFailure, PermanentFailure
from clients.listening.words import Words

_DOOR = {
    "url": Words("l’adresse de la source n’est pas une adresse web", "the source’s address is not a web address"),
    "scheme": Words("seules les adresses http et https sont relevées", "only http and https addresses are read"),
    "private_address": Words(
        "cette adresse mène à un réseau privé : elle n’est pas relevée",
        "this address leads to a private network: it is not read",
    ),
    "redirects": Words("la source renvoie d’adresse en adresse sans fin", "the source redirects without end"),
    "dns": Words("le nom de ce site est introuvable pour l’instant", "the name of this site cannot be found for now"),
    "connection": Words("le site ne répond pas", "the site does not answer"),
    "tls": Words("le certificat du site n’est pas valable", "the site’s certificate does not hold"),
    "protocol": Words("la réponse du site s’est interrompue", "the site’s answer broke off"),
    "encoding": Words("la réponse du site est endommagée", "the site’s answer is damaged"),
    "too_large": Words(
        "la réponse dépasse la limite de {megabytes} Mo", "the answer is over the limit of {megabytes} MB"
    ),
    "too_slow": Words("pas de réponse complète en {seconds} s", "no complete answer within {seconds} s"),
}
_BUSY = Words(
    "ce site a déjà reçu assez de demandes\u00a0: nous attendons notre tour",
    "this site has been asked enough for now: we wait for our turn",
)
_STATUS = {
    401: Words(
        "la source demande un mot de passe, ou refuse le nôtre (401)",
        "the source asks for a password, or refuses ours (401)",
    ),
    403: Words("la source nous refuse l’accès (403)", "the source denies us access (403)"),
    404: Words("rien à cette adresse (404)", "nothing at this address (404)"),
    410: Words("la source a été supprimée par son site (410)", "the source has been removed by its site (410)"),
    429: Words("la source demande de ralentir (429)", "the source asks us to slow down (429)"),
    503: Words("la source est momentanément indisponible (503)", "the source is unavailable for a while (503)"),
}
_OTHER_STATUS = Words("le site a répondu par une erreur ({status})", "the site answered with an error ({status})")
_LASTING = frozenset({401, 410})  # 403 and 404 come and go with firewalls and deployments


def from_door(error: DoorError) -> CollectError:
    """The failure that a request without an answer amounts to; what we refuse to visit is permanent."""
    if isinstance(error, Busy):
        return HeldBack("pace", _BUSY, error.seconds)
    words = _DOOR.get(error.code, _DOOR["protocol"])
    if isinstance(error, TooLarge):
        words = words.put(megabytes=f"{error.limit / 1e6:g}")
    if isinstance(error, TooSlow):
        words = words.put(seconds=f"{error.seconds:g}")
    lasting = isinstance(error, Refused) and error.code != "redirects"
    return PermanentFailure(error.code, words) if lasting else PassingFailure(error.code, words)


def from_status(response: Response, now: datetime) -> CollectError:
    """The failure that an HTTP status other than success amounts to, with the pause that the source asks for."""
    words = _STATUS.get(response.status, _OTHER_STATUS).put(status=response.status)
    code = f"http_{response.status}"
    if response.status in _LASTING:
        return PermanentFailure("gone" if response.status == 410 else code, words)
    return PassingFailure(code, words, retry_after(response.headers.get("retry-after", ""), now))
