"""A client's schema in peace: brands, words, contacts, and what is said."""

from clients.models.brands import Brand, Watch
from clients.models.contacts import Contact
from clients.models.mentions import Author, Classification, Mention, WatchHit
from clients.models.positions import Position
from clients.models.sources import MentionImport, PushReceipt, Source

__all__ = [
    "Author",
    "Brand",
    "Classification",
    "Contact",
    "Mention",
    "MentionImport",
    "Position",
    "PushReceipt",
    "Source",
    "Watch",
    "WatchHit",
]
