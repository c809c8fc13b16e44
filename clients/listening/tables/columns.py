"""Which column of an export holds which field of a mention, guessed by its name."""

from __future__ import annotations

from collections.abc import Sequence

from clients.listening.origins import folded

# Names seen in the exports of Meltwater, Brandwatch, Talkwalker, Visibrain, Pulsar and in hand-made tables, best first,
# folded as `folded` does (Talkwalker's have dots: extra_author_attributes.short_name). Two columns may make one
# field: `published_time` is the hour beside a date.
NAMES: dict[str, tuple[str, ...]] = {
    "external_id": (
        "external id", "document id", "resource id", "mention id", "tweet id", "post id", "message id", "guid", "id",
        "identifiant",
    ),
    "text": (
        "text", "full text", "texte", "texte complet", "hit sentence", "opening text", "content", "contenu", "message",
        "tweet", "post", "verbatim", "snippet", "extrait", "body", "commentaire", "comment", "avis", "review",
    ),
    "title": ("title", "titre", "headline"),
    "published_at": (
        "published at", "created at", "date", "date utc", "published", "publication date", "date de publication",
        "datetime", "timestamp", "posted at", "date publication", "horodatage", "created", "date creation", "time",
        "heure",
    ),
    "published_time": ("time", "heure", "hour", "publication time", "heure de publication"),
    "url": ("url", "link", "lien", "permalink", "adresse", "post url", "tweet url"),
    "author_handle": (
        "author handle", "extra author attributes short name", "author", "auteur", "handle", "screen name", "username",
        "user name", "user", "pseudo",
        "compte", "utilisateur", "influencer",
    ),
    "author_name": (
        "author name", "extra author attributes name", "full name", "nom de l auteur", "nom auteur", "display name",
        "nom", "name", "x author name",
    ),
    "author_url": (
        "author url", "extra author attributes url", "profile url", "author profile url", "url auteur", "lien auteur",
    ),
    "author_bio": (
        "author bio", "bio", "x author bio", "twitter bio", "x bio", "author description", "user description",
        "author biography", "biography", "profile description", "biographie", "bio auteur", "bio de l auteur",
        "description de l auteur", "description du compte", "description du profil",
    ),
    "language": ("language", "lang", "langue"),
    "network": (
        "network", "reseau", "plateforme", "platform", "content source name", "page type", "media type", "source type",
    ),
    "followers": (
        "followers", "followers count", "abonnes", "nombre d abonnes", "author followers", "x followers",
        "twitter followers", "followers twitter", "source extended attributes twitter followers",
    ),
    "reach": ("reach", "portee", "audience", "potential reach", "reach new", "impressions"),
    "reply_to": ("reply to", "in reply to", "in reply to status id", "en reponse a", "parent id", "parent document id"),
    "kind": ("kind", "thread entry type", "post type", "content type", "type"),
}  # fmt: skip

FIELDS = frozenset(NAMES)


def guess(header: Sequence[str]) -> dict[str, str]:
    """Field -> column, for the fields whose column is known by name. No column serves twice."""
    columns: dict[str, str] = {}
    for column in header:
        columns.setdefault(folded(column), column)
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        free = (columns[name] for name in names if name in columns and columns[name] not in found.values())
        if column := next(free, ""):
            found[field] = column
    return found


def known_names(cells: Sequence[str]) -> int:
    """How many of these cells are names that a column is known to bear."""
    return sum(folded(cell) in _ALL_NAMES for cell in cells)


_ALL_NAMES = frozenset(name for names in NAMES.values() for name in names)
