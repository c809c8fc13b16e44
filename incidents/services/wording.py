"""What the house itself writes into a client's documents is in the client's language, whoever acts."""

from django.utils import translation
from django.utils.translation import gettext

from agency.access import here


def in_the_clients_words(msgid: str, **values: object) -> str:
    """The translated sentence in the language of the client in whose schema the code runs, its values filled in."""
    with translation.override(here().language):
        return gettext(msgid) % values
